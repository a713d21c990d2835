"""Mails taken in from a mailbox: how many a second are kept for good, and how many have become cases."""

import base64
import os
import random
import time
from typing import Any

#: Mails in the mailbox, and of how many one has an attachment of so many bytes.
MAILS, ONE_IN, ATTACHED = 500, 10, 200_000
#: What is expected at least, per second, on two cores.
REACH = 50
#: Seconds after which something is wrong.
PATIENCE = 600
SLUG = "bench"
WORDS = ("the", "printer", "on", "third", "floor", "does", "not", "print", "since", "this", "morning")


def mails(mark: str) -> list[bytes]:
    """Return what lies in the mailbox, the same in each run but for its mark."""
    written = random.Random(7)
    return [_mail(mark, number, written) for number in range(MAILS)]


def _mail(mark: str, number: int, written: random.Random) -> bytes:
    text = " ".join(written.choices(WORDS, k=150))
    head = f"From: Nina {number % 50} <nina{number % 50}@bench.example>\r\nTo: desk@bench.example\r\n"
    head += f"Subject: Printer {number}\r\nMessage-ID: <{mark}-{number}@bench.example>\r\nMIME-Version: 1.0\r\n"
    if number % ONE_IN:
        return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()
    file = base64.encodebytes(written.randbytes(ATTACHED)).decode().replace("\n", "\r\n")
    return (
        f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: application/pdf; name=scan{number}.pdf\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; filename=scan{number}.pdf\r\n\r\n{file}--b--\r\n"
    ).encode()


def measure() -> tuple[float, float]:
    """Let the running instance read a full mailbox; return mails kept, and mails handled, per second."""
    from django.db import connection

    from mainstay.kernel.mail.tests.dovecot import dovecot

    with dovecot() as server:
        server.deliver(SLUG, *mails(f"{os.getpid()}-{time.monotonic_ns()}"))
        try:
            before = _mailbox(server.imap, retired=False)
            return _rates(before)
        finally:
            _mailbox(server.imap, retired=True)
            connection.close()


def _mailbox(port: int, *, retired: bool) -> int:
    """Describe the mailbox, from which on the intake reads it; return the newest mail there is already."""
    from mainstay.kernel.access.actor import system
    from mainstay.kernel.mail.models import ReceivedMail
    from mainstay.kernel.mail.tests.dovecot import PASSWORD
    from mainstay.kernel.people.models import Organisation
    from mainstay.kernel.practice.configuration import kinds, put

    home = Organisation.objects.filter(retired=None).earliest("id").slug
    values: dict[str, Any] = {
        "name": "Bench",
        "address": "desk@bench.example",
        "organisation": home,
        "retired": retired,
    }
    way = {"imap_host": "127.0.0.1", "imap_port": port, "encryption": "none", "user": SLUG, "done_folder": "Taken"}
    newest = ReceivedMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    put(kinds()["mailboxes"], SLUG, {**values, **way, "secret": PASSWORD}, by=system("command"))
    return newest


def _rates(before: int) -> tuple[float, float]:
    from django.db.models import Max, Min

    from mainstay.kernel.mail.models import ReceivedMail

    came = ReceivedMail.objects.filter(pk__gt=before)
    deadline = time.monotonic() + PATIENCE
    while came.exclude(handled=None).count() < MAILS:
        if time.monotonic() > deadline:
            raise RuntimeError(
                f"Of {MAILS} mails {came.count()} were kept, {came.exclude(handled=None).count()} handled."
            )
        time.sleep(0.5)
    if came.filter(state="taken").count() != MAILS:
        raise RuntimeError("Some mails became no case.")
    times = came.aggregate(first=Min("received"), last=Max("received"), end=Max("handled"))
    kept, handled = (times["last"] - times["first"]).total_seconds(), (times["end"] - times["first"]).total_seconds()
    return (MAILS - 1) / kept, MAILS / handled
