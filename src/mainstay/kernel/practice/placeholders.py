"""Texts with gaps that administrators write: a name in braces stands for a value, and nothing else is understood.

There is no logic, no nesting and no attribute: what is no known name stays as it is written, and values are put in
once, so that a value which looks like a gap stays what it says.
"""

import re
from collections.abc import Collection, Mapping

GAP = re.compile(r"\{([a-z][a-z_]*)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with the values in its gaps; gaps without a value stay as they are written."""
    return GAP.sub(lambda gap: values.get(gap[1], gap[0]), text)


def unknown(text: str, known: Collection[str]) -> list[str]:
    """Return the names in gaps of `text` that nothing is known for, as they are written, each once."""
    return list(dict.fromkeys(gap[0] for gap in GAP.finditer(text) if gap[1] not in known))
