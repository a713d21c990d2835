"""Header values that stay one line and name one recipient. Pure."""

import re
import unicodedata
from email.headerregistry import Address

LONGEST_LINE = 200
#: A local part without quotes or comments, and a domain of labels (RFC 5321, section 4.1.2).
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}")


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return `text` on one line: no control, format or separator characters but single spaces, no encoded words.

    An encoded word (RFC 2047: `=?utf-8?q?...?=`) would be decoded when the header is written, and could hold a line
    break that no check of the text itself sees.
    """
    signs = (" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp", "Zs") else sign for sign in text)
    kept = "".join(sign for sign in signs if unicodedata.category(sign)[0] != "C")
    return " ".join(kept.split()).replace("=?", "= ?")[:longest].rstrip()


def address(name: str, email: str) -> Address:
    """Return one mailbox. Raises ValueError for what is not exactly one plain address."""
    if not ADDRESS.fullmatch(email) or ".." in email or email.startswith(".") or ".@" in email:
        raise ValueError(f"{email!r} is not an e-mail address")
    return Address(display_name=one_line(name, 100), addr_spec=email)
