"""Letting a record go on as part of another, and taking that back."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.practice.registry import kinds, refusals
from mainstay.kernel.records.actions.conversation import touch
from mainstay.kernel.records.merged import may_go_into
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require


@transaction.atomic
def merge(record: Record, into: Record, *, by: Actor) -> Event:
    """Let `record` go on as part of `into`, which from now on stands for it; return its event `merged`.

    Nothing of either moves: see `records.merged`. Needs the capability `merge` on both. Raises NotPossible where the
    kinds do not go together, the organisations differ, or one of the two is merged already.
    """
    require(by, "merge", record)
    require(by, "merge", into)
    if record.pk == into.pk:
        raise NotPossible(_("A record cannot be merged into itself."))
    record, into = _locked(record, into)
    _check(record, into)
    now = timezone.now()
    changes = {"state": [record.state, "merged"], "closed": [_plain(record.closed), _plain(now)]}
    _set(record, {"state": "merged", "state_category": "closed", "merged_into": into, "closed": now})
    touch(into)
    emit(f"{into.kind}.absorbed", by=by, record_id=into.pk, data={"other": record.pk})
    return emit(
        f"{record.kind}.merged", by=by, record_id=record.pk, changes=changes, data={"other": into.pk}, public=True
    )


@transaction.atomic
def unmerge(record: Record, *, by: Actor) -> Event:
    """Let a merged record go on by itself again, in the state that it had; return its event `unmerged`.

    What came to the other record meanwhile stays there, what came to this one stays here. Needs the capability `merge`
    on both. Raises NotPossible when it is not merged.
    """
    require(by, "merge", record)
    if record.merged_into is None:
        raise NotPossible(_("This is not merged into another."))
    require(by, "merge", record.merged_into)
    record, into = _locked(record, record.merged_into)
    if record.merged_into_id != into.pk:
        raise NotPossible(_("This is not merged into another."))
    before = Event.objects.filter(record_id=record.pk, name=f"{record.kind}.merged").latest("id").changes
    state, closed = before["state"][0], before["closed"][0]
    category = kinds[record.kind].lifecycle.states[state].category
    changes = {"state": [record.state, state], "closed": [_plain(record.closed), closed]}
    instant = datetime.fromisoformat(closed) if closed else None
    _set(record, {"state": state, "state_category": category, "merged_into": None, "closed": instant})
    touch(into)
    emit(f"{into.kind}.separated", by=by, record_id=into.pk, data={"other": record.pk})
    return emit(
        f"{record.kind}.unmerged", by=by, record_id=record.pk, changes=changes, data={"other": into.pk}, public=True
    )


def _locked(record: Record, into: Record) -> tuple[Record, Record]:
    """Return both as they are now, locked in one order: of two who merge them at once the second sees the first."""
    rows = Record.objects.select_for_update().filter(pk__in=(record.pk, into.pk)).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[record.pk], found[into.pk]


def _check(record: Record, into: Record) -> None:
    for each in (record, into):
        if each.merged_into_id is not None:
            raise NotPossible(_("%(number)s is merged into another already.") % {"number": each.number})
    if not may_go_into(record.kind, into.kind):
        raise NotPossible(_("%(number)s cannot go on as part of a record of that kind.") % {"number": record.number})
    if record.organisation_id != into.organisation_id:
        raise NotPossible(_("Only records of the same organisation can be merged."))
    if into.state_category == "closed" and record.state_category != "closed":
        raise NotPossible(_("%(number)s is closed: choose one that goes on.") % {"number": into.number})
    if reasons := refusals(f"{record.kind}.merge", record):
        raise NotPossible(" ".join(reasons))


def _set(record: Record, values: dict[str, Any]) -> None:
    now = {"version": record.version + 1, "updated": timezone.now()}
    Record.objects.filter(pk=record.pk).update(**values, **now)


def _plain(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
