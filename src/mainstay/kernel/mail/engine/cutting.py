"""Cutting a reply: what is new in a letter, what it quotes, and how it is signed. Pure; nothing is lost.

The rules are those that mail programs follow without ever having agreed on them. Lines of a quotation begin with `>`
(RFC 3676, section 4.5), or follow a line that announces them; a signature follows `-- ` (section 4.3), or looks so.
"""

from dataclasses import dataclass
from enum import StrEnum

from mainstay.kernel.mail.engine import quoting, signing


class Kind(StrEnum):
    """What a piece of a letter is."""

    REPLY = "reply"
    QUOTED = "quoted"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Fragment:
    """A piece of a letter. `hidden` pieces are folded: nothing that the writer wrote stands below them."""

    kind: Kind
    hidden: bool
    text: str


def cut(text: str, sender: str = "") -> list[Fragment]:
    """Return the pieces of a letter in their order; joined by line breaks they are the letter.

    `sender` is the writer's name or address: a last paragraph that begins with it is a signature. A letter of nothing
    but quotation and signature has no hidden piece.
    """
    lines = quoting.separated(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    quoted = quoting.quoted_lines(lines)
    signed = signing.signed_lines(lines, quoted, sender)
    kinds = [
        Kind.QUOTED if quote else Kind.SIGNATURE if sign else Kind.REPLY
        for quote, sign in zip(quoted, signed, strict=True)
    ]
    pieces = _grouped(lines, kinds)
    last = max(
        (number for number, (kind, said) in enumerate(pieces) if kind is Kind.REPLY and said.strip()), default=-1
    )
    return [Fragment(kind, number > last >= 0, said) for number, (kind, said) in enumerate(pieces)]


def shown(fragments: list[Fragment]) -> str:
    """Return what is to be read at once: all pieces that are not hidden."""
    return "\n".join(fragment.text for fragment in fragments if not fragment.hidden).strip("\n").rstrip()


def written(fragments: list[Fragment]) -> str:
    """Return what the writer wrote, signature included and quotations left out; all, when that is nothing."""
    kept = [
        fragment.text.lstrip("\n") if before and before.kind is Kind.QUOTED else fragment.text
        for before, fragment in zip([None, *fragments], fragments, strict=False)
        if fragment.kind is not Kind.QUOTED
    ]
    own = "\n".join(kept).strip()
    return own or "\n".join(fragment.text for fragment in fragments).strip()


def _grouped(lines: list[str], kinds: list[Kind]) -> list[tuple[Kind, str]]:
    """Join lines of one kind. A line of underscores begins a signature of its own, below another one."""
    groups: list[tuple[Kind, list[str]]] = []
    for line, kind in zip(lines, kinds, strict=True):
        begins = kind is Kind.SIGNATURE and signing.LIST_FOOTER.fullmatch(line)
        if groups and groups[-1][0] is kind and not begins:
            groups[-1][1].append(line)
        else:
            groups.append((kind, [line]))
    return [(kind, "\n".join(members)) for kind, members in groups]
