"""Text whose lines flow (RFC 3676). Pure, and never raises."""

import re

QUOTED = re.compile(r"(>*) ?(.*)", re.DOTALL)


def unflowed(text: str, *, delete_space: bool = False) -> str:
    """Return text with its flowed lines joined: a line that ends in a blank goes on in the next of the same depth.

    `delete_space` is DelSp=yes: the blank at the end is not part of the text (section 4.3). The line `-- ` above a
    signature never flows.
    """
    lines: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        marks, content = _parted(line)
        depth, flows = len(marks), content.endswith(" ") and content != "-- "
        shown = content[:-1] if flows and delete_space else content
        if depth == open_depth and content != "-- ":
            lines[-1].append(shown)
        else:
            lines.append([f"{marks} {shown}" if marks else shown])
        open_depth = depth if flows else -1
    joined = ("".join(pieces) for pieces in lines)
    return "\n".join(line.rstrip() if line.startswith(">") else line for line in joined)


def _parted(line: str) -> tuple[str, str]:
    match = QUOTED.fullmatch(line) if line.startswith(">") else None
    return (match[1], match[2]) if match else ("", line.removeprefix(" "))
