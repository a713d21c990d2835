"""The texts that practices let the search read."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Source:
    """Texts of one kind of record: its own model, and those of its columns that all who see the record may read."""

    model: Any
    fields: tuple[str, ...]

    @property
    def beginning(self) -> str:
        """The column that says what a record is about from the beginning: the first of them."""
        return self.fields[0]


texts: dict[str, Source] = {}
