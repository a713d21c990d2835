"""Texts with places to fill in: `{{ number }}`. No logic is in them, and what is filled in is never read again."""

import re
from collections.abc import Collection, Mapping

PLACE = re.compile(r"\{\{([^{}]*)\}\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with each `{{ name }}` replaced by its value, in one pass; unknown names stay as they are."""
    return PLACE.sub(lambda place: values.get(place[1].strip(), place[0]), text)


def unknown(text: str, names: Collection[str]) -> list[str]:
    """Return the names in `text` that are not among `names`, in alphabetical order."""
    return sorted({place[1].strip() for place in PLACE.finditer(text)} - set(names))
