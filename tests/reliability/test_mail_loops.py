"""R11: two instances whose desks write to each other, and answer every mail by a program, fall silent at once."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.actor import system
from mainstay.kernel.mail import actions
from mainstay.kernel.mail.models import Mailbox, ReceivedMail
from mainstay.kernel.mail.tests.server import Keeper, mail_server
from mainstay.kernel.notify import queries as notify
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Record
from mainstay.site.operations.testing import database_copy, using
from tests.world import build

BY = system("command")
#: More would be a loop.
MOST = 20


class Instance:
    """One instance: a database of its own, and what it sent that nobody has brought on yet."""

    def __init__(self, database: str, name: str, settings: Any, folder: Path) -> None:
        self.database, self.name, self.settings, self.folder = database, name, settings, folder
        self.outgoing: list[bytes] = []
        with self.here():
            self.world = build()
            values = {"name": "Desk", "address": self.address, "organisation": "acme", "role": "requester"}
            put(kinds()["mailboxes"], "desk", {**values, "team": "desk"}, by=BY)

    @property
    def address(self) -> str:
        return f"desk@{self.name}.example"

    @contextmanager
    def here(self) -> Iterator[None]:
        self.settings.BASE_URL = f"https://{self.name}.example"
        self.settings.MEDIA_ROOT = self.folder / self.name
        with using(self.database):
            yield

    def send(self, keeper: Keeper) -> None:
        change_setting(by=BY, key="mail.sender", value=self.address)
        run("notify.deliver", "mail.send")
        self.outgoing += keeper.raw
        keeper.raw.clear()

    def take_in(self, raw: bytes) -> None:
        with self.here(), mail_server() as keeper:
            actions.take_in(Mailbox.objects.get(), raw)
            run("mail.handle")
            self.send(keeper)


@pytest.fixture
def two(
    django_db_setup: None, django_db_blocker: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[Instance]]:
    """Two instances that tell everybody of what they wrote themselves: an automatic answer to each mail."""
    told = notify.recipients

    def everybody(found: Any, *, author: int | None, **rest: Any) -> set[int]:
        return told(found, author=0, **rest) | {author or 0}

    monkeypatch.setattr(notify, "recipients", everybody)
    with django_db_blocker.unblock(), ExitStack() as stack:
        names = [stack.enter_context(database_copy()) for _ in range(2)]
        yield [
            Instance(database, name, settings, tmp_path) for database, name in zip(names, ("one", "two"), strict=True)
        ]


def exchanged(instances: list[Instance]) -> list[str]:
    """Bring mails from each to the other until both are silent; return who was written to, in order."""
    written: list[str] = []
    while any(instance.outgoing for instance in instances) and len(written) < MOST:
        for here, there in (instances, instances[::-1]):
            for raw in [here.outgoing.pop(0) for _ in here.outgoing[:]]:
                if there.address in message_from_bytes(raw, policy=default)["To"]:
                    written.append(there.name)
                    there.take_in(raw)
    return written


@pytest.mark.parametrize("marked", [True, False], ids=["marked as automatic", "their marks lost on the way"])
def test_two_instances_that_answer_each_other_fall_silent(two: list[Instance], marked: bool) -> None:
    one, other = two
    if not marked:
        for instance in two:
            take_in = instance.take_in
            instance.take_in = lambda raw, take_in=take_in: take_in(stripped(raw))
    with one.here(), mail_server() as keeper:
        first = (
            b"From: Desk <%s>\r\nSubject: Router\r\nMessage-ID: <a@b>\r\n\r\nIt blinks.\r\n" % other.address.encode()
        )
        actions.take_in(Mailbox.objects.get(), first)
        run("mail.handle")
        case = Record.objects.get()
        assert case.requester == Person.objects.get(email=other.address)
        run("notify.deliver", "mail.send")
        keeper.raw.clear()
        records.comment(case, by=one.world.as_agent(), body="Which one?")
        one.send(keeper)
    assert one.outgoing
    assert len(exchanged(two)) <= 2
    with other.here():
        assert ReceivedMail.objects.filter(state="taken").count() == 1


def stripped(raw: bytes) -> bytes:
    """Return a mail as a careless program on the way leaves it: without the marks of a machine."""
    message = message_from_bytes(raw, policy=default)
    for name in ("Auto-Submitted", "X-Auto-Response-Suppress"):
        del message[name]
    return message.as_bytes()
