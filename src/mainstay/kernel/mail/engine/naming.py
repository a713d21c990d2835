"""What the files of a mail are called. Pure."""

import re

from mainstay.kernel.mail.engine.fields import decode_words, split_header, to_text

EXTENSIONS = {
    "application/ms-tnef": "dat",
    "application/pdf": "pdf",
    "application/pgp-signature": "asc",
    "application/pkcs7-signature": "p7s",
    "image/gif": "gif",
    "image/jpeg": "jpg",
    "image/jpg": "jpg",
    "image/png": "png",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/html": "html",
    "text/rtf": "rtf",
}
UNSAFE_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\]+")


def file_name(written: str) -> str:
    """Return a name that is only a name: no folder, no control sign, no sign that turns the reading direction."""
    name = UNSAFE_IN_NAMES.sub("_", " ".join(written.replace("\\", "/").rpartition("/")[2].split())).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return f"{stem[:150]}{dot}{extension[:20]}" if dot and len(extension) < 20 else name[:170]


def own_name(media_type: str, content: bytes) -> str:
    """Return a name for a file that has none: of a mail its subject."""
    if media_type in ("message/rfc822", "message/global"):
        subject = dict(reversed(split_header(content[:100_000])[0])).get("subject", b"")
        return (file_name(decode_words(to_text(subject)[0]).replace("/", "_"))[:100] or "message") + ".eml"
    main, _, sub = media_type.partition("/")
    stem = {"message": sub, "text": "headers" if sub == "rfc822-headers" else "text", "image": "image"}.get(
        main, "attachment"
    )
    return f"{stem}.{EXTENSIONS.get(media_type, 'txt' if main in ('text', 'message') else 'bin')}"
