"""What the file of a document is called."""

import re

_OTHER = re.compile(r"[^A-Za-z0-9.-]+")
LONGEST = 80


def file_name(words: str, ending: str) -> str:
    """Return a name that every system takes, from any words: letters, digits, dots and hyphens, never empty."""
    stem = _OTHER.sub("-", words).strip(".-")[:LONGEST].rstrip(".-")
    return f"{stem or 'document'}.{ending}"
