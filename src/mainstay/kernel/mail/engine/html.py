"""HTML of mails: as plain text to read and to cut, and cleaned to be shown. Pure.

Both go through nh3, which parses as browsers do; what comes out of it is small and well-formed.
"""

import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from typing import NamedTuple

import nh3

#: What is longer is cut: nesting makes the work grow faster than the text.
LONGEST = 500_000
MOST_TAGS = 20_000
DEEPEST = 250
TAG = re.compile(r"<(/?)([A-Za-z][\w:-]*)")
DEEPEST_QUOTATION = 10
INVISIBLE = {"script", "style", "title", "head", "noscript", "template", "svg", "math", "object", "iframe", "textarea"}
PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre", "table", "blockquote"}
BLOCKS = PARAGRAPHS | {"div", "li", "tr", "dt", "dd", "center", "section", "article", "header", "footer", "caption"}
FORM = {"form", "input", "button", "select", "option", "label", "fieldset"}
INLINE = {"a", "b", "strong", "i", "em", "u", "s", "strike", "span", "font", "code", "tt", "small", "big", "sub", "sup"}
EMPTY = {"br", "hr", "img"}
CLOSED_BY_THEMSELVES = {
    "p",
    "li",
    "tr",
    "td",
    "th",
    "dt",
    "dd",
    "br",
    "hr",
    "img",
    "input",
    "meta",
    "link",
    "option",
    "base",
}
CELLS = {"td", "th", "tbody", "thead", "tfoot"}
SHOWN = BLOCKS | INLINE | EMPTY | CELLS
#: The closed list of what a mail may say of looks: nothing that moves, covers or fetches.
STYLES = {
    *("color", "background-color", "font-weight", "font-style", "font-size", "font-family", "text-align"),
    *("text-decoration", "white-space", "border-left", "padding-left", "list-style-type", "vertical-align"),
}
STYLE_VALUE = re.compile(r"[\w\s#%.,'\"+-]{1,100}|rgba?\([\d\s.,%]{1,40}\)", re.ASCII)
LINK = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
LOOKS = {"align", "valign", "bgcolor", "border", "cellpadding", "cellspacing", "colspan", "rowspan"}


class Cleaned(NamedTuple):
    """HTML fit to be shown, and how many remote images were taken out of it."""

    html: str
    remote_images: int


