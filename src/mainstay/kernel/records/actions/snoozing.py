"""Putting a record aside: out of one's own queue, until an instant or until somebody writes on it.

It is a person's own affair, no state of the record: nobody else sees it, and whose record it is stays the same.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible
from mainstay.kernel.records.actions.promising import FURTHEST, UNFINISHED
from mainstay.kernel.records.models import Record, Snooze
from mainstay.kernel.records.queries import require


def snooze(record: Record, *, by: Actor, until: datetime | None = None) -> Snooze:
    """Put a record aside for the actor until `until` (UTC), or until somebody writes; again to change until when.

    It comes back when somebody else writes in any case. Raises Invalid for an instant that is not within the next
    year, NotPossible for a record that nobody works on any more.
    """
    require(by, "read_internal", record)
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    now = timezone.now()
    if until is not None and not now < until <= now + FURTHEST:
        raise Invalid({"until": _("Choose a time within the next year.")})
    if record.state_category not in UNFINISHED:
        raise NotPossible(_("Nobody works on this any more: it is in nobody's queue."))
    put, _is_new = Snooze.objects.update_or_create(
        record_id=record.pk, person=by.person, defaults={"until": until, "begun": now}
    )
    return put


def unsnooze(record: Record, *, by: Actor) -> None:
    """Take a record that the actor put aside back into their queue."""
    Snooze.objects.filter(record_id=record.pk, person=by.person).delete()


@transaction.atomic
def wake(record: int, snoozes: Iterable[int]) -> None:
    """Bring a record (id) back to those who put it aside (ids of their rows), and tell them once, whoever does it."""
    due = list(Snooze.objects.select_for_update().filter(pk__in=list(snoozes), record=record))
    if due:
        Snooze.objects.filter(pk__in=[each.pk for each in due]).delete()
        kind = Record.objects.values_list("kind", flat=True).get(pk=record)
        people = sorted(each.person_id for each in due)
        emit(f"{kind}.woken", by=system("job"), record_id=record, data={"people": people})
