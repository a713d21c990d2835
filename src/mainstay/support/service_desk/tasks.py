"""Jobs about contacts, broadcasts and announcements."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from mainstay.kernel.access.actor import system
from mainstay.kernel.jobs.registry import BULK, defer, job
from mainstay.kernel.mail.actions import MOST_ATTEMPTS
from mainstay.kernel.mail.gateways import smtp
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records import actions as records
from mainstay.support.incidents.engine.closing import closing_instant
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.lifecycle import S
from mainstay.support.service_desk.models import BroadcastTarget, Contact, FollowingTarget, TargetState
from mainstay.support.service_desk.queries import promises
from mainstay.support.service_desk.queries.announcements import to_be_told

#: Zones differ by at most 26 hours, so nothing younger than this can be due.
WIDEST_ZONES = timedelta(hours=26)


@job("service_desk.relay")
def relay(event: int) -> None:
    """Tell the callers of merged cases what an event says."""
    actions.relay(event)


@job("service_desk.close_answered", cron="*/10 * * * *")
def close_answered(timestamp: int) -> None:
    """Close what has been answered for the configured number of days without objection."""
    days = settings.value("service_desk.close_after_days")
    now = datetime.fromtimestamp(timestamp, UTC)
    candidates = Contact.objects.filter(
        state=S.ANSWERED.slug, resolved__lte=now - timedelta(days=days) + WIDEST_ZONES
    ).select_related("organisation")
    for contact in candidates.iterator(chunk_size=500):
        if closing_instant(contact.resolved or timezone.now(), days, contact.organisation.zone) <= now:
            try:
                actions.close(contact, by=system("job"))
            except NotPossible:  # reopened at this very moment
                continue


@job("service_desk.call_for_news", cron="* * * * *")
def call_for_news(timestamp: int) -> None:
    """Remind of promised news before it is due, and say that it is overdue: one look each minute, no job for each."""
    now = datetime.fromtimestamp(timestamp, UTC)
    before = timedelta(minutes=settings.value("service_desk.remind_before_minutes"))
    for record in promises.calling_for_news(now, before).iterator(chunk_size=500):
        records.call_for_news(record, by=system("job"), now=now)


@job("service_desk.find_untold", cron="* * * * *")
def find_untold(timestamp: int) -> None:
    """Let people be told of announcements whose time has come: one look each minute."""
    for pk in to_be_told().values_list("pk", flat=True):
        defer("service_desk.tell", once=f"tell {pk}", announcement=pk)


@job("service_desk.tell")
def tell(announcement: int) -> None:
    """Tell the next slice of those whom an announcement concerns."""
    actions.tell(announcement)


@job("service_desk.mail_tellings", queue=BULK, attempts=MOST_ATTEMPTS)
def mail_tellings(announcement: int, round: int, people: list[int]) -> None:
    """Mail people about an announcement; those are tried again whose mail the server could not take."""
    actions.mail_tellings(announcement, round, people, by_way_of=smtp.send)


@job("service_desk.broadcast", queue=BULK)
def broadcast(broadcast: int) -> None:
    """Write a message to each of its cases, one transaction each; what was written before is not written again."""
    for target in BroadcastTarget.objects.filter(broadcast=broadcast, state=TargetState.WAITING).order_by("record_id"):
        actions.write_to(target)


@job("service_desk.follow", queue=BULK)
def follow(following: int) -> None:
    """Let each record follow that is to, one transaction each; what did so before does not do so again."""
    waiting = FollowingTarget.objects.filter(following=following, state=TargetState.WAITING)
    for target in waiting.order_by("record_id"):
        actions.follow(target)
