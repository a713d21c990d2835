"""A table to hand out, before it becomes a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Sheet:
    """A heading for each column, rows of texts and numbers, and what there is to say about them under `about`."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    about: str = ""
    notes: Sequence[tuple[str, str]] = ()
