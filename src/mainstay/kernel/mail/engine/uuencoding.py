"""Files written into a text by uuencode (POSIX.1-2017, uuencode, "Historical Algorithm"). Pure, and never raises."""

import binascii
import re
from typing import NamedTuple

BEGIN = re.compile(r"^begin [0-7]{3,4} ([^\r\n]{1,255})$", re.MULTILINE)
END = re.compile(r"^(?:[` ]?\r?\n)?end[ \t\r]*$", re.MULTILINE)


class File(NamedTuple):
    """A file and what it is called."""

    name: str
    content: bytes


def files(text: str) -> tuple[str, list[File]]:
    """Return the text without the files in it, and the files. A file that cannot be read whole stays in the text."""
    kept, found, place = [], [], 0
    while begin := BEGIN.search(text, place):
        end = END.search(text, begin.end())
        if end is None:
            break
        content = _content(text[begin.end() : end.start()])
        if content is None:
            kept.append(text[place : end.end()])
        else:
            kept.append(text[place : begin.start()])
            found.append(File(begin[1].strip(), content))
        place = end.end()
    return "".join(kept) + text[place:], found


def _content(body: str) -> bytes | None:
    data = bytearray()
    for line in body.splitlines():
        if not line.strip():
            continue
        try:
            # The first sign says how many bytes follow; some programs add a checksum, which is cut off.
            length = (((ord(line[0]) - 32) & 63) + 2) // 3 * 4
            data += binascii.a2b_uu(line[: 1 + length].encode("latin-1"))
        except (binascii.Error, UnicodeEncodeError):
            return None
    return bytes(data)
