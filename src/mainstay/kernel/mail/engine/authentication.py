"""What the site's own mail server found when it checked whether a sender is who they say (RFC 8601). Pure.

The checks themselves (SPF, DKIM, DMARC) are a mail server's work: it alone sees the connection that a mail came by.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from mainstay.kernel.mail.engine.letter import Letter

FIELD = "authentication-results"
#: Innermost comments (RFC 5322, section 3.2.2); taken out until none is left.
COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)")
MOST_NESTED = 8
#: A field with more characters is not one that a mail server writes.
LONGEST = 10_000
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
TOKEN = re.compile(r'([\w.-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]+)')
#: The properties that name the domain which a method vouches for (RFC 8601, section 2.7).
VOUCHED_BY = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",)}


class Authenticity(StrEnum):
    """What is known of a sender. Unchecked: the server named did not say anything about the mail."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    FORGED = "forged"
    UNCHECKED = "unchecked"


@dataclass(frozen=True)
class Finding:
    """What one method found, and about what: its properties by name, all in small letters."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


def authenticity(letter: Letter, server: str) -> Authenticity:
    """Return what `server`, by the name that it gives itself in its fields, found about the sender of a mail.

    DMARC decides where it was checked (RFC 7489). Else the domain of the sender is proven by a DKIM signature or an
    SPF result for that domain, or one above or below it; a plain failure of SPF shows a forgery, any other a doubt.
    The first finding of each method counts, for a server writes above what was there; it must take away what others
    wrote in its name (RFC 8601, section 5).
    """
    found = [finding for value in letter.all_of(FIELD) for finding in findings(value, server)]
    if not found:
        return Authenticity.UNCHECKED
    dmarc = next((finding.result for finding in found if finding.method == "dmarc"), "none")
    if dmarc in ("pass", "fail"):
        return Authenticity.PROVEN if dmarc == "pass" else Authenticity.FORGED
    domain = letter.sender.address.rpartition("@")[2].lower() if letter.sender else ""
    if any(finding.result == "pass" and _vouches(finding, domain) for finding in found):
        return Authenticity.PROVEN
    spf = next((finding.result for finding in found if finding.method == "spf"), "")
    return Authenticity.FORGED if spf in ("fail", "hardfail") else Authenticity.UNPROVEN


def findings(value: str, server: str) -> Iterator[Finding]:
    """Return what one field says, if `server` wrote it; what cannot be read is passed over."""
    if len(value) > LONGEST:
        return
    for _round in range(MOST_NESTED):
        value = COMMENT.sub(" ", value)
    name, *parts = QUOTED.sub(lambda quoted: quoted[0].replace(";", ","), value.lower()).split(";")
    if name.split()[:1] != [server.lower()]:
        return
    for part in parts:
        tokens = [(key, text.strip('"')) for key, text in TOKEN.findall(part)]
        if tokens:
            (method, result), *properties = tokens
            yield Finding(method, result, dict(reversed(properties)))


def _vouches(finding: Finding, domain: str) -> bool:
    """Whether a finding is about the sender's domain, or one above or below it, and not about a whole registry."""
    names = (finding.properties.get(name, "") for name in VOUCHED_BY.get(finding.method, ()))
    vouched = next((name.rpartition("@")[2].strip(".") for name in names if name), "")
    if "." not in vouched or "." not in domain:
        return False
    return vouched == domain or domain.endswith(f".{vouched}") or vouched.endswith(f".{domain}")
