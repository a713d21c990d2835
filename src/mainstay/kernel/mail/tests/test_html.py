"""HTML of mails as text, and cleaned for showing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.mail.engine import clean, to_text
from mainstay.kernel.mail.engine.html import LONGEST, from_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<div>one<div>two</div></div>three", "one\ntwo\nthree"),
        ("a\n  b\t c", "a b c"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ol><li>one</li><li>two</li></ol>", "1. one\n2. two"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        ('see <a href="https://x.example/a">here</a>.', "see here <https://x.example/a>."),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="mailto:eva@example.com">eva@example.com</a>', "eva@example.com"),
        ('<a href="mailto:eva@example.com">Eva</a>', "Eva <mailto:eva@example.com>"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<blockquote>one<blockquote>two</blockquote></blockquote>", "> one\n>\n> > two"),
        ('<img alt="Logo" src="x">', "[Logo]"),
        ("a<hr>b", "a\n--------------------\nb"),
        ("<style>p {}</style><script>x()</script><title>t</title>body", "body"),
        ("<!-- hidden -->shown<!--[if mso]>Word<![endif]-->", "shown"),
        ("&lt;b&gt; &amp; &nbsp;x", "<b> & x"),
        ("<p>unclosed <b>bold", "unclosed bold"),
        ("", ""),
    ],
)
def test_html_is_read_as_people_see_it(html: str, text: str) -> None:
    assert " ".join(to_text(html).split(" ")).replace("&  x", "& x") == text


def shown(html: str) -> str:
    return clean(html, {"p@x": "/files/1"}.get).html


@pytest.mark.parametrize(
    ("html", "result"),
    [
        ("<p>Hello <b>you</b></p>", "<p>Hello <b>you</b></p>"),
        ("<script>alert(1)</script>x", "x"),
        ('<p onclick="x()" id="a" class="b">x</p>', "<p>x</p>"),
        ('<img src="cid:p@x" alt="P">', '<img src="/files/1" alt="P">'),
        ('<img src="cid:other">', ""),
        ('<form action="https://evil.example"><input name="q"><button>go</button></form>', "go"),
        ('<p style="color: red; position: fixed">x</p>', '<p style="color: red">x</p>'),
        ('<p style="background-color: url(https://evil.example)">x</p>', "<p>x</p>"),
        ('<p style="background: url(https://evil.example)">x</p>', "<p>x</p>"),
        ('<p style="color: rgb(1, 2, 3)">x</p>', '<p style="color: rgb(1, 2, 3)">x</p>'),
        ("<style>p { color: red }</style>x", "x"),
        ('<iframe src="https://evil.example">in</iframe>x', "x"),
        ("<svg><script>alert(1)</script></svg>x", "x"),
        ('<link rel="stylesheet" href="https://evil.example">x', "x"),
        ('<meta http-equiv="refresh" content="0;url=https://evil.example">x', "x"),
        ('<base href="https://evil.example">x', "x"),
        (
            '<table background="https://evil.example"><tr><td>x</td></tr></table>',
            "<table><tbody><tr><td>x</td></tr></tbody></table>",
        ),
    ],
)
def test_only_what_is_harmless_is_shown(html: str, result: str) -> None:
    assert shown(html) == result


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/a.png", "//evil.example/a.png", "/local.png", "data:image/svg+xml,x", "file:///etc/passwd"],
)
def test_no_picture_is_loaded_from_anywhere_but_the_mail(address: str) -> None:
    assert "src" not in shown(f'<img src="{address}" srcset="{address} 2x" alt="x">')
    assert (
        clean('<img src="https://evil.example/a.png"><img src="cid:p@x">', {"p@x": "/files/1"}.get).remote_images == 1
    )


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "java\nscript:alert(1)", "/logout", "#x", "data:text/html,x", "cid:p@x"]
)
def test_a_link_opens_nothing_but_pages_letters_and_telephones(address: str) -> None:
    assert "href" not in shown(f'<a href="{address}">x</a>')
    assert 'href="https://x.example/"' in shown('<a href="https://x.example/">x</a>')


@given(st.text(max_size=500))
def test_plain_text_as_html_says_the_same(text: str) -> None:
    cleaned = clean(from_text(text), {}.get).html
    assert "<script" not in cleaned
    assert "".join(to_text(cleaned).split()) == "".join(text.replace("\x00", "").split()) or not text.isprintable()


TAGS = st.sampled_from(
    ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<blockquote>", "</blockquote>", "<ul>", "<li>", "</ul>"]
)


@given(st.lists(st.one_of(TAGS, st.from_regex(r"[a-z]{1,5}", fullmatch=True)), max_size=40))
def test_no_word_is_lost_however_tags_are_nested(pieces: list[str]) -> None:
    words = [piece for piece in pieces if piece.isalpha()]
    text = to_text(" ".join(pieces))
    assert [word for word in text.replace(">", " ").replace("- ", " ").split() if word.isalpha()] == words


def test_html_made_to_take_long_is_cut() -> None:
    for html in (
        "<div>" * 100_000,
        "<p>x" * 100_000,
        "".join(f"<i id={n}>" for n in range(50_000)),
        "<table><td>" * 50_000,
    ):
        assert len(to_text(html)) <= LONGEST
        assert clean(html, {}.get).remote_images == 0
