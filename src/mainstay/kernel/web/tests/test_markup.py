"""What people type appears as they typed it, and never as markup."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.web.markup import icon, plain_text, time_tag

PIECES = ["<script>", "<b>", "&lt;", '"', "'", "https://a.b/", "javascript:", "\n\n", "\r\n", ">", "onerror=", "x"]


class Reader(HTMLParser):
    """Collects the tags with their attributes, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join))
def test_no_text_becomes_a_tag_other_than_paragraph_break_and_link(text: str) -> None:
    read = Reader(plain_text(text))
    assert {tag for tag, _ in read.tags} <= {"p", "br", "a"}
    for tag, attributes in read.tags:
        assert set(attributes) == ({"href", "rel"} if tag == "a" else set())
        assert tag != "a" or str(attributes["href"]).lower().startswith(("http://", "https://"))


@given(st.text(alphabet=st.characters(blacklist_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))))
def test_every_character_of_a_line_is_kept(text: str) -> None:
    assert Reader(plain_text(text)).text == text


def test_an_address_is_linked_without_the_full_stop_that_ends_the_sentence() -> None:
    assert plain_text("See https://a.example/x?y=1&z=2.") == (
        '<p>See <a href="https://a.example/x?y=1&amp;z=2" rel="nofollow noopener noreferrer">'
        "https://a.example/x?y=1&amp;z=2</a>.</p>"
    )


def test_paragraphs_and_line_breaks_are_kept() -> None:
    assert plain_text("one\r\ntwo\n\nthree") == "<p>one<br>two</p><p>three</p>"


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in icon("check")
    assert 'role="img" aria-label="a &#34;b"' in icon("check", 'a "b')
    with pytest.raises(ValueError, match="not the name of an icon"):
        icon('x" onload="')


def test_no_time_is_nothing() -> None:
    assert time_tag(None) == ""
    assert 'datetime="2026-03-01T12:00:00+00:00"' in time_tag(datetime(2026, 3, 1, 12, tzinfo=UTC))
