"""What a document says, apart from how it looks: written once, set as PDF and as HTML alike."""

import re
from dataclasses import asdict, dataclass
from typing import Any, Literal

#: A run of more than so many characters without a space is allowed to break after each of them: a page has an edge, and
#: so has the narrowest column that holds a digest of 64.
UNBROKEN = 32
_LONG = re.compile(rf"\S{{{UNBROKEN}}}(?=\S)")
#: May break here, and shows nothing (ZERO WIDTH SPACE).
_BREAK = "\u200b"
#: What no page shows: control characters except tab and line feed.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")

Tone = Literal["said", "noted", "happened"]


@dataclass(frozen=True)
class Facts:
    """Names and values, two by two."""

    rows: tuple[tuple[str, str], ...]
    block: str = "facts"


@dataclass(frozen=True)
class Text:
    """Plain text as somebody typed it; its lines stay lines."""

    body: str
    block: str = "text"


@dataclass(frozen=True)
class Table:
    """Rows under a head. Each width is a share of the page's."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]
    block: str = "table"


@dataclass(frozen=True)
class Entry:
    """One entry of a history: somebody said something, noted it for colleagues, or something happened."""

    tone: Tone
    who: str
    when: str
    #: What was said; of what happened, the sentence.
    text: str
    #: A word beside the time: internal, by e-mail.
    mark: str = ""
    #: Changed values, files, the reason.
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class History:
    """Entries in the order in which they happened."""

    entries: tuple[Entry, ...]
    block: str = "history"


Block = Facts | Text | Table | History


@dataclass(frozen=True)
class Section:
    """A part under a heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A document in the reader's language and zone: all in it is text that is shown as it is, and nothing else.

    `number` and `title` stand at the head of every page. `kind` says what it is, `made` who made it and when, `notice`
    whom it is for where not everybody may read it. `page` is the words at the foot, with `{page}` and `{pages}`.
    """

    number: str
    title: str
    kind: str
    language: str
    made: str
    page: str
    facts: Facts
    sections: tuple[Section, ...]
    notice: str = ""


def as_data(document: Document) -> dict[str, Any]:
    """Return all of it as plain values for the typesetter: without control characters, and breakable everywhere."""
    data: dict[str, Any] = _each(asdict(document))
    return data


def _each(value: Any) -> Any:
    if isinstance(value, str):
        return _LONG.sub(rf"\g<0>{_BREAK}", _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))
    if isinstance(value, dict):
        return {key: _each(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_each(part) for part in value]
    return value
