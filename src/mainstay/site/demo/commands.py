"""`mainstay demo`: a company to look around in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from ipaddress import ip_address
from urllib.parse import urlsplit

import click
from django.conf import settings
from django.db import connection
from psycopg import sql

from mainstay.kernel.search.models import SearchDocument
from mainstay.site.demo import company, seed
from mainstay.site.demo.distributions import SIZES
from mainstay.site.operations.instance import InstanceError
from mainstay.site.operations.migration import as_owner


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="demo", show_default=True, help="How many incidents.")
@click.option("--host", envvar="MAINSTAY_HOST", default="127.0.0.1", help="Where the instance listens.")
def demo(size: str, host: str) -> None:
    """Fill an empty instance with a company, its people and two years of incidents.

    It is the same company every time, except for the passwords of its four sign-ins: those are random, kept in
    MAINSTAY_HOME, and printed whenever this command runs. Interrupted, it goes on where it stopped.

    \b
    demo    2,500 incidents of 60 people, seconds: to look around in
    100k    100,000 incidents, for measuring
    1m      1,000,000 incidents, minutes: for measuring
    """
    _refuse_strangers(host)
    with nullcontext() if size == "demo" or seed.finished() else _indexed_afterwards():
        _fill(size)
    click.echo(f"The demo organisation is {company.NAME}. Sign in as:\n")
    for email, password in seed.passwords().items():
        click.echo(f"  {email:<28} {password}")


def _refuse_strangers(host: str) -> None:
    """Printed passwords are for whoever sits at this machine, and nobody else."""
    for name in (host, urlsplit(settings.BASE_URL).hostname or ""):
        if not _is_loopback(name):
            raise InstanceError(
                f"The demo listens on this machine only, not on {name}. "
                "Take MAINSTAY_HOST and MAINSTAY_URL away, or leave --demo out."
            )


def _is_loopback(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _fill(size: str) -> None:
    with click.progressbar(length=SIZES[size].incidents, label="Demo organisation", file=sys.stderr) as bar:
        for done, _ in seed.fill(size):
            bar.update(done - bar.pos)


@contextmanager
def _indexed_afterwards() -> Iterator[None]:
    """Take the index of words away meanwhile and build it at the end: row by row it costs more than all else.

    Only the owner of the tables may do this. Then the database gathers what it plans by.
    """
    (index,) = SearchDocument._meta.indexes
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(index.name)))
    try:
        yield
    finally:
        click.echo("Building the index of words ...", err=True)
        with as_owner(), connection.schema_editor() as editor:
            editor.add_index(SearchDocument, index)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


commands: list[click.Command] = [demo]
