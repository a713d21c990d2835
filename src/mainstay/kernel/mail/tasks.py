"""Jobs about mail."""

from mainstay.kernel.jobs.registry import job
from mainstay.kernel.mail import actions
from mainstay.kernel.mail.gateways import smtp


@job("mail.send", attempts=actions.MOST_ATTEMPTS)
def send(delivery: int) -> None:
    """Send a waiting mail; it is tried again, later each time, while the server cannot take it."""
    actions.send(delivery, by_way_of=smtp.send)
