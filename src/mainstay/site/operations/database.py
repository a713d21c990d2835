"""The instance's database seen without Django: does it answer, and may we trust it."""

from typing import Any

import psycopg

from mainstay.site.operations import instance
from mainstay.site.operations.instance import InstanceError

#: What an acknowledged write stands on; with one of them off a crash loses what was promised.
DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


def connect(role: instance.Role = "application") -> psycopg.Connection[Any]:
    """A connection of one of the two roles; raises psycopg.OperationalError without an answer."""
    place = instance.database(role)
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"] or None,
        user=place["USER"],
        password=place["PASSWORD"],
        dbname=place["NAME"],
        **place["OPTIONS"],
    )


WANTS_INTAKE = """
SELECT EXISTS (SELECT FROM mail_mailbox WHERE retired IS NULL AND (imap_host <> '' OR EXISTS (
           SELECT FROM practice_setting WHERE key IN ('mail.lmtp_port', 'mail.smtp_port') AND value <> '0')))
"""


def wants_intake() -> bool | None:
    """Whether mail is to be taken in: there is a mailbox, and a way in; None when the database cannot say."""
    try:
        with connect() as connection:
            row = connection.execute(WANTS_INTAKE).fetchone()
    except psycopg.Error:
        return None
    return bool(row and row[0])


def answers() -> bool:
    """Whether the database takes connections now."""
    try:
        connect().close()
    except psycopg.OperationalError:
        return False
    return True


def check() -> None:
    """Refuse (InstanceError) a database that may lose confirmed work, an all-powerful role, or doubtful indexes."""
    try:
        connection = connect()
    except psycopg.OperationalError as error:
        raise InstanceError(f"The database does not answer: {error}") from error
    with connection:
        check_durable(connection)
        check_role(connection)
        check_collation(connection)


def check_durable(connection: psycopg.Connection[Any]) -> None:
    """Refuse a database that would lose acknowledged writes in a crash."""
    for name in DURABLE:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
        if row is None or row[0] == "off":
            raise InstanceError(
                f"PostgreSQL runs with {name} = off: a crash would lose work already confirmed. "
                f"Take {name} out of its configuration, then start again."
            )


def check_role(connection: psycopg.Connection[Any]) -> None:
    """Refuse an application role to which the database denies nothing."""
    row = connection.execute(
        "SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if row is None or row[1]:
        name = row[0] if row else "unknown"
        raise InstanceError(
            f"The database role {name} is a superuser or bypasses row security. Give Mainstay a role that is "
            "neither; docs/operating/database.md shows the statements."
        )


def check_collation(connection: psycopg.Connection[Any]) -> None:
    """Refuse a database whose texts were sorted by another version of the operating system's rules.

    Its indexes may then miss rows and let doubles in (PostgreSQL manual, "Collation Support").
    """
    row = connection.execute(
        "SELECT datname, datcollversion, pg_database_collation_actual_version(oid)"
        " FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    if row and None not in row and row[1] != row[2]:
        name, before, now = row
        raise InstanceError(
            f"The texts of the database {name} were sorted by version {before} of the operating system's rules, which "
            f"are at version {now} now. As its owner run REINDEX DATABASE {name}; and "
            f"ALTER DATABASE {name} REFRESH COLLATION VERSION; then start again."
        )
