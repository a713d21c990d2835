"""What a file is, judged by its name and its first bytes. Pure: it opens nothing and unpacks nothing.

Signatures are those of the formats' own specifications (PNG: ISO/IEC 15948; PDF: ISO 32000; ZIP: APPNOTE 4.3;
GIF89a; JPEG: ITU T.81; RIFF; OLE: MS-CFB; ELF: System V ABI; PE: Microsoft PE/COFF; Mach-O).
"""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

#: As many first bytes as `judge` wants to see.
HEAD = 512
LONGEST_NAME = 255
#: How a file is described of which nothing more can be said safely; browsers only ever save it.
UNKNOWN = "application/octet-stream"

ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."

#: Extension: media type, and how such files begin.
SIGNED: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "bmp": ("image/bmp", (b"BM",)),
    "tif": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "tiff": ("image/tiff", (b"II*\x00", b"MM\x00*")),
    "pdf": ("application/pdf", (b"%PDF-",)),
    "rtf": ("application/rtf", (b"{\\rtf",)),
    "zip": ("application/zip", ZIP),
    "gz": ("application/gzip", (b"\x1f\x8b",)),
    "tgz": ("application/gzip", (b"\x1f\x8b",)),
    "7z": ("application/x-7z-compressed", (b"7z\xbc\xaf\x27\x1c",)),
    "xz": ("application/x-xz", (b"\xfd7zXZ\x00",)),
    "docx": (OFFICE + "wordprocessingml.document", ZIP),
    "xlsx": (OFFICE + "spreadsheetml.sheet", ZIP),
    "pptx": (OFFICE + "presentationml.presentation", ZIP),
    "odt": (OPEN_DOCUMENT + "text", ZIP),
    "ods": (OPEN_DOCUMENT + "spreadsheet", ZIP),
    "odp": (OPEN_DOCUMENT + "presentation", ZIP),
    "doc": ("application/msword", OLE),
    "xls": ("application/vnd.ms-excel", OLE),
    "ppt": ("application/vnd.ms-powerpoint", OLE),
    "msg": ("application/vnd.ms-outlook", OLE),
    "pcap": ("application/vnd.tcpdump.pcap", (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4")),
}
#: Text without a signature; what a browser would run (HTML, SVG, XML) keeps no type of its own.
TEXT = {
    "txt": "text/plain",
    "log": "text/plain",
    "md": "text/plain",
    "csv": "text/csv",
    "json": "application/json",
    "eml": "message/rfc822",
    "html": UNKNOWN,
    "htm": UNKNOWN,
    "svg": UNKNOWN,
    "xml": UNKNOWN,
}
#: Programs, whatever they are called: how they begin, and the extension that stands for them.
PROGRAMS = {
    b"MZ": "exe",
    b"\x7fELF": "elf",
    b"\xfe\xed\xfa\xce": "macho",
    b"\xfe\xed\xfa\xcf": "macho",
    b"\xce\xfa\xed\xfe": "macho",
    b"\xcf\xfa\xed\xfe": "macho",
}
#: Names that mean a device to Windows, with any extension.
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}


@dataclass(frozen=True)
class Judgement:
    """What a file is taken for: its media type, or in `refusal` why not: `blocked` or `mismatch`."""

    media_type: str = UNKNOWN
    extension: str = ""
    refusal: str = ""


def judge(name: str, head: bytes, blocked: Collection[str]) -> Judgement:
    """Judge a file by its (clean) name and first bytes. `blocked` holds extensions in lower case, without dot."""
    extension = name.lower().rpartition(".")[2].strip() if "." in name else ""
    program = next((stands_for for mark, stands_for in PROGRAMS.items() if head.startswith(mark)), "")
    for suspect in (program, extension):
        if suspect in blocked:
            return Judgement(extension=suspect, refusal="blocked")
    if extension in SIGNED:
        media_type, marks = SIGNED[extension]
        agrees = head.startswith(marks)
        return Judgement(media_type, extension) if agrees else Judgement(extension=extension, refusal="mismatch")
    if extension in TEXT:
        agrees = b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 says so first
        return Judgement(TEXT[extension], extension) if agrees else Judgement(extension=extension, refusal="mismatch")
    return Judgement(extension=extension)


def clean_name(name: str) -> str:
    """Return what a sender called a file, fit to be shown and to be offered for saving.

    No folders, no control or direction characters, no device of Windows, at most 255 characters with the
    extension kept. It is never used as a path here.
    """
    name = name.replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign)[0] != "C")
    name = " ".join(name.split()).strip(". ")
    if not name:
        return "file"
    if name.partition(".")[0].strip().lower() in DEVICES:
        name = f"_{name}"
    stem, dot, extension = name.rpartition(".")
    if len(name) > LONGEST_NAME and dot and len(extension) < 20:
        return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension
    return name[:LONGEST_NAME]