def clean(html: str, address_of: Callable[[str], str | None]) -> Cleaned:
    """Return HTML for showing: no script, form, class, id or remote image, and no style beyond `STYLES`.

    `address_of` gives for a content id (RFC 2392, without `cid:`) the address of the picture, or None when there is
    none. Links open only http, https, mailto and tel, and in a new window. Longer than `LONGEST` characters is cut.
    """
    remote = 0

    def kept(tag: str, name: str, value: str) -> str | None:
        nonlocal remote
        if name == "style":
            return _styles(value)
        if name == "href":
            return value if LINK.fullmatch(value.strip()) else None
        if name == "src":
            if value.strip().lower().startswith("cid:"):
                return address_of(value.strip()[4:])
            remote += 1
            return None
        return value

    cleaned = nh3.clean(
        bounded(html),
        tags=SHOWN,
        clean_content_tags=INVISIBLE,
        attributes={"*": {"style", "dir", "lang", "title"}, "a": {"href"}, "img": {"src", "alt", "width", "height"}}
        | dict.fromkeys(("table", "tr", "td", "th"), LOOKS)
        | {"font": {"color", "size", "face"}, "ol": {"start", "type"}},
        attribute_filter=kept,
        url_schemes={"http", "https", "mailto", "tel", "cid"},
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Cleaned(cleaned.replace("<img>", ""), remote)


def _styles(value: str) -> str | None:
    kept = []
    for declaration in value.split(";"):
        name, _, content = declaration.partition(":")
        if name.strip().lower() in STYLES and STYLE_VALUE.fullmatch(content.strip()):
            kept.append(f"{name.strip().lower()}: {content.strip()}")
    return "; ".join(kept) or None


def bounded(html: str) -> str:
    """Return the beginning of `html` that can be read in bounded time: so many characters, tags, and open elements.

    Parsers look through all open elements at each tag, as the standard asks of them (HTML, section 13.2.6).
    """
    html = html[:LONGEST]
    opened: Counter[str] = Counter()
    depth = 0
    for number, tag in enumerate(TAG.finditer(html)):
        if depth > DEEPEST or number >= MOST_TAGS:
            return html[: tag.start()]
        name = tag[2].lower()
        if name in CLOSED_BY_THEMSELVES:
            continue
        if not tag[1]:
            opened[name] += 1
            depth += 1
        elif opened[name]:
            opened[name] -= 1
            depth -= 1
    return html


def to_text(html: str) -> str:
    """Return what HTML says as plain text: paragraphs and rows as lines, quotations marked with `> `, links kept."""
    small = nh3.clean(
        bounded(html),
        tags=SHOWN,
        clean_content_tags=INVISIBLE,
        attributes={"a": {"href"}, "img": {"alt"}, "blockquote": {"class"}, "div": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(small)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Walks through clean HTML and writes lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.prefixes: list[str] = []
        self.blank: str | None = None
        self.preformatted = 0
        self.lists: list[int | None] = []
        self.links: list[tuple[str, int]] = []
        self.answers: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in BLOCKS:
            self.end_line()
            self.ask_for_blank(tag in PARAGRAPHS and not self.lists)
        self.open(tag, values)

    def open(self, tag: str, values: dict[str, str]) -> None:
        if tag == "br":
            self.end_line(even_empty=True)
        elif tag == "hr":
            self.end_line()
            self.line = "-" * 20
            self.end_line()
        elif tag == "img" and values.get("alt", "").strip():
            self.line += f"[{values['alt'].strip()}]"
        elif tag in ("td", "th") and self.line.strip():
            self.line += "\t"
        elif tag == "li":
            self.line += self.bullet()
        elif tag in ("ul", "ol"):
            self.lists.append(0 if tag == "ol" else None)
        elif tag == "a":
            self.links.append((values.get("href", ""), len(self.line)))
        elif tag == "pre":
            self.preformatted += 1
        elif tag == "div":
            self.answers.append("gmail_quote" in values.get("class", "").split())
        elif tag == "blockquote":
            self.quote("gmail_quote" in values.get("class", "").split())

    def quote(self, of_gmail: bool) -> None:
        """Begin a quotation. Gmail puts what it quotes by itself into a `div`; alone it is what the writer set off."""
        self.prefixes.append("    " if of_gmail and not any(self.answers) else "> ")

    def bullet(self) -> str:
        if not self.lists or self.lists[-1] is None:
            return "- "
        self.lists[-1] += 1
        return f"{self.lists[-1]}. "

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end_line()
        if tag == "blockquote" and self.prefixes:
            self.prefixes.pop()
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "div" and self.answers:
            self.answers.pop()
        elif tag == "a" and self.links:
            self.end_link(*self.links.pop())
        elif tag == "pre":
            self.preformatted = max(0, self.preformatted - 1)
        self.ask_for_blank(tag in PARAGRAPHS)

    def ask_for_blank(self, asked: bool) -> None:
        """Remember that an empty line stands before the next one, marked as the outer of the two texts is."""
        if asked:
            prefix = "".join(self.prefixes[:DEEPEST_QUOTATION]).rstrip()
            self.blank = prefix if self.blank is None else min(self.blank, prefix, key=len)

    def end_link(self, address: str, start: int) -> None:
        words = self.line[start:].strip() if start <= len(self.line) else self.line.strip()
        said = address.removeprefix("mailto:").rstrip("/")
        if address and said not in words and not (address.startswith("mailto:") and "@" in words):
            self.line += f" <{address}>" if words else f"<{address}>"

    def handle_data(self, data: str) -> None:
        if self.preformatted:
            first, *rest = data.replace("\r\n", "\n").split("\n")
            self.line += first
            for line in rest:
                self.end_line(even_empty=True)
                self.line = line
            return
        words = re.sub(r"[ \t\r\n\f]+", " ", data)
        self.line += words.lstrip(" ") if not self.line or self.line.endswith((" ", "\t")) else words

    def end_line(self, *, even_empty: bool = False) -> None:
        """Write the line so far, with a blank one before it where a paragraph began."""
        line = self.line.replace("\xa0", " ").rstrip()
        self.line = ""
        if not line and not even_empty:
            return
        prefix = "".join(self.prefixes[:DEEPEST_QUOTATION])
        if self.blank is not None and self.lines:
            self.lines.append(self.blank)
        self.blank = None
        self.lines.append((prefix + line).rstrip())

    def text(self) -> str:
        """Return all lines, never more than two empty ones in a row."""
        self.end_line()
        return re.sub(r"\n{4,}", "\n\n\n", "\n".join(self.lines)).strip("\n")


def from_text(text: str) -> str:
    """Return plain text as HTML that looks the same."""
    return f'<div style="white-space: pre-wrap">{nh3.clean_text(text)}</div>' if text.strip() else ""
