"""The process that listens: from a server's hand to what is kept, over a real socket and a database with commits."""

import smtplib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.actor import system
from mainstay.kernel.mail import intake
from mainstay.kernel.mail.models import ReceivedMail
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.site.operations import database

BY = system("command")
RAW = b"From: Nina <nina@home.example>\r\nSubject: The printer\r\nMessage-ID: <one@home.example>\r\n\r\nIt smokes.\r\n"


@pytest.fixture
def port(
    fresh_database: str, django_db_blocker: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[int]:
    """The port of an intake that runs, on a database in which there is one mailbox."""
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(intake, "INTERVAL", 0.05)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    with django_db_blocker.unblock():
        home = Organisation.objects.get(parent=None)
        values = {"name": "Desk", "address": "desk@acme.example", "organisation": home.slug, "language": "en"}
        put(kinds()["mailboxes"], "desk", values, by=BY)
        change_setting(by=BY, key="mail.lmtp_port", value=number)
        stop = threading.Event()
        running = threading.Thread(target=intake.Intake().run, args=(stop,))
        running.start()
        yield number
        stop.set()
        running.join()


def hand_over(port: int, raw: bytes = RAW) -> int:
    """Hand a mail over as a server does, and return the answer's code."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(ConnectionRefusedError), smtplib.LMTP("127.0.0.1", port, timeout=30) as client:
            client.ehlo()
            client.mail("nina@home.example")
            client.rcpt("desk@acme.example")
            return client.data(raw)[0]
        time.sleep(0.05)
    raise AssertionError("nobody listens")


def test_what_is_handed_over_is_kept_once_and_becomes_a_case(port: int) -> None:
    assert [hand_over(port), hand_over(port)] == [250, 250]
    run("mail.handle")
    mail = ReceivedMail.objects.get()
    assert (mail.state, mail.record and mail.record.title) == ("taken", "The printer")


def test_the_server_is_told_to_try_again_until_the_mail_is_kept_for_good(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure at the last moment of the transaction: the job cannot be written, so nothing was."""
    with monkeypatch.context() as failing:
        failing.setattr("mainstay.kernel.mail.actions.receiving.defer", lambda *name, **values: 1 / 0)
        assert hand_over(port) == 451
    assert not ReceivedMail.objects.exists()
    assert hand_over(port) == 250
    assert ReceivedMail.objects.count() == 1


def test_nobody_listens_once_the_port_is_taken_away(port: int) -> None:
    hand_over(port)
    change_setting(by=BY, key="mail.lmtp_port", value=0)
    deadline = time.monotonic() + 30
    while listens(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not listens(port)


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except ConnectionRefusedError:
        return False
    return True


@pytest.mark.database
def test_the_supervisor_asks_for_what_the_intake_opens(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    monkeypatch.setattr(database, "connect", lambda: _Same(connection))
    assert database.wants_intake() is True
    change_setting(by=BY, key="mail.lmtp_port", value=0)
    assert database.wants_intake() is False


class _Same:
    """The test's own connection in the place of a new one."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __enter__(self) -> Any:
        return self.connection.connection

    def __exit__(self, *failure: object) -> None:
        """It stays open."""
