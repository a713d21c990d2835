"""The commands that run and keep an instance; `up`, which needs no Django, stands in `cli.py`."""

import click

from mainstay.site.operations import migration
from mainstay.site.operations import worker as worker_process


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


commands: list[click.Command] = [migrate, worker]
