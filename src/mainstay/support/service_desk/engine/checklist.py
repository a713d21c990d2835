"""Checklists as they are written down: an item in each line, a `!` before those that must be done."""

from typing import NamedTuple

LONGEST = 250


class Item(NamedTuple):
    """Something to do; a mandatory one must be done before the case can be resolved."""

    title: str
    mandatory: bool


def item(line: str) -> Item:
    """Return the item that a line says. Raises ValueError when it says none, or one of more than 250 characters."""
    line = line.strip()
    title = line.removeprefix("!").strip()
    if not title or len(title) > LONGEST:
        raise ValueError(line)
    return Item(title, line.startswith("!"))
