"""No text that a person chooses adds a header, a recipient or markup to a mail."""

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.mail.engine.headers import address, one_line
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import Upload, comment, comment_with_files
from mainstay.kernel.records.models import Record
from mainstay.support.incidents import actions as incidents
from tests.world import World

HEADERS = {
    *("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted"),
    *("x-auto-response-suppress", "mime-version", "content-type"),
}
HOSTILE = [
    "x\r\nBcc: victim@evil.example",
    "x\nBcc: victim@evil.example\n\nbody",
    "x\rBcc: victim@evil.example",
    "x\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: victim@evil.example",
    "x, victim@evil.example",
    'x" <victim@evil.example>, "y',
    "x <victim@evil.example>",
    "=?utf-8?q?x=0d=0aBcc:_victim@evil.example?=",
    "\u202ex\u2066 Straße 東京 \U0001f4a9",
    "x" * 2000,
]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_one_mail_has_one_recipient_and_our_headers_whatever_people_call_things(
    world: World, keeper: Keeper, text: str
) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    Record.objects.filter(pk=incident.pk).update(title=text[:250])
    Person.objects.update(name=text[:200])
    files = [Upload(f"{text}.txt", io.BytesIO(b"x"))]
    comment_with_files(incident, by=world.as_agent(), body=f"{text}\r\n.\r\nQUIT\r\n", files=files)
    run("notify.deliver", "mail.send")
    assert keeper.recipients == [["rita@acme.example"]]
    (raw,), (message,) = keeper.raw, keeper.messages
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0].lower() for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert sorted(names) == sorted(HEADERS)
    assert [mailbox.addr_spec for mailbox in message["To"].addresses] == ["rita@acme.example"]
    assert [mailbox.addr_spec for mailbox in message["From"].addresses] == ["desk@acme.example"]
    assert message["Subject"].startswith(f"[{incident.number}] ")
    assert "QUIT" in message.get_body(("plain",)).get_content()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email", ["a@b.example, victim@evil.example", "a@b.example\r\nBcc: victim@evil.example", "nobody", "<a@b.example>"]
)
def test_an_address_that_is_none_gets_nothing_and_fails_with_the_reason(
    world: World, keeper: Keeper, email: str
) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    Person.objects.filter(pk=world.requester.pk).update(email=email)
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver", "mail.send")
    assert keeper.raw == []
    delivery = Delivery.objects.get()
    assert (delivery.state, "is not an e-mail address" in delivery.error) == ("failed", True)


@given(st.text(max_size=400))
def test_a_header_value_is_always_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 200
    assert line.isprintable()
    assert len(line.splitlines()) <= 1
    assert "=?" not in line


@given(st.text(max_size=60), st.text(max_size=40))
def test_an_address_is_exactly_one_or_refused(name: str, email: str) -> None:
    try:
        made = address(name, email)
    except ValueError:
        return
    assert made.addr_spec == email
    assert not set(email) & set('\r\n\t <>,;"')
