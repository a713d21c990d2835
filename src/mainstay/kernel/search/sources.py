"""The texts that practices let the search read."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Source:
    """Texts of one kind of record: its own model, and those of its columns that all who see the record may read.

    The first of them is what a record begins with.
    """

    model: Any
    fields: tuple[str, ...]


texts: dict[str, Source] = {}
