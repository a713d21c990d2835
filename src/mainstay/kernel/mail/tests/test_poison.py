"""A mail that takes too much: it is set aside, and the next one is read."""

import base64
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.mail.engine import Unreadable
from mainstay.kernel.mail.gateways import reading
from mainstay.kernel.mail.gateways.reading import read_apart
from mainstay.kernel.mail.models import Mailbox
from mainstay.kernel.mail.tests.test_receiving import case_of, come, keeper, written
from mainstay.kernel.practice.configuration import kinds, put
from tests.world import World, signed_in

SMALL = b"From: rita@acme.example\nSubject: The printer\n\nIt smokes.\n"


def large(megabytes: int) -> bytes:
    body = base64.encodebytes(os.urandom(megabytes * 1024 * 1024))
    return b"From: rita@acme.example\nContent-Type: application/x-y\nContent-Transfer-Encoding: base64\n\n" + body


def test_a_mail_that_takes_too_long_is_given_up_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_apart(SMALL).subject == "The printer"
    monkeypatch.setattr(reading, "SECONDS_FOR_MEGABYTE", 0.0)
    monkeypatch.setattr(reading, "SECONDS", -2.0)
    with pytest.raises(Unreadable):
        read_apart(large(30))
    monkeypatch.undo()
    assert read_apart(SMALL).subject == "The printer"


def test_a_mail_that_swells_is_refused_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(read_apart(large(8)).attachments[0].content) == 8 * 1024 * 1024
    monkeypatch.setattr(reading, "MEGABYTES", 12)
    monkeypatch.setattr(reading, "MEGABYTES_FOR_MEGABYTE", 0)
    try:
        refused = read_apart(large(8)).refused
        assert refused is not None
        assert refused.slug == "unreadable"
    except Unreadable:  # where even saying so takes more than is left
        pass
    monkeypatch.undo()
    assert read_apart(SMALL).subject == "The printer"


def test_a_mail_that_ends_the_process_that_reads_it_costs_only_itself() -> None:
    assert read_apart(SMALL).subject == "The printer"
    process = reading._reader._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(Unreadable):
        read_apart(SMALL)
    assert read_apart(SMALL).subject == "The printer"


@pytest.mark.django_db
def test_a_poisonous_mail_is_set_aside_with_its_reason_and_the_next_is_taken_in(
    world: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    values = {"name": "Desk", "address": "desk@acme.example", "organisation": "acme", "language": "en"}
    put(kinds()["mailboxes"], "desk", {**values, "role": "requester", "team": "desk"}, by=system("command"))
    mailbox = Mailbox.objects.get()

    def poisoned(raw: bytes) -> Any:
        if b"poison" in raw:
            raise Unreadable("2 s, 256 MB")
        return read_apart(raw)

    monkeypatch.setattr("mainstay.kernel.mail.gateways.reading.read_apart", poisoned)
    first = come(mailbox, written(text="poison"))
    second = come(mailbox, written(text="It smokes."))
    assert (first.state, first.reason, first.detail) == ("quarantined", "poison", "2 s, 256 MB")
    assert case_of(second).requester == world.requester
    browser = signed_in(keeper())
    page = browser.get(f"/administration/mails/{first.uuid}/").content.decode()
    assert "too much time or memory" in page
    assert browser.get(f"/mails/{first.uuid}/page/").status_code == 404
