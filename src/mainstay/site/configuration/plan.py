"""What applying files would change, and doing it: everything or nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction

from mainstay.kernel.access.actor import system
from mainstay.kernel.practice.configuration import ConfigurationKind, Row, kinds, put
from mainstay.kernel.practice.errors import Invalid, Refusal
from mainstay.site.configuration.files import FileProblem, Files, Lines, place


@dataclass(frozen=True)
class Change:
    """One row that differs: `fields` maps a field to its value here and in the file."""

    kind: str
    key: str
    is_new: bool
    fields: dict[str, tuple[Any, Any]]


def plan(files: Files) -> list[Change]:
    """Return every row that the files would add or change, in the order in which they would be applied.

    Rows and fields that the files do not name stay as they are.
    """
    return [
        change
        for kind in kinds().values()
        for key, row in parents_first(kind, files.get(kind.name, {}))
        if (change := _change(kind, key, row))
    ]


def _change(kind: ConfigurationKind, key: str, row: Row) -> Change | None:
    before = kind.read().get(key)
    was = before or {}
    fields = {name: (was.get(name), value) for name, value in row.items() if before is None or was.get(name) != value}
    return Change(kind.name, key, before is None, fields) if fields or before is None else None


def parents_first(kind: ConfigurationKind, rows: dict[str, Row]) -> Iterator[tuple[str, Row]]:
    """Yield rows so that a row's parent, if it stands in the file too, comes before it."""
    tree = next((field.name for field in kind.fields if field.tree), None)
    waiting = dict(rows)
    while waiting:
        ready = [key for key, row in waiting.items() if tree is None or row.get(tree) not in waiting]
        for key in ready or list(waiting):  # a circle is refused by the action
            yield key, waiting.pop(key)


def only_here(files: Files) -> list[tuple[str, str]]:
    """Return the rows, by kind and key, of kinds the files name that they themselves do not: these stay."""
    return [(name, key) for name, rows in files.items() for key in kinds()[name].read() if key not in rows]


def apply(folder: Path, files: Files, lines: Lines) -> list[Change]:
    """Apply the files through the same actions as the screens, all in one transaction; return what changed.

    Raises FileProblem, with nothing changed, when an action refuses a row.
    """
    with transaction.atomic():
        changes = plan(files)
        for change in changes:
            try:
                put(kinds()[change.kind], change.key, files[change.kind][change.key], by=system("command"))
            except Refusal as refused:
                raise FileProblem(_explained(folder, change, refused, lines)) from refused
    return changes


def _explained(folder: Path, change: Change, refused: Refusal, lines: Lines) -> str:
    path = folder / f"{change.kind}.yaml"
    errors = refused.errors if isinstance(refused, Invalid) else {"": refused.message}
    return "\n".join(place(path, change.kind, change.key, name, lines) + f" {why}" for name, why in errors.items())
