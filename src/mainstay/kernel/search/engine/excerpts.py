"""An excerpt with the found words marked, as pieces that a page escapes and marks by itself. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

#: Private-use characters that mark a found word; in somebody's text they could at worst mark it falsely.
BEGIN, END = "\ue000", "\ue001"


@dataclass(frozen=True)
class Piece:
    """A stretch of an excerpt; `found` is whether it is what was searched for."""

    text: str
    found: bool


def pieces(marked: str) -> list[Piece]:
    """Take a marked excerpt apart."""
    return [piece for piece in _pieces(" ".join(marked.split())) if piece.text]


def _pieces(marked: str) -> Iterator[Piece]:
    before, *stretches = marked.split(BEGIN)
    yield Piece(before.replace(END, ""), False)
    for stretch in stretches:
        found, _, after = stretch.partition(END)
        yield Piece(found, True)
        yield Piece(after.replace(END, ""), False)
