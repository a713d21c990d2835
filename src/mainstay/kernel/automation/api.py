"""The interface to rules: what they are, and what they did."""

from typing import Annotated

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.access.queries import governs
from mainstay.kernel.automation.queries.traces import accounts
from mainstay.kernel.automation.registry import automated
from mainstay.kernel.automation.schemas import (
    AccountsShown,
    RuleShown,
    RulesShown,
    Slug,
    WrittenRule,
    account_shown,
    rule_shown,
)
from mainstay.kernel.practice.configuration import ConfigurationKind, kinds, put
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.records.queries import find, visible_to
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


@router.get(
    "/records/{number}/rules", response=AccountsShown, operation_id="list_accounts", summary="List what rules did"
)
@door("*.read", on_record=True)
def list_accounts(request: ActingRequest, number: Number) -> HttpResponse:
    """What rules found and did when they were asked about a record, for who reads its internal part; else nothing."""
    record = find(visible_to(request.actor), number)
    return answer({"items": [account_shown(account) for account in accounts(request.actor, record)]})
