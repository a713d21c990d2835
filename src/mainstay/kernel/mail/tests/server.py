"""A mail server of this machine that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.actor import system


class Keeper:
    """What arrived: envelopes and messages. `answer` replaces the server's consent, such as "451 later"."""

    def __init__(self) -> None:
        self.recipients: list[list[str]] = []
        self.raw: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.recipients.append(envelope.rcpt_tos)
            self.raw.append(envelope.content)
        return self.answer

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for raw in self.raw]


class OnFreePort(Controller):
    """aiosmtpd asks its own port whether it answers; with port 0 it must first learn which one it was given."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server() -> Iterator[Keeper]:
    """Run a mail server and point the settings at it."""
    keeper = Keeper()
    controller = OnFreePort(keeper, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        values = {"host": "127.0.0.1", "port": controller.port, "encrypted": False, "sender": "desk@acme.example"}
        for name, value in values.items():
            change_setting(by=system("command"), key=f"mail.{name}", value=value)
        yield keeper
    finally:
        controller.stop()
