"""Bringing a database up to date: migrations by the owner role, rights for the application role.

This is the only way a schema changes: the supervisor, the command line and the tests all come here.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from pghistory.models import Event as RowHistory
from pgtrigger import registered
from pgtrigger.core import INSTALLED
from psycopg import sql

from mainstay.site.operations import instance
from mainstay.site.operations.instance import InstanceError

#: Tables that only grow, besides the row histories.
APPEND_ONLY = ("events_event",)


@contextmanager
def as_owner(name: str | None = None) -> Iterator[None]:
    """Work on the default connection as the owner role (on the database `name`, else the current one)."""
    settings = connection.settings_dict
    before = dict(settings)
    connection.close()
    settings.update(instance.database("owner"))
    settings.update({"NAME": name or before["NAME"], "HOST": before["HOST"], "PORT": before["PORT"]})
    try:
        yield
    finally:
        connection.close()
        settings.clear()
        settings.update(before)


def migrate() -> None:
    """Apply every migration and set the rights, as the owner role; then load default rows, as the application.

    Raises InstanceError when changes would leave no history.
    """
    application = connection.settings_dict["USER"]
    with as_owner():
        call_command("migrate", interactive=False, verbosity=0)
        grant_rights(application)
    check_history()
    load_defaults()


def restore_rights() -> None:
    """Set the application role's rights on tables that came from a backup."""
    application = connection.settings_dict["USER"]
    with as_owner():
        grant_rights(application)


def load_defaults() -> None:
    """Let every folder that has a `defaults.py` add the rows that are missing, from the bottom to the top."""
    for app in apps.get_app_configs():
        if app.name.startswith("mainstay.") and find_spec(f"{app.name}.defaults"):
            import_module(f"{app.name}.defaults").load()


def digest() -> str:
    """Return a hash of everything that shapes a fresh database: migrations, seed rows, rights."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for app in apps.get_app_configs():
        folder = Path(app.path)
        for path in sorted(folder.glob("migrations/*.py")) + sorted(folder.glob("defaults.py")):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


def check_history() -> None:
    """Refuse (InstanceError) a database in which rows change without a trace: a trigger is missing, altered or off."""
    found = {
        model._meta.db_table
        for model, trigger in registered()
        if trigger.get_installation_status(model) != (INSTALLED, True)
    }
    if found:
        raise InstanceError(
            f"Changes of {', '.join(sorted(found))} leave no history: somebody altered the triggers of these tables. "
            "Switch them on as the owner (ALTER TABLE ... ENABLE TRIGGER USER), or restore a backup; find out why."
        )


def append_only_tables() -> list[str]:
    """Tables whose rows the application may add and read, never change: events and row histories."""
    histories = [model._meta.db_table for model in apps.get_models() if issubclass(model, RowHistory)]
    return sorted({*histories, *APPEND_ONLY} & set(connection.introspection.table_names()))


def grant_rights(role: str) -> None:
    """Give `role` its rights: work with rows, no DDL, no TRUNCATE, and only add to append-only tables.

    Nothing happens when one database URL serves both roles: an owner keeps every right.
    """
    if role == connection.settings_dict["USER"]:
        return
    name = sql.Identifier(role)
    statements = [
        sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(name),
        sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(name),
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(name),
        sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(name),
        *(
            sql.SQL("REVOKE UPDATE, DELETE ON {} FROM {}").format(sql.Identifier(table), name)
            for table in append_only_tables()
        ),
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
