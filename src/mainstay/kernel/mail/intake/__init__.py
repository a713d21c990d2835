"""Where mail comes in: a process that listens and reads as settings and mailboxes say; one mail, one call."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mainstay.kernel.mail import actions, queries
from mainstay.kernel.mail.gateways.doorstep import Door
from mainstay.kernel.mail.intake.connections import with_connection
from mainstay.kernel.mail.intake.reader import Readers

logger = logging.getLogger(__name__)

#: How often it looks whether the settings have changed, in seconds.
INTERVAL = 5.0
#: Seconds that readers of mailboxes have to finish what they are at when all is to stop.
GRACE = 20.0
#: Mails that are kept side by side; each needs a connection to the database.
SIDE_BY_SIDE = 4


class Intake:
    """The doors that stand open now, by protocol, and the mailboxes that are read."""

    def __init__(self) -> None:
        self.doors: dict[str, Door] = {}
        self.readers = Readers()
        self.threads = ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="intake")

    def run(self, stop: threading.Event) -> None:
        """Keep to what is wanted until `stop` is set; what is being taken in is finished first."""
        try:
            while True:
                for adapt in (self.readers.adapt, self.adapt):
                    try:
                        with_connection(adapt)
                    except Exception:
                        # The database may be away, or a port taken: the next round tries again.
                        logger.exception("cannot take in mail as it is wanted")
                if stop.wait(INTERVAL):
                    return
        finally:
            for protocol in [*self.doors]:
                self._shut(protocol)
            self.threads.shutdown()
            self.readers.end(GRACE)

    def adapt(self) -> None:
        """Shut the doors that are no longer wanted, and open those that are missing."""
        wanted = queries.doors_wanted()
        for protocol, door in [*self.doors.items()]:
            if wanted.get(protocol) != door.port:
                self._shut(protocol)
        for protocol, port in wanted.items():
            if protocol not in self.doors:
                door = Door(protocol, port, knows=self._aside(_knows), keep=self._aside(_keep))
                door.start()
                self.doors[protocol] = door
                logger.info("takes in mail by %s on port %d", protocol, door.port)

    def _shut(self, protocol: str) -> None:
        self.doors.pop(protocol).stop()

    def _aside(self, function: Callable[..., bool]) -> Any:
        """Return a coroutine that calls the function in a thread, where waiting for the database holds nobody up."""

        async def called(*arguments: Any) -> bool:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self.threads, with_connection, function, *arguments)

        return called


def _knows(address: str) -> bool:
    return queries.mailbox_for(address) is not None


def _keep(address: str, raw: bytes) -> bool:
    """Keep one mail; returns only when that is certain."""
    mailbox = queries.mailbox_for(address)
    if mailbox is None:
        return False
    try:
        actions.take_in(mailbox, raw, recipient=address)
    except Exception:
        logger.exception("a mail for mailbox %s could not be kept; its server tries again", mailbox.slug)
        raise
    return True
