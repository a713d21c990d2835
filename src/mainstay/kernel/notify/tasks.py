"""Jobs about notifications."""

from mainstay.kernel.jobs.registry import BULK, job
from mainstay.kernel.notify import actions


@job("notify.deliver")
def deliver(event: int) -> None:
    """Tell those whom an event concerns."""
    actions.deliver(event)


@job("notify.sweep", queue=BULK, cron="47 3 * * *")
def sweep(timestamp: int) -> None:
    """Clear away old notifications, every night."""
    actions.sweep()
