"""Documents say what they are given, as text and nothing else."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.kernel.documents import rendering
from mainstay.kernel.documents.engine.description import (
    Document,
    Entry,
    Facts,
    History,
    Section,
    Table,
    Text,
    as_data,
)
from mainstay.kernel.documents.engine.names import file_name
from mainstay.kernel.documents.rendering import as_html, as_pdf
from tests.sizes import size

#: What a typesetter would read as commands, were it read as markup.
MARKUP = (
    "= A heading",
    "#panic()",
    '#import "@preview/cetz:0.3.0"',
    '#read("/etc/passwd")',
    '#image("/etc/passwd")',
    "$ x^2 $",
    "*strong* _emphasised_ `raw` <label> @reference",
    '#link("https://elsewhere.example")[go]',
    "#set page(width: 1pt)",
    '"] #panic() [',
    "\\u{41} \\ // comment /* comment",
    "<script>window.__pwned=1</script>",
    "{{ 7 * 7 }} {% raw %} {page} {pages}",
    "</style><img src=//elsewhere.example/x onerror=window.__pwned=1>",
)
TEXTS = st.one_of(st.sampled_from(MARKUP), st.text(max_size=60), st.lists(st.sampled_from(MARKUP)).map("\n".join))


def described(text: str) -> Document:
    """A document that says `text` in every place it has."""
    return Document(
        number=text,
        title=text,
        kind=text,
        language="en",
        made=text,
        page=text,
        facts=Facts(((text, text),)),
        sections=(
            Section(
                text,
                (
                    Facts(((text, text), (text, text))),
                    Text(text),
                    Table((text, text), ((text, text),), (1, 2)),
                    History((Entry("said", text, text, text, text, (text,)), Entry("happened", "", text, text))),
                ),
            ),
        ),
        notice=text,
    )


def elements(document: Document, kind: str) -> list[Any]:
    """Every element of a kind that the typesetter made of a document."""
    found = typst.query(
        str(rendering.TEMPLATE),
        kind,
        root=str(rendering.TEMPLATE.parent),
        font_paths=rendering._fonts(),
        sys_inputs={"document": json.dumps(as_data(document))},
    )
    return json.loads(found)


@settings(max_examples=size("texts set as documents"), deadline=None)
@given(TEXTS)
def test_no_text_is_read_as_markup_in_a_pdf(text: str) -> None:
    document = described(text)
    assert as_pdf(document).startswith(b"%PDF-")
    made = elements(document, "selector(heading).or(raw).or(image).or(link).or(ref).or(math.equation).or(emph)")
    assert [(each["func"], each["level"]) for each in made] == [("heading", 1), ("heading", 2)]
    assert [heading["body"].get("text", "") for heading in made] == [as_data(document)["title"]] * 2


@settings(max_examples=size("texts set as documents"), deadline=None)
@given(TEXTS)
def test_no_text_is_read_as_markup_in_html(text: str) -> None:
    assert tags(as_html(described(text))) == tags(as_html(described(text and "word")))


def tags(page: bytes) -> list[tuple[str, list[str]]]:
    """Every element of a page with the names of its attributes."""
    reader = Tags()
    reader.feed(page.decode())
    return reader.found


class Tags(HTMLParser):
    """Reads a page as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _value in attributes]))


def test_a_page_of_html_fetches_nothing_and_runs_nothing() -> None:
    page = as_html(described("word")).decode()
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert re.findall(r"\b(?<!-)(?:src|href|action)\b|url\(|@import|<script", page) == []


def test_a_pdf_has_its_fonts_in_it_and_is_tagged() -> None:
    made = as_pdf(described("Grüße, καλημέρα, привет"))
    assert b"NotoSans" in made
    assert b"FontFile" in made
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made


def test_a_long_word_may_break_and_control_characters_are_gone() -> None:
    assert as_data(described("x" * 100))["title"] == "\u200b".join(("x" * 32, "x" * 32, "x" * 32, "x" * 4))
    assert as_data(described("a\x00\x07b\r\nc"))["title"] == "ab\nc"


def test_a_document_is_of_as_many_pages_as_it_needs() -> None:
    entries = tuple(Entry("said", "Ada", "today", f"Line {number}") for number in range(100))
    long = replace(described("word"), sections=(Section("History", (History(entries),)),))
    assert len(re.findall(rb"/Type\s*/Page\b", as_pdf(long))) > 3


@given(st.text(max_size=200), st.sampled_from(("pdf", "html")))
def test_a_file_name_fits_every_system_and_header(words: str, ending: str) -> None:
    assert re.fullmatch(rf"[A-Za-z0-9][A-Za-z0-9.-]{{0,79}}\.{ending}", file_name(words, ending)) or not re.search(
        "[A-Za-z0-9]", words
    )
    assert re.fullmatch(rf"[A-Za-z0-9.-]+\.{ending}", file_name(words, ending))


def test_a_number_is_the_name_of_its_file() -> None:
    assert file_name("INC-000123", "pdf") == "INC-000123.pdf"
    assert file_name('../..\\x"\r\n', "pdf") == "x.pdf"
    assert file_name("…", "html") == "document.html"
