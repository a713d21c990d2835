"""Jobs about records of any kind."""

from collections import defaultdict
from datetime import UTC, datetime

from mainstay.kernel.jobs.registry import job
from mainstay.kernel.records.actions.scheduling import send_reply
from mainstay.kernel.records.actions.snoozing import wake
from mainstay.kernel.records.models import ReplyState, ScheduledReply, Snooze


@job("records.wake_snoozed", cron="* * * * *")
def wake_snoozed(timestamp: int) -> None:
    """Bring back what was put aside until now: one look each minute, a transaction for each record."""
    due: dict[int, list[int]] = defaultdict(list)
    ended = Snooze.objects.filter(until__lte=datetime.fromtimestamp(timestamp, UTC))
    for key, record in ended.values_list("pk", "record"):
        due[record].append(key)
    for record, snoozes in due.items():
        wake(record, snoozes)


@job("records.send_replies", cron="* * * * *")
def send_replies(timestamp: int) -> None:
    """Send the replies that were scheduled until now, a transaction for each."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for reply in ScheduledReply.objects.filter(state=ReplyState.WAITING, at__lte=now).order_by("at", "pk"):
        send_reply(reply, now=now)
