"""Where a search can be misspelt, and the same search with other words in these places. Pure."""

import re
from collections.abc import Iterable, Mapping

from mainstay.kernel.search.engine.nearness import slips
from mainstay.kernel.search.engine.operators import TOKEN

#: Shorter words are a slip away from half the vocabulary.
SHORTEST = 4
NUMBER = re.compile(r"(?P<prefix>[A-Za-z]{2,5})[-\s]?(?P<digits>[0-9OoIl]{1,12})")
#: Letters that people read and type for digits.
DIGITS = str.maketrans("OoIl", "0011")


def plain_words(text: str) -> list[str]:
    """Return the words that can be misspelt: of letters, neither quoted nor excluded, each once, in small letters."""
    words = [token.casefold() for token in TOKEN.findall(text) if token.isalpha() and len(token) >= SHORTEST]
    return list(dict.fromkeys(words))


def replaced(text: str, meant: Mapping[str, str]) -> str:
    """Return the text with other words where `plain_words` found those that are keys of `meant`."""
    return " ".join(meant.get(token.casefold(), token) for token in TOKEN.findall(text))


def numbers_nearly_meant(text: str, prefixes: Iterable[str]) -> list[str]:
    """Return the record numbers that a text can mean if one key was missed: `INC 123`, `ICN-000l23`, `INX-123`."""
    match = NUMBER.fullmatch(text.strip())
    if match is None:
        return []
    digits = int(match["digits"].translate(DIGITS))
    near = sorted((slips(match["prefix"].upper(), prefix), prefix) for prefix in prefixes)
    return [f"{prefix}-{digits:06d}" for distance, prefix in near if distance <= 1]
