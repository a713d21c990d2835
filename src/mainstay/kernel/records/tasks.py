"""Jobs about records of any kind."""

from collections import defaultdict
from datetime import UTC, datetime

from mainstay.kernel.jobs.registry import job
from mainstay.kernel.records.actions.snoozing import wake
from mainstay.kernel.records.models import Snooze


@job("records.wake_snoozed", cron="* * * * *")
def wake_snoozed(timestamp: int) -> None:
    """Bring back what was put aside until now: one look each minute, a transaction for each record."""
    due: dict[int, list[int]] = defaultdict(list)
    ended = Snooze.objects.filter(until__lte=datetime.fromtimestamp(timestamp, UTC))
    for key, record in ended.values_list("pk", "record"):
        due[record].append(key)
    for record, snoozes in due.items():
        wake(record, snoozes)
