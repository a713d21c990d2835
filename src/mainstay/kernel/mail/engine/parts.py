"""The structure of a mail: its parts and the bytes they hold (RFC 2045, RFC 2046). Pure, and never raises.

The standard library's parser is not used here: on mails made to hurt it recurses without limit, compares every line
with every boundary above it, and drops what stands outside the parts.
"""

import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mainstay.kernel.mail.engine import uuencoding
from mainstay.kernel.mail.engine.fields import parameters, split_header, to_text
from mainstay.kernel.mail.engine.letter import Problem

DEEPEST = 30
MOST_PARTS = 500
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+*-]+")
#: A line that divides parts when the one announced does not occur: two dashes, a word, and a field on the next line.
GUESSED = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE)
#: What programs write above the first part for readers that know no MIME.
USUAL_PREAMBLE = re.compile(rb"MIME|multi-?part|formatted message|your mail reader", re.IGNORECASE)
LIKE_A_PART = re.compile(rb"^(?:content-|--)|\n\r?\n\s*\S", re.IGNORECASE | re.MULTILINE)
BASE64_LINE = re.compile(rb"[ \t]*+[A-Za-z0-9+/]*+={0,2}[ \t\x00]*+\r?(?:\n|\Z)")
IDENTITY = {"", "7bit", "8bit", "binary", "7-bit", "8-bit", "8bits", "7bits", "none", "plain", "unknown"}


