"""Jobs about files."""

from mainstay.kernel.files import actions
from mainstay.kernel.jobs.registry import BULK, job


@job("files.sweep", queue=BULK, cron="17 3 * * *")
def sweep(timestamp: int) -> None:
    """Clear away, every night, what nothing refers to any more."""
    actions.sweep()
