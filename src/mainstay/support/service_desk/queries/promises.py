"""Asking what is promised to requesters, and which promises are near their end."""

from datetime import datetime, timedelta

from django.db.models import BigIntegerField, Q, QuerySet, Subquery

from mainstay.kernel.calendars.engine.clock import due
from mainstay.kernel.calendars.queries import timetable
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.announcements import announcements
from mainstay.kernel.practice.statements import Statement
from mainstay.kernel.records.attention import UPDATE_DUE
from mainstay.kernel.records.models import Record
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk.models import UpdatePromise

UNFINISHED = ("open", "paused")
#: The reason of a hold that waits for the requester: until they answer, we owe them nothing.
AWAITS_REQUESTER = "caller"

_rule = Statement(
    lambda record: UpdatePromise.objects.filter(
        retired=None, priority=Subquery(Record.objects.filter(pk=record).values("priority"))
    ).select_related("calendar"),
    record=BigIntegerField(),
)


def promised_from(record: int, instant: datetime) -> datetime | None:
    """Return by when the requester of a record (its id) hears again if they heard at `instant`; None without a rule."""
    for rule in _rule(record=record):
        after = timedelta(minutes=rule.minutes)
        return instant + after if rule.calendar is None else due(timetable(rule.calendar), instant, after)
    return None


def starts_promise(event: Event) -> bool:
    """Return whether a requester waits for news from an event on: it was opened, or goes on, or they heard of it.

    They hear of what is announced to requesters, was public, and was not their own doing.
    """
    if not event.public or event.record_id is None:
        return False
    past = event.name.partition(".")[2]
    if past in ("created", "reopened", "resumed"):
        return True
    if not announcements[event.name].requester:
        return False
    return not Record.objects.filter(pk=event.record_id, requester_id=event.actor_id).exists()


def awaits_requester(record: int) -> bool:
    """Return whether a record (its id) is on hold until its requester answers."""
    held = Incident.objects.filter(pk=record, hold_reason__slug=AWAITS_REQUESTER)
    return held.exists()


def calling_for_news(now: datetime, before: timedelta) -> QuerySet[Record]:
    """Return the unfinished records whose promise is overdue at `now`, or will be `before` long from then, that nobody
    was reminded of yet."""
    overdue = Q(next_update__lte=now) & Q(attention__in=("", UPDATE_DUE))
    soon = Q(next_update__lte=now + before) & Q(attention="")
    return Record.objects.filter(overdue | soon, state_category__in=UNFINISHED, next_update__isnull=False)
