"""R09: a process that takes in mail is killed at any point; each mail still becomes exactly one case.

A child of this process is the intake and the worker. It kills itself at one of nine points; whatever it leaves, the
next one finishes. Mails lie on a real server (IMAP), or a server hands them over until it hears yes (LMTP).
"""

import multiprocessing
import os
import signal
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.actor import system
from mainstay.kernel.mail import actions, intake, queries
from mainstay.kernel.mail.actions import handling, receiving
from mainstay.kernel.mail.gateways import imap
from mainstay.kernel.mail.intake.reader import Reader
from mainstay.kernel.mail.models import Mailbox, ReceivedMail
from mainstay.kernel.mail.tests.dovecot import PASSWORD, Dovecot, dovecot, free_ports
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.models import Record
from tests.sizes import size

BY = system("command")
FORK = multiprocessing.get_context("fork")

#: Where a process dies: the function, and whether before it begins or after it has returned.
POINTS = {
    "it was fetched": (receiving, "key_of", "before"),
    "its file was kept": (receiving, "preserve", "after"),
    "its row was written": (receiving, "defer", "before"),
    "its job was deferred": (receiving, "defer", "after"),
    "it was committed": (actions, "take_in", "after"),
    "its server was told": (imap.Session, "done", "after"),
    "its handling was begun": (handling, "_tries_left", "after"),
    "its case was opened": (handling, "_outcome", "after"),
    "its end was written": (handling, "_write", "after"),
}
#: A server hears yes when its connection is answered: the next thing that happens is the next mail.
TOLD_BY_LMTP = (intake, "_knows", "before")


def die_at(owner: Any, name: str, when: str) -> None:
    """Let this process be killed where the second mail comes to a point."""
    function, calls = getattr(owner, name), []

    def deadly(*arguments: Any, **named: Any) -> Any:
        calls.append(None)
        last = len(calls) == 2
        if last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def child(work: Callable[[], None], point: tuple[Any, str, str] | None) -> Any:
    """Start a process of its own that works, and dies at the point if there is one."""

    def begin() -> None:
        # While a browser runs, its loop hides older connections from close_all: here they would be seen again.
        for inherited in connections.all(initialized_only=True):
            del connections[inherited.alias]
        if point:
            die_at(*point)
        work()
        connections.close_all()
        os._exit(0)

    connections.close_all()  # a connection belongs to one process
    process = FORK.Process(target=begin, daemon=True)
    process.start()
    return process


@pytest.fixture
def stage(
    fresh_database: str, django_db_blocker: Any, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    monkeypatch.setattr(queries, "LONG_WAIT", timedelta(0))
    monkeypatch.setattr(intake, "INTERVAL", 0.05)
    with django_db_blocker.unblock():
        yield


def mails(mark: str) -> list[bytes]:
    """Mails with and without a Message-ID."""
    return [
        b"From: Nina <nina@home.example>\r\nSubject: %s %d\r\n%s\r\nIt smokes.\r\n"
        % (mark.encode(), number, b"Message-ID: <%d@home.example>\r\n" % number if number % 2 else b"")
        for number in range(size("mails around a crash"))
    ]


def mailbox(slug: str, **reading: Any) -> Mailbox:
    home = Organisation.objects.get(parent=None).slug
    values = {"name": slug, "address": f"{slug}@acme.example", "organisation": home, **reading}
    put(kinds()["mailboxes"], slug, values, by=BY)
    return Mailbox.objects.get(slug=slug)


def assert_each_is_one_case(desk: Mailbox, mark: str, where: str) -> None:
    """Finish what is left, as the jobs do that look after it, and count."""
    run("mail.handle")
    run("mail.take_up")
    from mainstay.kernel.mail.tasks import take_up

    take_up(0)
    run("mail.handle")
    kept = ReceivedMail.objects.filter(mailbox=desk)
    expected = [f"{mark} {number}" for number in range(size("mails around a crash"))]
    assert sorted(kept.values_list("record__title", flat=True)) == expected, where
    assert {mail.state for mail in kept} == {"taken"}, where
    opened = Record.objects.filter(title__startswith=f"{mark} ")
    assert sorted(opened.values_list("title", flat=True)) == expected, where


@pytest.fixture
def server() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


def test_a_mailbox_read_by_imap_gives_each_mail_once_wherever_its_reader_is_killed(
    server: Dovecot, stage: None
) -> None:
    for number, (where, point) in enumerate(POINTS.items()):
        slug, mark = f"box{number}", f"Printer{number}"
        way = {"imap_host": "127.0.0.1", "imap_port": server.imap, "encryption": "none", "user": slug}
        desk = mailbox(slug, **way, secret=PASSWORD, done_folder="Taken" if number % 2 else "")
        server.deliver(slug, *mails(mark))

        def work(desk: Mailbox = desk) -> None:
            reader = Reader(desk)
            with imap.opened(reader._place()) as session:
                reader._take_in_all(session)
            run("mail.handle")

        died = child(work, point)
        died.join(60)
        assert died.exitcode == -signal.SIGKILL, where
        if number == 0:  # and the folder is another one when it is entered again
            renumber(server, slug)
        work()
        assert_each_is_one_case(desk, mark, where)
        work()
        assert_each_is_one_case(desk, mark, where)


def renumber(server: Dovecot, user: str) -> None:
    """Let every mail of a mailbox have another UID, under another UIDVALIDITY."""
    with server.box(user) as box:
        raws = [message.obj.as_bytes() for message in box.fetch(mark_seen=False)]
        box.delete(list(box.uids()))
        for raw in reversed(raws):
            box.append(raw)
    for index in (server.folder / "mail" / user).rglob("dovecot*"):
        index.unlink(missing_ok=True)


def test_what_a_server_hands_over_until_it_hears_yes_is_one_case_wherever_the_intake_is_killed(stage: None) -> None:
    (port,) = free_ports(1)
    parent = os.getpid()
    change_setting(by=BY, key="mail.lmtp_port", value=port)
    for number, (where, point) in enumerate(POINTS.items()):
        slug, mark = f"lmtp{number}", f"Printer{number}"
        desk = mailbox(slug)

        def work() -> None:
            threading.Thread(target=intake.Intake().run, args=(threading.Event(),), daemon=True).start()
            while os.getppid() == parent:
                run("mail.handle")
                time.sleep(0.02)

        first = process = child(work, TOLD_BY_LMTP if point[1] == "done" else point)
        try:
            for raw in mails(mark):
                while not handed_over(port, f"{slug}@acme.example", raw):
                    if not process.is_alive():
                        process = child(work, None)
                    time.sleep(0.02)
            first.join(60)  # where it is killed while it handles, that may be later
            assert first.exitcode == -signal.SIGKILL, where
        finally:
            for each in {first, process}:
                each.kill()
                each.join()
        assert_each_is_one_case(desk, mark, where)


def handed_over(port: int, address: str, raw: bytes) -> bool:
    """Hand a mail over as a server does; return whether the intake said yes."""
    try:
        with smtplib.LMTP("127.0.0.1", port, timeout=30) as client:
            client.sendmail("nina@home.example", [address], raw)
    except (OSError, smtplib.SMTPException):
        return False
    return True
