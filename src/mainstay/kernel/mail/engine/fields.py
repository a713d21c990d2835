"""The fields of a header: their lines, encoded words, parameters, dates and message ids. Pure, and never raises."""

import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from mainstay.kernel.mail.engine.charsets import codec, decode

#: A field is a name of printable characters, a colon and what follows (RFC 5322, section 2.2).
FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
ENVELOPE = re.compile(rb">?From (?![ \t]*:)")
#: A field's value that is longer is left as it stands.
LONGEST_VALUE = 20_000
#: An encoded word (RFC 2047, section 2), with the language of RFC 2231 and blanks that programs leave in by mistake.
WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]*){0,4})\?=")
BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
PARAMETER = re.compile(r""";\s*([^\s=;]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)""")
SECTION = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?")
MESSAGE_ID = re.compile(r"<([^<>]{1,900})>")
BARE_ID = re.compile(r"[^<>\s,;@]{1,400}@[^<>\s,;]{1,400}")
COMMENT = re.compile(r"\([^()]{0,200}\)")

#: How many folded lines after a line that is no field are looked over for the next field.
MOST_FOLDED = 20
#: A header with more fields ends there: what follows is read as the body.
MOST_FIELDS = 2_000


def split_header(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes, bool]:
    """Return the fields (names in lower case, values unfolded), the body, and whether some line is no field.

    The header ends at the first empty line, or before the first line that is no field when no field follows it.
    A line that is no field among fields is kept under the name "".
    """
    start, broken = 0, False
    fields: list[tuple[str, list[bytes]]] = []
    if ENVELOPE.match(raw):
        start = _next_line(raw, 0)  # the envelope line of an mbox file
    while start < len(raw):
        end = _next_line(raw, start)
        line = raw[start:end].rstrip(b"\r\n")
        if not line:
            return _joined(fields), raw[end:], broken
        if len(fields) >= MOST_FIELDS:
            return _joined(fields), raw[start:], True
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line)
        elif match := FIELD.match(line):
            fields.append((match[1].decode("ascii").lower(), [line[match.end() :]]))
        elif _field_follows(raw, end):
            broken = True
            fields.append(("", [line]))
        else:
            return _joined(fields), raw[start:], bool(line.strip())
        start = end
    return _joined(fields), b"", broken


def _next_line(raw: bytes, start: int) -> int:
    found = raw.find(b"\n", start)
    return len(raw) if found < 0 else found + 1


def _field_follows(raw: bytes, start: int) -> bool:
    """Whether what comes next is a field: then the line before it was an accident, not the body."""
    for _ in range(MOST_FOLDED):
        if raw[start : start + 1] not in (b" ", b"\t"):
            break
        start = _next_line(raw, start)
    match = FIELD.match(raw, start)
    return match is not None and re.fullmatch(rb"[A-Za-z][A-Za-z0-9-]*", match[1]) is not None


def _joined(fields: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b"".join(lines).strip()) for name, lines in fields]


def to_text(value: bytes, declared: str = "") -> tuple[str, str]:
    """Return a field's bytes as text, encoded words untouched, and the slug of a problem or ""."""
    decoded = decode(value, declared)
    text = decoded.text.replace("\r", " ").replace("\n", " ").replace("\x00", "")
    return text, "" if decoded.problem == "charset_guessed" and decoded.charset == "utf-8" else decoded.problem


def decode_words(text: str, problems: set[str] | None = None) -> str:
    """Return text with its encoded words decoded (RFC 2047).

    Neighbouring words of one set are joined before they are decoded, because programs cut characters in two
    between them. A word that cannot be decoded stays as it stands, and `encoded_word_broken` is added to `problems`.
    """
    problems = set() if problems is None else problems
    if "=?" not in text:
        return text
    if len(text) > LONGEST_VALUE:
        problems.add("header_too_long")
        return text
    text = BETWEEN_WORDS.sub(r"\1", text)
    parts: list[str] = []
    pending: tuple[str, bytes, str] | None = None  # the set, the bytes so far, and the words as written
    end = 0
    for match in WORD.finditer(text):
        data = _word_bytes(match[2], match[3])
        if pending and (match.start() > end or data is None or pending[0] != match[1].lower()):
            parts.append(_word_text(*pending, problems))
            pending = None
        parts.append(text[end : match.start()])
        if data is None:
            problems.add("encoded_word_broken")
            parts.append(match[0])
        else:
            before = pending or ("", b"", "")
            pending = (match[1].lower(), before[1] + data, before[2] + match[0])
        end = match.end()
    if pending:
        parts.append(_word_text(*pending, problems))
    rest = text[end:]
    if re.search(r"=\?[\w-]+\?[bq]\?", rest, re.IGNORECASE):
        problems.add("encoded_word_broken")
    return "".join(parts) + rest


