"""Promising the requester when they hear next, and seeing to it that the promise is kept."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.attention import OF_PROMISES, UPDATE_DUE, UPDATE_OVERDUE
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require

UNFINISHED = ("open", "paused")
#: Nobody is promised news later than this.
FURTHEST = timedelta(days=366)


@transaction.atomic
def promise(record: Record, *, by: Actor, at: datetime | None) -> None:
    """Promise the requester news by `at` (UTC), or take the promise back with None.

    It needs the capability `comment`, as what is written to the requester does, of somebody who works on it, and counts
    as no edit. Raises Invalid
    for an instant that is not within the next year, NotPossible for a record that nobody works on any more.
    """
    for needed in ("read_internal", "comment"):
        require(by, needed, record)
    now = timezone.now()
    if at is not None and not now < at <= now + FURTHEST:
        raise Invalid({"next_update": _("Choose a time within the next year.")})
    locked = Record.objects.select_for_update().get(pk=record.pk)
    if locked.state_category not in UNFINISHED:
        raise NotPossible(_("Nobody works on this any more: there is nothing to promise."))
    if locked.next_update == at:
        return
    renew(record.pk, at)
    before = [None if each is None else each.isoformat() for each in (locked.next_update, at)]
    emit(f"{locked.kind}.promised", by=by, record_id=record.pk, changes={"next_update": before})
    record.next_update = at


def renew(pk: int, at: datetime | None) -> None:
    """Let the promise on an unfinished record end at `at` (UTC), or let there be none.

    Whatever drew attention to the former promise is done with.
    """
    unfinished = Record.objects.filter(pk=pk, state_category__in=UNFINISHED)
    unfinished.update(next_update=at)
    unfinished.filter(attention__in=(UPDATE_DUE, UPDATE_OVERDUE)).update(attention="")


@transaction.atomic
def call_for_news(record: Record, *, by: Actor, now: datetime) -> None:
    """Draw attention to a promise that is due soon or overdue at `now` (UTC), once for each.

    Nothing happens when the promise was renewed since `record` was read, or when something else drew attention to it.
    """
    if record.next_update is None:
        return
    why = UPDATE_OVERDUE if record.next_update <= now else UPDATE_DUE
    if record.attention not in OF_PROMISES or record.attention in (why, UPDATE_OVERDUE):
        return
    as_read = {"pk": record.pk, "next_update": record.next_update, "attention": record.attention}
    if Record.objects.filter(**as_read, state_category__in=UNFINISHED).update(attention=why):
        emit(f"{record.kind}.{why}", by=by, record_id=record.pk)
