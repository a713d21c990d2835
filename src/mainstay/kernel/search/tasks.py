"""The job of the search."""

from datetime import timedelta

from django.utils import timezone

from mainstay.kernel.jobs.registry import BULK, job
from mainstay.kernel.search.actions.learning import learn

#: A run ends before the next one begins; what is left over is the next one's.
LONGEST_RUN = timedelta(seconds=50)


@job("search.learn", queue=BULK, cron="* * * * *")
def learn_what_was_written(timestamp: int) -> None:
    """Learn the words that were written since, each minute."""
    until = timezone.now() + LONGEST_RUN
    while learn() and timezone.now() < until:
        continue