def _word_bytes(encoding: str, content: str) -> bytes | None:
    raw = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return re.sub(rb"=([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), raw.replace(b"_", b" "))
    compact = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(compact) % 4 == 1:
        compact = compact[:-1]
    try:
        return binascii.a2b_base64(compact + b"=" * (-len(compact) % 4))
    except binascii.Error:
        return None


def _word_text(charset: str, data: bytes, written: str, problems: set[str]) -> str:
    if not codec(charset):
        problems.add("encoded_word_broken")
        if not (charset.startswith(("utf", "x-", "unknown")) or data.isascii()):
            return written
    decoded = decode(data, charset if codec(charset) else "")
    if decoded.problem:
        problems.add(decoded.problem)
    return decoded.text.replace("\x00", "").replace("\r", "").replace("\n", " ")


def parameters(value: str, problems: set[str] | None = None) -> tuple[str, dict[str, str]]:
    """Return the value before the first semicolon, in lower case, and its parameters (RFC 2045, RFC 2231).

    Names cut into sections, percent encoding with a character set, encoded words in quotes (forbidden, and everywhere)
    and unquoted names with blanks are read.
    """
    head, _, _ = value.partition(";")
    plain: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, written in PARAMETER.findall(value[:LONGEST_VALUE]):
        content = _unquoted(written.strip())
        match = SECTION.fullmatch(name.lower())
        if match is None or (match[2] is None and match[3] is None):
            plain.setdefault(name.lower(), decode_words(content, problems))
        else:
            sections.setdefault(match[1], {}).setdefault(int(match[2] or 0), (content, bool(match[3])))
    return head.strip().strip("\"'").lower(), plain | {
        name: _continued(cut, problems) for name, cut in sections.items()
    }


def _unquoted(written: str) -> str:
    if written.startswith('"'):
        return re.sub(r"\\(.)", r"\1", written[1:].removesuffix('"'))
    return re.sub(r"\s*\([^()]*\)$", "", written) if written.endswith(")") and " (" in written else written


def _continued(sections: dict[int, tuple[str, bool]], problems: set[str] | None) -> str:
    """Return a value put together from its numbered sections (RFC 2231, section 4.1)."""
    first, encoded = sections.get(0, ("", False))
    charset = ""
    if encoded and first.count("'") >= 2:
        charset, _language, first = first.split("'", 2)
    data = b""
    for number in sorted(sections):
        content, percent = (first, encoded) if number == 0 else sections[number]
        data += unquote_to_bytes(content) if percent else content.encode("utf-8", "replace")
    decoded = decode(data, charset or "utf-8")
    if problems is not None and decoded.problem:
        problems.add(decoded.problem)
    return decoded.text


def instant(value: str) -> datetime | None:
    """Return the date of a field (RFC 5322, section 3.3, and its older forms) in UTC, or None."""
    try:
        written = re.sub(r"\s*:\s*", ":", COMMENT.sub("", value[:200].replace("\x00", "")))
        moment = parsedate_to_datetime(written)
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None


def message_ids(values: Sequence[str]) -> tuple[str, ...]:
    """Return the message ids of fields without brackets, each once, in their order (RFC 5322, section 3.6.4)."""
    found: list[str] = []
    for value in values:
        plain = COMMENT.sub("", value[:LONGEST_VALUE])
        found += ["".join(inner.split()) for inner in MESSAGE_ID.findall(plain)] or BARE_ID.findall(plain)
    return tuple(dict.fromkeys(each for each in found if each))
