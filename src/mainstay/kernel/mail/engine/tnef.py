"""The files and the text in a winmail.dat: the Transport Neutral Encapsulation Format (MS-OXTNEF). Pure, never raises.

Text that is there only as compressed RTF is not read; the caller then keeps the file itself.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from mainstay.kernel.mail.engine.charsets import decode

SIGNATURE = b"\x78\x9f\x3e\x22"
BODY, OEM_CODEPAGE, MESSAGE_PROPERTIES = 0x2800C, 0x69007, 0x69003
ATTACH_RENDERING, ATTACH_TITLE, ATTACH_DATA, ATTACH_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
#: Properties of MAPI (MS-OXPROPS): what they hold.
PLAIN, HTML, COMPRESSED = 0x1000, 0x1013, 0x1009
LONG_NAME, NAME, MEDIA_TYPE, CONTENT_ID, DATA = 0x3707, 0x3704, 0x370E, 0x3712, 0x3701
#: Bytes of the types of fixed size, padded to four (MS-OXTNEF, section 2.1.3.4).
SIZES = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
STRING8, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0xD


@dataclass
class File:
    """One file inside."""

    name: str = ""
    media_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass
class Contents:
    """What a winmail.dat holds. `whole` is False when something in it was not read."""

    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    whole: bool = True


def contents(data: bytes) -> Contents:
    """Return what is inside; of a damaged file what stands before the damage."""
    found = Contents()
    if not data.startswith(SIGNATURE):
        return Contents(whole=False)
    charset = "cp1252"
    try:
        for name, value in _attributes(data):
            if name == OEM_CODEPAGE:
                charset = f"cp{struct.unpack_from('<I', value)[0]}"
            _take(found, name, value, charset)
    except (struct.error, ValueError):
        found.whole = False
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place < len(data):
        _level, name, length = struct.unpack_from("<BII", data, place)
        value = data[place + 9 : place + 9 + length]
        (checksum,) = struct.unpack_from("<H", data, place + 9 + length)
        if sum(value) & 0xFFFF != checksum:
            raise ValueError("the checksum of an attribute is wrong")
        yield name, value
        place += 11 + length


def _take(found: Contents, name: int, value: bytes, charset: str) -> None:
    """Put one attribute where it belongs."""
    if name == ATTACH_RENDERING:
        found.files.append(File())
    elif name == BODY:
        found.text = found.text or decode(value.rstrip(b"\0"), charset).text
    elif name == MESSAGE_PROPERTIES:
        _take_message(found, dict(_properties(value)), charset)
    elif found.files and name == ATTACH_TITLE:
        found.files[-1].name = found.files[-1].name or decode(value.rstrip(b"\0"), charset).text
    elif found.files and name == ATTACH_DATA:
        found.files[-1].content = value
    elif found.files and name == ATTACH_PROPERTIES:
        _take_file(found.files[-1], dict(_properties(value)), charset)


def _take_message(found: Contents, values: dict[int, bytes | str], charset: str) -> None:
    found.text = _words(values.get(PLAIN, ""), charset) or found.text
    found.html = _words(values.get(HTML, ""), "utf-8") or found.html
    if COMPRESSED in values and not (found.text or found.html):
        found.whole = False


def _take_file(file: File, values: dict[int, bytes | str], charset: str) -> None:
    file.name = _words(values.get(LONG_NAME) or values.get(NAME, ""), charset) or file.name
    file.media_type = _words(values.get(MEDIA_TYPE, ""), charset)
    file.content_id = _words(values.get(CONTENT_ID, ""), charset).strip("<>")
    inner = values.get(DATA)
    if not file.content and isinstance(inner, bytes):
        file.content = inner


def _words(value: bytes | str, charset: str) -> str:
    return value if isinstance(value, str) else decode(value.rstrip(b"\0"), charset).text


def _properties(data: bytes) -> Iterator[tuple[int, bytes | str]]:
    """Yield the properties that hold text or bytes (MS-OXTNEF, section 2.1.3.4)."""
    (count,) = struct.unpack_from("<I", data)
    place = 4
    for _ in range(count):
        kind, name = struct.unpack_from("<HH", data, place)
        place += 4
        if name >= 0x8000:
            place = _after_name(data, place)
        variable = kind & 0xFFF in (STRING8, UNICODE, BINARY, OBJECT)
        values = 1
        if variable or kind & 0x1000:
            (values,) = struct.unpack_from("<I", data, place)
            place += 4
        for _ in range(min(values, len(data))):
            if variable:
                (length,) = struct.unpack_from("<I", data, place)
                value = data[place + 4 : place + 4 + length]
                yield name, value.decode("utf-16-le", "replace").rstrip("\0") if kind & 0xFFF == UNICODE else value
                place += 4 + length + -length % 4
            else:
                place += SIZES[kind & 0xFFF] if kind & 0xFFF in SIZES else _unknown(kind)
            if place > len(data):
                raise ValueError("a property ends after its attribute")


def _unknown(kind: int) -> int:
    raise ValueError(f"a property has the unknown type {kind:#x}")


def _after_name(data: bytes, place: int) -> int:
    """Return where a named property goes on after its name: a set, and a number or a text."""
    (by_text,) = struct.unpack_from("<I", data, place + 16)
    (value,) = struct.unpack_from("<I", data, place + 20)
    return place + 24 + (value + -value % 4 if by_text else 0)
