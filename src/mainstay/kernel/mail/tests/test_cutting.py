"""Cutting a reply: the pieces that two public collections state, and what holds for every text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.mail.engine.cutting import Kind, cut, shown, written
from mainstay.kernel.mail.engine.html import to_text
from mainstay.kernel.mail.engine.reading import read
from mainstay.kernel.mail.tests.corpus import REPLIES, TALON, needs_the_mails, stated

R, Q, S = Kind.REPLY, Kind.QUOTED, Kind.SIGNATURE
#: The pieces of each text and which of them are hidden, as the collection's own test states them.
PIECES = {
    "email_1_1": [(R, False), (S, True), (S, True)],
    "email_1_2": [(R, False), (Q, False), (R, False), (Q, True), (R, True), (S, True)],
    "email_1_3": [(R, False), (S, True), (Q, True), (R, True), (S, True)],
    "email_1_8": [(Q, False), (R, False), (Q, False), (R, False), (Q, True), (R, True), (S, True)],
    "correct_sig": [(R, False), (S, True)],
    "greedy_on": [(R, False), (Q, True), (R, True)],
    "email_1_5": [(R, False)],
    "email_sig_delimiter_in_middle_of_line": [(R, False)],
}
#: How the first pieces begin.
BEGINNINGS = {
    "email_1_1": ["Hi folks", "-Abhishek Kona\n\n", "____"],
    "email_1_2": ["Hi,", "On Tue", "\nYou can list", "> ", "", "____"],
    "email_1_3": ["Oh thanks.\n\nHaving", "-A", "On 01/03/11", "", "____"],
    "email_1_4": ["Awesome", "On Aug 22"],
    "email_1_6": ["I get", "On Dec 16"],
    "email_1_7": [":+1:", "On Tue"],
    "email_1_8": ["On Tue", "\nI will reply", ">\n> okay?", "\nand under this.", ">", "\n", "--\nHey there"],
    "email_one_is_not_on": ["Thank, this", "On Oct 1, 2012"],
    "greedy_on": ["On your remote host", "On 9 Jan 2014"],
}
#: What is to be read at once.
SHOWN = {
    "email_2_1": "Outlook with a reply",
    "email_2_2": "Outlook with a reply directly above line",
    "email_2_3": "Outlook with a reply directly above line",
    "email_iPhone": "Here is another email",
    "email_BlackBerry": "Here is another email",
    "email_multi_word_sent_from_my_mobile_device": "Here is another email",
    "email_sent_from_my_not_signature": (
        "Here is another email\n\nSent from my desk, is much easier then my mobile phone."
    ),
    "email_bullets": (
        "test 2 this should list second\n\nand have spaces\n\nand retain this formatting\n\n\n"
        "   - how about bullets\n   - and another"
    ),
}


def text_of(name: str) -> str:
    return (REPLIES / f"{name}.txt").read_bytes().decode()


@needs_the_mails
@pytest.mark.parametrize("name", PIECES)
def test_a_reply_falls_into_the_pieces_stated(name: str) -> None:
    assert [(piece.kind, piece.hidden) for piece in cut(text_of(name))] == PIECES[name]


@needs_the_mails
@pytest.mark.parametrize("name", BEGINNINGS)
def test_each_piece_begins_where_it_is_stated_to(name: str) -> None:
    pieces = cut(text_of(name))
    assert [piece.text[: len(start)] for piece, start in zip(pieces, BEGINNINGS[name], strict=False)] == BEGINNINGS[
        name
    ]


@needs_the_mails
@pytest.mark.parametrize("name", SHOWN)
def test_what_is_shown_of_a_reply_is_what_is_stated(name: str) -> None:
    assert shown(cut(text_of(name))) == SHOWN[name]


@needs_the_mails
def test_long_lines_of_marks_are_cut_at_once() -> None:
    assert len(cut(text_of("email_long_quote"))) == 5
    assert shown(cut(text_of("pathological"))).startswith("I think")
    assert "Loader" in cut(text_of("email_1_4"))[1].text


@needs_the_mails
def test_what_a_writer_wrote_is_what_talon_states() -> None:
    cases = list(stated("text_quotations_test.py", "extract_from_plain"))
    assert len(cases) > 40
    wrong = [(name, text, written(cut(text)), result) for name, text, result in cases if written(cut(text)) != result]
    assert wrong == []


@needs_the_mails
def test_quotations_between_words_for_an_original_message_are_cut() -> None:
    words = re.findall(r"_check_pattern_original_message\(u?'(.+)'\)", (TALON / "text_quotations_test.py").read_text())
    assert len(words) > 4
    for word in words:
        assert written(cut(f"Test reply\n\n-----{word}-----\n\nTest")) == "Test reply", word


@needs_the_mails
@pytest.mark.parametrize(
    "path", sorted((TALON / "fixtures" / "standard_replies").glob("*.eml")), ids=lambda path: path.stem
)
def test_the_replies_of_common_programs_are_cut(path) -> None:
    expected = path.with_name(f"{path.stem}_reply_text")
    result = expected.read_text().strip() if expected.exists() else "Hello"
    assert written(cut(read(path.read_bytes()).text)) == result


def blanks_out(text: str) -> str:
    return re.sub(r"\s|-{5,}$", "", text).rstrip("-")


#: Where the collection cuts more than the quotation: a signature above a rule is part of what the writer wrote.
OTHERWISE = {"test_reply_separated_by_hr"}


@needs_the_mails
def test_what_a_writer_wrote_in_html_is_what_talon_states() -> None:
    cases = [case for case in stated("html_quotations_test.py", "extract_from_html") if isinstance(case[2], str)]
    assert len(cases) > 12
    wrong = [
        (name, found, to_text(result))
        for name, html, result in cases
        if name not in OTHERWISE and blanks_out(found := written(cut(to_text(html)))) != blanks_out(to_text(result))
    ]
    assert wrong == []


@needs_the_mails
@pytest.mark.parametrize(
    "path", sorted((TALON / "fixtures" / "html_replies").glob("*.html")), ids=lambda path: path.stem
)
def test_html_replies_of_common_programs_are_cut(path) -> None:
    own = written(cut(to_text(path.read_text())))
    assert blanks_out(own) == "Hi.Iamfine.Thanks,Alex"


@needs_the_mails
def test_html_that_shares_a_block_with_its_quotation_is_cut() -> None:
    fixtures = TALON / "fixtures"
    assert written(cut(to_text((fixtures / "OLK_SRC_BODY_SECTION.html").read_text()))) == "Reply"
    assert "From" not in written(cut(read((fixtures / "reply-quotations-share-block.eml").read_bytes()).text))
    separated = written(cut(to_text((fixtures / "reply-separated-by-hr.html").read_text())))
    assert separated.split() == ["Hi", "there", "Bob"]


@pytest.mark.parametrize(
    "line",
    [
        "Am 03.05.2026 um 09:12 schrieb Eva Beispiel <eva@example.com>:",
        "Am Mo., 3. Mai 2026 um 09:12 Uhr schrieb Eva Beispiel <eva@example.com>:",
        "Le lun. 3 mai 2026 à 09:12, Eva Beispiel <eva@example.com> a écrit :",
        "El lun, 3 may 2026 a las 9:12, Eva Beispiel (<eva@example.com>) escribió:",
        "Il giorno lun 3 mag 2026 alle ore 09:12 Eva Beispiel <eva@example.com> ha scritto:",
        "Em seg., 3 de mai. de 2026 às 09:12, Eva Beispiel <eva@example.com> escreveu:",
        "Op ma 3 mei 2026 om 09:12 schreef Eva Beispiel <eva@example.com>:",
        "Den mån 3 maj 2026 kl 09:12 skrev Eva Beispiel <eva@example.com>:",
        "pon., 3 maj 2026 o 09:12 Eva Beispiel <eva@example.com> napisał(a):",
        "po 3. 5. 2026 v 9:12 odesílatel Eva Beispiel <eva@example.com> napsal:",
        "пн, 3 мая 2026 г. в 09:12, Eva Beispiel <eva@example.com>:",
        "ma 3. toukok. 2026 klo 9.12 Eva Beispiel (eva@example.com) kirjoitti:",
        "Eva Beispiel <eva@example.com>, 3 May 2026 Pzt, 09:12 tarihinde şunu yazdı:",
        "2026年5月3日(月) 9:12 Eva Beispiel <eva@example.com>:",
        "Eva Beispiel <eva@example.com> 于2026年5月3日周一 09:12写道：",
        "2026년 5월 3일 (월) 오전 9:12, Eva Beispiel <eva@example.com>님이 작성:",
        "On Mon, May 3, 2026 at 9:12 AM Eva Beispiel <eva@example.com> wrote:",
    ],
)
def test_the_line_above_a_quotation_is_known_in_many_languages(line: str) -> None:
    assert written(cut(f"It works.\n\n{line}\n\n> Does it work?\n> Eva")) == "It works."
    assert written(cut(f"It works.\n\n{line}\nDoes it work?\n\nEva")) == "It works."


def test_a_mail_that_is_passed_on_is_shown_whole() -> None:
    text = "See below.\n\n---------- Forwarded message ---------\nFrom: Eva <eva@example.com>\nDate: 3 May\n\nHelp!"
    assert shown(cut(text)) == text


def test_a_letter_of_nothing_but_quotation_is_shown_whole() -> None:
    pieces = cut("> first\n> second")
    assert [(piece.kind, piece.hidden) for piece in pieces] == [(Q, False)]
    assert written(pieces) == "> first\n> second"


LINES = st.sampled_from(
    [
        "",
        "> quoted",
        "Hello",
        "-- ",
        "--",
        "On 3 May 2026, Eva <e@x.example> wrote:",
        "From: a@b.example",
        "Sent: 3 May 2026",
        "Subject: x",
        "-----Original Message-----",
        "Thanks,",
        "Eva",
        "_" * 20,
        "On",
        "wrote:",
        ">",
        " \t",
        "Sent from my iPhone",
    ]
)


@given(st.one_of(st.text(), st.lists(LINES, max_size=30).map("\n".join)))
def test_every_sign_of_a_letter_is_in_one_of_its_pieces(text: str) -> None:
    pieces = cut(text, "Eva")
    assert "".join("\n".join(piece.text for piece in pieces).split()) == "".join(text.split())


@given(st.lists(LINES, min_size=1, max_size=30).map("\n".join))
def test_nothing_shown_stands_below_something_hidden(text: str) -> None:
    hidden = [piece.hidden for piece in cut(text)]
    assert hidden == sorted(hidden)


def test_a_letter_made_to_take_long_is_cut_in_time_in_proportion() -> None:
    for line in (
        "On " * 100,
        "> " * 200,
        "-" * 300,
        "a" * 400 + " wrote",
        "_ " * 150,
        "2026-05-03 " * 30,
        "From: " * 60,
    ):
        assert cut("\n".join([line] * 3_000))
