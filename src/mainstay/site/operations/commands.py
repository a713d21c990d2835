"""The commands that run and keep an instance; `up`, which needs no Django, stands in `cli.py`."""

import signal
import threading
from pathlib import Path

import click
from django.conf import settings
from django.urls import reverse

from mainstay.kernel.accounts.actions import first_administrator_token
from mainstay.kernel.mail.intake import Intake
from mainstay.kernel.practice.errors import NotPossible
from mainstay.site.operations import backup, condition, migration
from mainstay.site.operations import worker as worker_process
from mainstay.site.operations.doctor import examine
from mainstay.site.operations.supervisor import Supervisor


@click.command()
@click.option("--first-administrator", is_flag=True, hidden=True)
def migrate(first_administrator: bool) -> None:
    """Bring the database up to date: tables, default rows, rights.

    `mainstay up` does this at every start; use it alone
    when several web servers share a database of yours.
    """
    migration.migrate()
    if first_administrator:
        click.echo(_first_administrator_words())


def _first_administrator_words() -> str:
    """Where the first administrator's account is made; nothing once there are people."""
    try:
        path = reverse("first_administrator", args=[first_administrator_token()])
    except NotPossible:
        return ""
    return f"There are no people yet. Make the first administrator's account, once:\n  {settings.BASE_URL}{path}"


@click.command()
@click.argument("queue", type=click.Choice(["prompt", "bulk"]))
def worker(queue: str) -> None:
    """Run the jobs of one queue (prompt: timers and notifications; bulk: imports and reports).

    `mainstay up` starts one of each; use this for further ones.
    """
    worker_process.run(queue)


@click.command()
def intake() -> None:
    """Take in mail, as the settings and mailboxes say.

    `mainstay up` runs it while there is a mailbox and a way for mail to come in.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Intake().run(stop)


MARKS = {"ok": "ok      ", "notice": "notice  ", "problem": "PROBLEM "}


@click.command()
def doctor() -> None:
    """Look at everything: what runs, versions, jobs, migrations, disk; and say what to do.

    The exit code is 1 when there is a problem, so that monitoring can call it.
    """
    findings = examine()
    for finding in findings:
        click.echo(MARKS[finding.level] + finding.words)
        if finding.advice:
            click.echo(" " * 8 + f"-> {finding.advice}")
    raise SystemExit(any(finding.level == "problem" for finding in findings))


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def back_up(file: Path) -> None:
    """Save the running instance to FILE: database, attachments and secret key, checked by counts and hashes.

    People may go on working. Keep the file as safe as the instance itself: it holds everything.
    """
    manifest = backup.back_up(file)
    rows = sum(count for count, _ in manifest.tables.values())
    click.echo(f"Saved {len(manifest.tables)} tables ({rows} rows) and {len(manifest.files)} files to {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def restore(file: Path) -> None:
    """Bring an instance back from FILE into an empty MAINSTAY_HOME, and check every table and attachment.

    Nothing may run on this home. Afterwards `mainstay up` starts it, and brings it up to date if it is older.
    """
    with Supervisor("127.0.0.1", 0).database_alone():
        manifest = backup.restore(file, condition.shipped_migrations())
        migration.restore_rights()
    rows = sum(count for count, _ in manifest.tables.values())
    click.echo(f"Restored {rows} rows and {len(manifest.files)} files; all agree. Start it with `mainstay up`.")


commands: list[click.Command] = [migrate, worker, intake, doctor, back_up, restore]
