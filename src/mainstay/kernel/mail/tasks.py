"""Jobs about mail."""

from mainstay.kernel.jobs.registry import BULK, defer, job
from mainstay.kernel.mail import actions, queries
from mainstay.kernel.mail.gateways import reading, smtp


@job("mail.send", attempts=actions.MOST_ATTEMPTS)
def send(delivery: int) -> None:
    """Send a waiting mail; it is tried again, later each time, while the server cannot take it."""
    actions.send(delivery, by_way_of=smtp.send)


@job("mail.handle")
def handle(received: int) -> None:
    """Let a mail that was taken in become what it is to be."""
    actions.handle(received, read=reading.read_apart)


@job("mail.take_up", queue=BULK, cron="*/10 * * * *")
def take_up(timestamp: int) -> None:
    """Take up mails whose job was given up, or ended with its worker."""
    actions.set_aside_exhausted()
    for pk in queries.long_waiting():
        defer("mail.handle", once=f"mail {pk}", received=pk)


@job("mail.sweep", queue=BULK, cron="53 3 * * *")
def sweep(timestamp: int) -> None:
    """Clear away what is known of old mails, and links that open nothing any more, every night."""
    actions.sweep()
    actions.sweep_links()
