"""`mainstay config`: take the configuration out as files, compare them, bring them in."""

from pathlib import Path

import click

from mainstay.site.configuration import files as yaml_files
from mainstay.site.configuration.plan import Change, apply, only_here, plan

FOLDER = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.group()
def config() -> None:
    """Keep the configuration as files: export, diff, apply.

    \b
    mainstay config export DIR    write roles, teams, categories, settings ... as YAML
    mainstay config diff DIR      show what applying the files would change
    mainstay config apply DIR     change it, all or nothing

    One file for each kind of row, keyed by its short name. People, cases and secrets are never in them.
    """


@config.command()
@FOLDER
def export(folder: Path) -> None:
    """Write every configuration row into DIR, one YAML file for each kind.

    The same rows always give the same bytes, so that DIR can live in version control.
    """
    for path in yaml_files.export(folder):
        click.echo(path)


@config.command()
@FOLDER
def diff(folder: Path) -> None:
    """Show what applying DIR would change; ends with status 1 if anything would."""
    files, _lines = _loaded(folder)
    changes = plan(files)
    _show(changes)
    for kind, key in only_here(files):
        click.echo(f"  {kind}/{key}: only in this instance; it would stay")
    raise SystemExit(1 if changes else 0)


@config.command("apply")
@FOLDER
@click.option("--yes", is_flag=True, help="Do not ask before changing.")
def apply_command(folder: Path, yes: bool) -> None:
    """Make the configuration what the files in DIR say: everything, or nothing if one row is refused.

    Rows and fields that the files do not name stay. Say `retired: true` to retire a row.
    """
    files, lines = _loaded(folder)
    changes = plan(files)
    _show(changes)
    if not changes:
        return
    if not yes:
        click.confirm("Apply this?", abort=True)
    try:
        apply(folder, files, lines)
    except yaml_files.FileProblem as problem:
        raise click.ClickException(f"nothing was changed.\n{problem}") from problem
    click.echo(f"Applied: {len(changes)} rows.")


def _loaded(folder: Path) -> tuple[yaml_files.Files, yaml_files.Lines]:
    try:
        return yaml_files.load(folder)
    except yaml_files.FileProblem as problem:
        raise click.ClickException(f"nothing was changed.\n{problem}") from problem


def _show(changes: list[Change]) -> None:
    if not changes:
        click.echo("Nothing to change: the instance is as the files say.")
    for change in changes:
        click.secho(f"{'+' if change.is_new else '~'} {change.kind}/{change.key}", bold=True)
        for name, (old, new) in change.fields.items():
            click.echo(f"    {name}: {new}" if change.is_new else f"    {name}: {old} -> {new}")


commands: list[click.Command] = [config]
