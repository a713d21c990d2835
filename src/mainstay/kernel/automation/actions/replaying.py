"""Trying a rule on past records before it is kept. Nothing of them changes."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import managed
from mainstay.kernel.automation.actions.writing import check_rule
from mainstay.kernel.automation.engine.comparing import changed, difference
from mainstay.kernel.automation.engine.planning import Book
from mainstay.kernel.automation.models import Replay
from mainstay.kernel.automation.models import Rule as RuleRow
from mainstay.kernel.automation.queries.books import Kept, book_of, kept, rule_from
from mainstay.kernel.automation.queries.past import CHUNK, past_records, runs_of
from mainstay.kernel.automation.registry import automated
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.practice.errors import NotPermitted

#: So many records are tried at once; more of them in a job.
AT_ONCE, MOST = 200, 5_000
#: So many differences are kept.
MOST_DIFFERENCES = 1_000


@transaction.atomic
def try_rule(
    *,
    by: Actor,
    kind: str,
    slug: str,
    values: Mapping[str, Any],
    number: int,
    key: str = "",
    entered: Mapping[str, Any] | None = None,
) -> Replay:
    """Begin to try a rule on the newest `number` records of the organisations for which the actor configures rules.

    `values` are those of a row, with the actions apart. A few are tried at once, more in a job. Raises Invalid for a
    rule that could not be kept.
    """
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    check_rule(kind, values, retired=values["retired"])
    organisations = managed(by, automated()[kind].capability).values_list("pk", flat=True)
    replay = Replay.objects.create(
        kind=kind,
        person=by.person,
        slug=slug,
        key=key,
        values=dict(values),
        entered=dict(entered or {}),
        records=past_records(kind, list(organisations), min(number, MOST)),
    )
    if len(replay.records) <= AT_ONCE:
        replay_rule(replay.pk)
        replay.refresh_from_db()
    else:
        defer("automation.replay", replay=replay.pk)
    return replay


def replay_rule(pk: int) -> None:
    """Try the rule of a replay on its records; begun again, it goes on where it stopped."""
    replay = Replay.objects.get(pk=pk)
    known = kept()
    before, after = known.books[replay.kind], _with(replay, known)
    while replay.finished is None:
        ids = replay.records[replay.tried : replay.tried + CHUNK]
        for record, runs in runs_of(replay.kind, ids, known):
            found = [each for run in runs if (each := difference(before, after, run))]
            replay.differing += bool(found)
            if found and len(replay.differences) < MOST_DIFFERENCES:
                replay.differences.append([record, *found[-1]])
        replay.tried += len(ids)
        replay.finished = timezone.now() if replay.tried >= len(replay.records) else None
        replay.save(update_fields=["tried", "differing", "differences", "finished"])


def _with(replay: Replay, known: Kept) -> Book:
    """Return the rules as they would be if that of a replay were kept."""
    kind, values = replay.kind, replay.values
    rows = RuleRow.objects.filter(kind=kind, retired=None)
    rules = [(row.position, rule_from(row.slug, kind, vars(row))) for row in rows]
    tried = rule_from(replay.slug, kind, values)
    return book_of(kind, changed(rules, tried, values["position"], values["retired"]), known.books[kind].categories)
