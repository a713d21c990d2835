"""Forgetting answers that nobody will ask for again."""

from datetime import UTC, datetime, timedelta

from mainstay.kernel.jobs.registry import job
from mainstay.kernel.rest.models import KeptAnswer

KEPT_FOR = timedelta(hours=24)


@job("rest.forget_answers", cron="17 * * * *")
def forget_answers(timestamp: int) -> None:
    """Delete the answers that are older than a day."""
    KeptAnswer.objects.filter(made__lt=datetime.fromtimestamp(timestamp, UTC) - KEPT_FOR).delete()
