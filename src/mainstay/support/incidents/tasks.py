"""Jobs about incidents."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from mainstay.kernel.access.actor import system
from mainstay.kernel.jobs.registry import job
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import NotPossible
from mainstay.support.incidents import actions
from mainstay.support.incidents.engine.closing import closing_instant
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import waiting

#: Zones differ by at most 26 hours, so nothing younger than this can be due.
WIDEST_ZONES = timedelta(hours=26)


@job("incidents.wake", cron="* * * * *")
def wake(timestamp: int) -> None:
    """Resume every incident whose hold has ended, each minute: a job for each would wait in the queue for weeks, in
    the way of every other."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for incident in Incident.objects.filter(state=S.PENDING.slug, resume_at__lte=now):
        try:
            actions.resume(incident, by=system("job"))
        except NotPossible:  # resumed at this very moment
            continue


@job("incidents.remind_callers", cron="5 * * * *")
def remind_callers(timestamp: int) -> None:
    """Remind callers whose answer is awaited, and resolve what stayed without one after the last reminder."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for incident in waiting.awaiting_caller().iterator(chunk_size=500):
        due = waiting.next_step_of(incident)
        if due is not None and due.at <= now:
            try:
                actions.go_on_waiting(incident, by=system("job"), now=now)
            except NotPossible:  # a mandatory task keeps it open
                continue


@job("incidents.close_resolved", cron="*/10 * * * *")
def close_resolved(timestamp: int) -> None:
    """Close what has been resolved for the configured number of days without objection."""
    days = settings.value("incidents.close_after_days")
    now = datetime.fromtimestamp(timestamp, UTC)
    candidates = Incident.objects.filter(
        state=S.RESOLVED.slug, resolved__lte=now - timedelta(days=days) + WIDEST_ZONES
    ).select_related("organisation")
    for incident in candidates.iterator(chunk_size=500):
        resolved = incident.resolved or timezone.now()
        if closing_instant(resolved, days, incident.organisation.zone) <= now:
            try:
                actions.close(incident, by=system("job"))
            except NotPossible:  # reopened at this very moment
                continue
