"""The commands that run and keep an instance; `up`, which needs no Django, stands in `cli.py`."""

import click

from mainstay.site.operations import migration
from mainstay.site.operations import worker as worker_process
from mainstay.site.operations.doctor import examine


@click.command()
def migrate() -> None:
    """Bring the database up to date: tables, default rows, rights.

    `mainstay up` does this at every start; use it alone
    when several web servers share a database of yours.
    """
    migration.migrate()


@click.command()
@click.argument("queue", type=click.Choice(["prompt", "bulk"]))
def worker(queue: str) -> None:
    """Run the jobs of one queue (prompt: timers and notifications; bulk: imports and reports).

    `mainstay up` starts one of each; use this for further ones.
    """
    worker_process.run(queue)


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


commands: list[click.Command] = [migrate, worker, doctor]
