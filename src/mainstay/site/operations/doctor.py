"""What runs, what does not, and what to do about it."""

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Literal
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.db import DatabaseError, connection

from mainstay.site.operations import condition, database, instance, migration
from mainstay.site.operations.instance import InstanceError
from mainstay.site.operations.supervisor import INTAKE

Level = Literal["ok", "notice", "problem"]

#: The last month each major version gets fixes: https://www.postgresql.org/support/versioning/
SUPPORTED_UNTIL = {
    15: date(2027, 11, 30),
    16: date(2028, 11, 30),
    17: date(2029, 11, 30),
    18: date(2030, 11, 30),
}
#: Less free space than this (a share, and bytes) is a problem.
LOW_SHARE, LOW_BYTES = 0.05, 1_000_000_000
#: A job waiting longer than this, in seconds, means that too few workers run.
LONG_WAIT = 60.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and what to do where it is not well."""

    level: Level
    words: str
    advice: str = ""


def examine() -> list[Finding]:
    """Look at everything; a missing database does not keep the rest from being looked at."""
    findings = [*_programs(), *_running(), *_disk(), *_address()]
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        advice = "Start it with `mainstay up`; its log is postgresql.log in MAINSTAY_HOME."
        return [*findings, Finding("problem", f"The database does not answer: {_first_line(error)}", advice)]
    checks: list[Callable[[], Iterator[Finding]]] = [_server, _trust, _schema, _jobs, _mail]
    return findings + [finding for check in checks for finding in check()]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no words"])[0]


def _programs() -> Iterator[Finding]:
    yield Finding(
        "ok",
        f"Mainstay {version('mainstay')}, Python {platform.python_version()}, Django {django.get_version()}, "
        f"home {instance.home()}",
    )


def _running() -> Iterator[Finding]:
    run = instance.read_run()
    if run is None:
        yield Finding("notice", "No `mainstay up` runs on this home.", "Start it with `mainstay up`.")
        return
    parts = ", ".join(f"{name} ({pid})" for name, pid in run.processes.items())
    yield Finding("ok", f"Runs at {run.address}: supervisor ({run.pid}), {parts}")


def _disk() -> Iterator[Finding]:
    for folder in sorted({instance.home(), instance.database_home()}):
        if folder.exists():
            yield _free_space(str(folder), shutil.disk_usage(folder))


def _free_space(folder: str, usage: shutil._ntuple_diskusage) -> Finding:
    words = f"{usage.free / 1e9:.1f} GB of {usage.total / 1e9:.1f} GB are free below {folder}."
    if usage.free < LOW_BYTES or usage.free < LOW_SHARE * usage.total:
        return Finding("problem", words, "Make room before it is full: a full disk stops the database.")
    return Finding("ok", words)


def _address() -> Iterator[Finding]:
    url = urlsplit(settings.BASE_URL)
    words = f"People reach it at {settings.BASE_URL}."
    if url.scheme == "https" or url.hostname in ("localhost", "127.0.0.1", "::1"):
        yield Finding("ok", words)
    else:
        advice = "Put a proxy with TLS before it and set MAINSTAY_URL=https://...: cookies travel in the clear."
        yield Finding("problem", words, advice)


def _server() -> Iterator[Finding]:
    number = condition.server_version()
    until = SUPPORTED_UNTIL.get(int(number.split(".")[0]))
    size = f"{condition.database_size() / 1e6:.0f} MB"
    if until is None or date.today() <= until:
        known = f", with fixes until {until:%B %Y}" if until else ""
        yield Finding("ok", f"PostgreSQL {number}{known}; the database takes {size}.")
        return
    yield Finding(
        "problem",
        f"PostgreSQL {number} has had no fixes since {until:%B %Y}; the database takes {size}.",
        "Make a backup, install a newer PostgreSQL, and restore into a new instance.",
    )


def _trust() -> Iterator[Finding]:
    yield from _refused(database.check)
    if instance.database("owner")["USER"] == instance.database("application")["USER"]:
        yield Finding(
            "notice",
            "One database role owns the tables and works in them, so nothing keeps the audit trail from change.",
            "Make two roles and set MAINSTAY_OWNER_DATABASE_URL: docs/operating/database.md.",
        )


def _refused(check: Callable[[], None]) -> Iterator[Finding]:
    """What a start would refuse."""
    try:
        check()
    except InstanceError as error:
        yield Finding("problem", str(error), "Mainstay will not start like this.")


def _schema() -> Iterator[Finding]:
    pending = condition.pending_migrations()
    if pending:
        yield Finding(
            "problem", f"{len(pending)} migrations are pending: {', '.join(pending[:5])}", "Run `mainstay migrate`."
        )
    else:
        yield Finding("ok", "The database is up to date with the code.")
        yield from _refused(migration.check_history)


def _jobs() -> Iterator[Finding]:
    workers = condition.workers()
    if workers:
        yield Finding("ok", f"{workers} job workers are alive.")
    else:
        yield Finding("problem", "No job worker is alive; nothing is sent and no timer runs.", "Start `mainstay up`.")
    for queue in condition.queues():
        words = f"Queue {queue.name}: {queue.due} due, {queue.running} running, oldest waits {queue.lag:.0f} s."
        late = queue.lag > LONG_WAIT
        yield Finding("problem" if late else "ok", words, "Start a further `mainstay worker`." if late else "")
        if queue.failed:
            yield Finding("notice", f"Queue {queue.name}: {queue.failed} jobs were given up.", "The log says why.")


def _mail() -> Iterator[Finding]:
    mails = condition.mails()
    run = instance.read_run()
    if database.wants_intake():
        if run is not None and INTAKE not in run.processes:
            yield Finding("problem", "Mail is to be taken in, and nothing listens for it.", "Look at the log.")
        late = mails.lag > LONG_WAIT
        words = f"Mail is taken in; {mails.waiting} wait to be handled, the oldest for {mails.lag:.0f} s."
        yield Finding("problem" if late else "ok", words, "Look at the workers: they handle it." if late else "")
    for reading in condition.readings():
        if reading.failing:
            words = f"Mailbox {reading.mailbox} has failed for {reading.failing / 60:.0f} minutes: {reading.words}"
            yield Finding("problem", words, "Mend it: Administration, Mailboxes. docs/operating/mail.md says how.")
        elif reading.words:
            yield Finding("notice", f"Mailbox {reading.mailbox}: {reading.words}", "Look at them there.")
    if mails.quarantined:
        advice = "Somebody has to look at them: Administration, Set-aside mail."
        yield Finding("notice", f"{mails.quarantined} mails are quarantined.", advice)
