"""`mainstay`: the command line, gathered from every folder that has a `commands.py`."""

import os
import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import click

from mainstay.site.operations.instance import InstanceError, home
from mainstay.site.operations.supervisor import Supervisor


def start_django() -> None:
    """Load settings and every folder."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.site.settings")
    django.setup()


@cache
def practice_commands() -> dict[str, click.Command]:
    """The commands of practices and kernel; groups of one name are one group (`mainstay import ...`)."""
    start_django()
    from django.apps import apps

    found: dict[str, click.Command] = {}
    folders = [app.name for app in apps.get_app_configs() if app.name.startswith("mainstay.")]
    for folder in ["mainstay.site.operations", "mainstay.site.configuration", *folders, "mainstay.site.demo"]:
        if find_spec(folder) and find_spec(f"{folder}.commands"):
            for command in import_module(f"{folder}.commands").commands:
                _join(found, command)
    return found


def _join(found: dict[str, click.Command], command: click.Command) -> None:
    name = command.name or ""
    known = found.get(name)
    if isinstance(known, click.Group) and isinstance(command, click.Group):
        known.commands.update(command.commands)
    else:
        found[name] = command


class Commands(click.Group):
    """`up` is at hand; Django is loaded only for the others, or to list them all."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *practice_commands()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self.commands.get(cmd_name) or practice_commands().get(cmd_name)


@click.group(cls=Commands)
@click.version_option(package_name="mainstay")
def mainstay() -> None:
    """Mainstay, open-source IT service management.

    \b
    Start it:              mainstay up
    Look around first:     mainstay up --demo
    See how it fares:      mainstay doctor
    Save it, bring back:   mainstay backup FILE, mainstay restore FILE

    Everything of an instance lives in one folder, MAINSTAY_HOME. Every command has its own --help.
    """


@mainstay.command()
@click.option("--demo", is_flag=True, help="Fill an empty instance with the demo organisation first.")
@click.option("--host", envvar="MAINSTAY_HOST", default="127.0.0.1", show_default=True, help="Listen here.")
@click.option("--port", envvar="MAINSTAY_PORT", default=8000, show_default=True, help="Listen on this port.")
def up(demo: bool, host: str, port: int) -> None:
    """Start Mainstay: database, web server and job workers.

    The first start makes the database and prints a one-time address for the first administrator. Everything
    lives in MAINSTAY_HOME. Stop it with Ctrl-C: requests and jobs under way are finished first.
    """
    Supervisor(host, port, demo).run()


def main() -> None:
    """Run the command line; what a person can mend is said in a sentence, without a traceback."""
    from psycopg import OperationalError

    try:
        mainstay()
    except InstanceError as error:
        sys.exit(f"mainstay: {error}")
    except Exception as error:
        if isinstance(error.__cause__ or error, OperationalError):
            sys.exit(
                f"mainstay: the database of {home()} does not answer. Start it with `mainstay up`, "
                f"or set MAINSTAY_HOME to the instance you mean. ({error})".replace("\n", " ")
            )
        raise


if __name__ == "__main__":
    main()
