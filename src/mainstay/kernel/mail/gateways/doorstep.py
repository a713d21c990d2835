"""Being given mail by a server on this machine: LMTP (RFC 2033), or SMTP (RFC 5321) for those without it."""

from collections.abc import Callable
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

#: Only programs of this machine come in: nobody proves who they are.
LOOPBACK = "127.0.0.1"
#: A larger mail is refused, and its sender told so by their own server. Bytes.
LARGEST = 200 * 1024 * 1024
#: Programs write longer lines than RFC 5321 allows, and what came so far must not be lost here. Bytes.
LONGEST_LINE = 1024 * 1024

ACCEPTED, UNKNOWN, LATER = "250 2.0.0 Taken in", "550 5.1.1 No such mailbox here", "451 4.3.0 Not now, try again"

#: Keeps a mail for an address, for good, and returns whether there is such a mailbox. May take its time.
Keep = Callable[[str, bytes], bool]


class Lines(SMTP):
    line_length_limit = LONGEST_LINE


class MailLines(LMTP):
    line_length_limit = LONGEST_LINE


class Reception:
    """Answers for each recipient: consent only when the mail is kept, "later" for whatever failed meanwhile."""

    def __init__(self, knows: Any, keep: Any, *, each: bool) -> None:
        self.knows, self.keep, self.each = knows, keep, each

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Refuse at once what has no mailbox here, so that its sender hears of it."""
        try:
            if not await self.knows(address):
                return UNKNOWN
        except Exception:
            return LATER
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Known"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail for every recipient. LMTP answers for each of them; SMTP has one answer for all."""
        answers = [await self._kept(address, envelope.content) for address in envelope.rcpt_tos]
        if self.each:
            return "\r\n".join(answers)
        return LATER if LATER in answers else ACCEPTED

    async def _kept(self, address: str, raw: bytes) -> str:
        try:
            return ACCEPTED if await self.keep(address, raw) else UNKNOWN
        except Exception:
            return LATER


class Door(Controller):
    """Listens for one protocol on a port of this machine; port 0 takes a free one."""

    def __init__(self, protocol: str, port: int, *, knows: Any, keep: Any) -> None:
        self.protocol = protocol
        reception = Reception(knows, keep, each=protocol == "lmtp")
        super().__init__(reception, hostname=LOOPBACK, port=port, data_size_limit=LARGEST, enable_SMTPUTF8=True)

    def factory(self) -> SMTP:
        """Return what speaks with one client."""
        speaks = MailLines if self.protocol == "lmtp" else Lines
        return speaks(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # which one it was given
        super()._trigger_server()