@dataclass
class Part:
    """One part of a mail. `body` is as received; `content()` undoes the transfer encoding."""

    fields: list[tuple[str, bytes]]
    body: bytes
    media_type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    disposition: str = ""
    name: str = ""
    children: list["Part"] = field(default_factory=list)

    def first(self, name: str) -> str:
        """Return the first field of that name as text, or ""."""
        return next((to_text(value)[0] for found, value in self.fields if found == name), "")

    def leaves(self) -> Iterator["Part"]:
        """Yield the parts that hold content, in their order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()

    def content(self, problems: set[Problem]) -> bytes:
        """Return the bytes of this part; damage is added to `problems`."""
        encoding = self.first("content-transfer-encoding").partition(";")[0].strip().strip("\"'").lower()
        return transferred(self.body, encoding, problems)


class Structure:
    """Reads one mail into its tree of parts, counting them."""

    def __init__(self, problems: set[Problem]) -> None:
        self.problems = problems
        self.count = 0

    def part(self, raw: bytes, depth: int = 0, default: str = "text/plain") -> Part:
        """Return the part that `raw` is, with its children."""
        self.count += 1
        fields, body, broken = split_header(raw)
        if broken:
            self.problems.add(Problem("header_broken"))
        part = self._described(Part(fields, body), default)
        if part.media_type.startswith("multipart/"):
            self._divide(part, depth)
        return part

    def _described(self, part: Part, default: str) -> Part:
        """Fill in what the fields say of the part: its media type, its parameters, its disposition and its name."""
        written: set[str] = set()
        media_type, values = parameters(part.first("content-type"), written)
        if not MEDIA_TYPE.fullmatch(media_type):
            media_type = default if not media_type or media_type == "text" else "application/octet-stream"
            if values.get("boundary"):
                media_type = "multipart/mixed"
        disposition, more = parameters(part.first("content-disposition"), written)
        part.media_type, part.parameters = media_type, values
        part.disposition = disposition if disposition in ("inline", "attachment") else "attachment" if more else ""
        name = more.get("filename") or values.get("name") or more.get("name") or ""
        if not name and not media_type.startswith(("text/", "multipart/", "message/")):
            name = part.first("content-location").rstrip("/")
        part.name = name
        self.problems.update(Problem(slug, "name") for slug in written)
        return part

    def _divide(self, part: Part, depth: int) -> None:
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace").rstrip()
        pieces = _pieces(part.body, boundary) if boundary else []
        if not pieces and (guess := GUESSED.search(part.body)):
            self.problems.add(Problem("boundary_guessed"))
            pieces = _pieces(part.body, guess[1])
        if not pieces:
            if part.body.strip():
                self.problems.add(Problem("boundary_missing"))
            part.media_type = "text/plain"
            return
        if depth >= DEEPEST:
            self.problems.add(Problem("nested_too_deep"))
            part.media_type, part.name, part.disposition = "application/octet-stream", "parts.mime", "attachment"
            return
        default = "message/rfc822" if part.media_type == "multipart/digest" else "text/plain"
        for number, (piece, between) in enumerate(pieces):
            if between:
                self._outside(part, piece, first=number == 0)
            elif self.count >= MOST_PARTS:
                self.problems.add(Problem("too_many_parts"))
                rest = b"\n".join(later for later, _ in pieces[number:])
                part.children.append(_kept(rest, "parts.mime", "application/octet-stream"))
                return
            else:
                child = self.part(piece, depth + 1, default)
                part.children.append(child)
                self._outside(part, b"\n".join(value for name, value in child.fields if not name), first=False)

    def _outside(self, part: Part, text: bytes, *, first: bool) -> None:
        """Keep text above the first part, below the last one or among fields, unless it is the usual notice."""
        if text.strip() and not (first and _is_notice(text)):
            self.problems.add(Problem("text_outside_parts"))
            part.children.append(_kept(text.strip(b"\r\n"), "outside.txt", "text/plain"))


def _is_notice(text: bytes) -> bool:
    """Whether a preamble is what programs write there; one that holds a part whose dividing line is damaged is not."""
    return bool(USUAL_PREAMBLE.search(text)) and len(text) < 500 and not LIKE_A_PART.search(text)


def _kept(body: bytes, name: str, media_type: str) -> Part:
    return Part([], body, media_type, name=name, disposition="attachment")


def _pieces(body: bytes, boundary: bytes) -> list[tuple[bytes, bool]]:
    """Return the pieces between the lines that divide, each with whether it stands outside the parts.

    Parts that follow the closing line are read too: a closing line in the middle is an accident. So is one dash of two.
    """
    line = re.compile(rb"--" + re.escape(boundary) + rb"(--?)?[ \t]*(?=\r?\n|\Z)")
    pieces, start, outside = [], 0, True
    for match in line.finditer(body):
        if match.start() and body[match.start() - 1 : match.start()] != b"\n":
            continue
        end = max(start, match.start() - (2 if body[match.start() - 2 : match.start()] == b"\r\n" else 1))
        pieces.append((_without_first_break(body[start:end]) if start else body[:end], outside))
        start, outside = match.end(), bool(match[1])
    return [*pieces, (_without_first_break(body[start:]), outside)] if start else []


def _without_first_break(piece: bytes) -> bytes:
    return piece[2:] if piece.startswith(b"\r\n") else piece.removeprefix(b"\n")


def transferred(body: bytes, encoding: str, problems: set[Problem]) -> bytes:
    """Return `body` without its transfer encoding (RFC 2045, section 6). What does not fit its encoding stays."""
    if encoding == "base64":
        return _base64(body, problems)
    if encoding in ("quoted-printable", "quotedprintable"):
        return quopri.decodestring(body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = uuencoding.files(body.decode("latin-1").replace("\r\n", "\n"))[1]
        if files or not body.strip():
            return files[0].content if files else b""
        problems.add(Problem("encoding_damaged", encoding))
    elif encoding not in IDENTITY:
        problems.add(Problem("encoding_unknown", encoding[:40]))
        return _probable(body)
    return body


def _probable(body: bytes) -> bytes:
    """Return what an unknown encoding most probably is: quoted-printable when its signs are there."""
    return quopri.decodestring(body) if re.search(rb"=[0-9A-F]{2}|=\r?\n", body) else body


def _base64(body: bytes, problems: set[Problem]) -> bytes:
    """Undo base64. Text that programs put below it is kept below what it says; single wrong signs are left out."""
    end = 0
    while end < len(body) and (line := BASE64_LINE.match(body, end)):
        end = line.end()
    whole, rest = body[:end], body[end:]
    foreign = len(re.findall(rb"[^A-Za-z0-9+/=\s]| (?=\S)", rest))
    if rest.strip():
        problems.add(Problem("encoding_damaged", "base64"))
    if foreign * 50 < len(rest):
        whole, rest = body, b""
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", whole)
    if len(clean) % 4 == 1:
        problems.add(Problem("encoding_damaged", "base64"))
        clean = clean[:-1]
    decoded = binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    return (decoded + b"\n\n" + rest.strip(b"\r\n") if decoded else rest) if rest.strip() else decoded
