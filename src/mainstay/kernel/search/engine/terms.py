"""What somebody typed into the search field, taken apart. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 200
#: A last word shorter than this is not completed: half the vocabulary would begin with it.
SHORTEST_PREFIX = 3
NUMBER = re.compile(r"(?:(?P<prefix>[A-Za-z]{2,5})-?)?(?P<digits>[0-9]{1,12})")
LAST_WORD = re.compile(r"(?P<before>.*?)(?P<word>\w+)", re.DOTALL)


@dataclass(frozen=True)
class Terms:
    """A search: the whole text, and where its last word may go on, what comes before it and the word itself."""

    text: str
    before: str = ""
    prefix: str = ""


def cleaned(typed: str) -> str:
    """Return what was typed without control characters and needless blanks, at most 200 characters."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())[:LONGEST].strip()


def taken_apart(typed: str) -> Terms:
    """Return the search for the words that were typed, cleaned.

    The last word is completed unless it is short, excluded (`-word`), part of a quoted phrase or joined by `or`.
    """
    text = cleaned(typed)
    match = LAST_WORD.fullmatch(text)
    if match is None or text.count('"') % 2 or len(match["word"]) < SHORTEST_PREFIX:
        return Terms(text)
    before, word = match["before"], match["word"]
    if before.endswith("-") or (before and not before.endswith(" ")) or before.lower().endswith((" or ", "or ")):
        return Terms(text)
    return Terms(text, before.strip(), word)


def numbers_meant(text: str, prefixes: Iterable[str]) -> list[str]:
    """Return the record numbers that a text can mean: `INC-123`, `inc123` and `123` all mean `INC-000123`."""
    match = NUMBER.fullmatch(text.strip())
    if match is None:
        return []
    wanted = (match["prefix"] or "").upper()
    return [f"{prefix}-{int(match['digits']):06d}" for prefix in prefixes if wanted in ("", prefix)]
