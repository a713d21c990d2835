"""How a mail about an event is worded: by a template with gaps, whoever wrote it. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mainstay.kernel.practice.placeholders import fill

#: What a mail says where no template says otherwise.
SUBJECT = "{title}"
BODY = "{sentence}\n\n{text}\n\n{files}\n\n{following}"
#: Every name that a template may use.
NAMES = (
    *("number", "title", "state", "opened", "organisation", "requester", "reader", "author"),
    *("sentence", "text", "files", "following", "address"),
)
#: The gap that stands for what people wrote: alone in a paragraph, it is set apart as a quotation.
TEXT = "text"
PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


class Block(NamedTuple):
    """A paragraph of a mail; `quoted` is what somebody wrote."""

    text: str
    quoted: bool = False


def blocks(body: str, values: Mapping[str, str], quotes: Sequence[str]) -> list[Block]:
    """Return the paragraphs of a mail, without those that are empty once the values are in."""
    found: list[Block] = []
    for paragraph in PARAGRAPHS.split(body.strip()):
        if paragraph.strip() == f"{{{TEXT}}}":
            found += [Block(quote, quoted=True) for quote in quotes]
        else:
            found.append(Block(fill(paragraph, {**values, TEXT: "\n\n".join(quotes)}).strip()))
    return [block for block in found if block.text]
