"""The jobs of the search."""

from datetime import timedelta

from django.utils import timezone

from mainstay.kernel.jobs.registry import BULK, job
from mainstay.kernel.search.actions.learning import learn
from mainstay.kernel.search.actions.suggesting import forget_unused
from mainstay.kernel.search.actions.training import train_all

#: A run ends before the next one begins; what is left over is the next one's.
LONGEST_RUN = timedelta(seconds=50)


@job("search.learn", queue=BULK, cron="* * * * *")
def learn_what_was_written(timestamp: int) -> None:
    """Learn the words that were written since, each minute."""
    until = timezone.now() + LONGEST_RUN
    forget_unused()
    while learn() and timezone.now() < until:
        continue


@job("search.train", queue=BULK, cron="17 2 * * *")
def train_classifiers(timestamp: int) -> None:
    """Learn each night what categories and teams are for, wherever enough was finished since."""
    train_all()
