"""The interface to rules: what they are, and what they did."""

from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.access.queries import governs
from mainstay.kernel.automation.actions.replaying import try_rule
from mainstay.kernel.automation.configuration import parted
from mainstay.kernel.automation.queries.replays import lines_of, replay_of
from mainstay.kernel.automation.queries.traces import accounts
from mainstay.kernel.automation.registry import automated
from mainstay.kernel.automation.schemas import (
    AccountsShown,
    ReplayShown,
    RuleShown,
    RulesShown,
    Slug,
    TriedRule,
    WrittenRule,
    account_shown,
    replay_shown,
    rule_shown,
)
from mainstay.kernel.practice.configuration import ConfigurationKind, checked, kinds, put
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.records.queries import find
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.schemas import Number

router = Router(tags=["Rules"])

#: A kind of record, such as `incident`.
Kind = Annotated[str, Path(max_length=20, pattern=r"^[a-z_]+$")]


def _rules_for(request: ActingRequest, kind: str) -> ConfigurationKind:
    """Return the rules about a kind, for who may change them; raise Missing otherwise."""
    subject = automated().get(kind)
    if subject is None or not governs(request.actor, subject.capability):
        raise Missing(_("There is nothing here, or you may not see it."))
    return kinds()[f"{kind}-rules"]


@router.get("/rules/{kind}", response=RulesShown, operation_id="list_rules", summary="List rules")
@door(SIGNED_IN)
def list_rules(request: ActingRequest, kind: Kind) -> HttpResponse:
    """The rules about a kind of record, in the order in which they are asked; retired ones too."""
    rows = sorted(_rules_for(request, kind).read().items(), key=lambda entry: (entry[1]["position"], entry[0]))
    return answer({"items": [rule_shown(slug, row) for slug, row in rows]})


@router.put("/rules/{kind}/{slug}", response=RuleShown, operation_id="write_rule", summary="Write a rule")
@door(SIGNED_IN)
def write_rule(request: ActingRequest, kind: Kind, slug: Slug, body: WrittenRule) -> HttpResponse:
    """Make a rule, or change the one with this slug. It holds from the next record on."""
    rules = _rules_for(request, kind)
    put(rules, slug, body.row({field.name for field in rules.fields}), by=request.actor)
    return answer(rule_shown(slug, rules.read()[slug]))


@router.post(
    "/rules/{kind}/{slug}/replays",
    response={201: ReplayShown},
    operation_id="replay_rule",
    summary="Try a rule on past records",
)
@door(SIGNED_IN)
def replay_rule(request: ActingRequest, kind: Kind, slug: Slug, body: TriedRule) -> HttpResponse:
    """Find what a new or changed rule would have done to the newest records. Nothing is kept of it and nothing changes.

    Up to 200 records are tried at once, more in a job: ask again until `finished`.
    """
    rules = _rules_for(request, kind)
    row = checked(rules, body.row({field.name for field in rules.fields}), complete=True)
    replay = try_rule(by=request.actor, kind=kind, slug=slug, key=slug, values=parted(row), number=body.number)
    shown = replay_shown(replay, lines_of(request.actor, replay))
    return answer(shown, status=201, location=f"/api/v1/rules/{kind}/replays/{replay.uuid}")


@router.get(
    "/rules/{kind}/replays/{replay}", response=ReplayShown, operation_id="get_replay", summary="Show a tried rule"
)
@door(SIGNED_IN)
def get_replay(request: ActingRequest, kind: Kind, replay: UUID) -> HttpResponse:
    """How far a trial is, and what would have come out otherwise, for whoever began it; kept for a week."""
    _rules_for(request, kind)
    if (found := replay_of(request.actor, kind, replay)) is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return answer(replay_shown(found, lines_of(request.actor, found)))


@router.get(
    "/records/{number}/rules", response=AccountsShown, operation_id="list_accounts", summary="List what rules did"
)
@door("*.read", on_record=True)
def list_accounts(request: ActingRequest, number: Number) -> HttpResponse:
    """What rules found and did when they were asked about a record, for who reads its internal part; else nothing."""
    record = find(request.actor, number)
    return answer({"items": [account_shown(account) for account in accounts(request.actor, record)]})
