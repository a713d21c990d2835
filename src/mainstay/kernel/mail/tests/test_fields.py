"""Character sets, encoded words and addresses, however they are written."""

import pytest

from mainstay.kernel.mail.engine import Mailbox, read
from mainstay.kernel.mail.engine.addresses import MOST
from mainstay.kernel.mail.engine.fields import MOST_FIELDS
from mainstay.kernel.mail.tests.letters import mail, slugs

CHINESE = "您好，打印机不能工作了，请问什么时候可以派人来看看？谢谢。"
TAIWANESE = "您好，印表機不能使用了，請問什麼時候可以派人來看看？謝謝。"
JAPANESE = "プリンターが動きません。いつ修理できますか？よろしくお願いします。"
KOREAN = "프린터가 작동하지 않습니다. 언제 수리할 수 있습니까? 감사합니다."
RUSSIAN = "Здравствуйте, принтер не работает. Когда его починят? Спасибо."


@pytest.mark.parametrize(
    "declared", ["", "; charset=us-ascii", "; charset=iso-8859-1", "; charset=x-none", "; charset=utf-8"]
)
@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CHINESE, "gb18030"),
        (CHINESE, "gb2312"),
        (TAIWANESE, "big5"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "iso2022_jp"),
        (KOREAN, "euc_kr"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        ("Grüße aus Köln – bitte prüfen", "cp1252"),
        ("Grüße aus Köln", "utf-8"),
    ],
)
def test_a_character_set_that_is_not_or_wrongly_named_is_recognised(text: str, charset: str, declared: str) -> None:
    letter = mail(text.encode(charset), f"text/plain{declared}")
    assert letter.text == text
    if charset not in ("utf-8", "cp1252"):
        assert slugs(letter) & {"charset_guessed", "charset_wrong"}


@pytest.mark.parametrize(
    "charset", ["gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "iso-2022-jp", "ks_c_5601-1987", "utf-7"]
)
def test_a_character_set_that_is_rightly_named_is_no_problem(charset: str) -> None:
    text = {"big5": TAIWANESE, "gb18030": CHINESE, "euc_kr": KOREAN, "ks_c_5601-1987": KOREAN}.get(charset, JAPANESE)
    encoded = text.encode({"ks_c_5601-1987": "cp949"}.get(charset, charset))
    letter = mail(encoded, f"text/plain; charset={charset}")
    assert (letter.text, slugs(letter)) == (text, set())


@pytest.mark.parametrize("text", [CHINESE, TAIWANESE, JAPANESE, KOREAN])
def test_a_raw_subject_in_an_asian_character_set_is_read(text: str) -> None:
    charset = {CHINESE: "gb18030", TAIWANESE: "big5", JAPANESE: "shift_jis", KOREAN: "euc_kr"}[text]
    letter = read(b"From: a@example.com\r\nSubject: " + text.encode(charset) + b"\r\n\r\nHello")
    assert letter.subject == text


@pytest.mark.parametrize(
    ("written", "subject", "problem"),
    [
        (b"=?utf-8?q?Dr=C3=BCcker?=", "Drücker", ""),
        (b"=?UTF-8?Q?Dr=C3?= =?UTF-8?Q?=BCcker?=", "Drücker", ""),  # a character cut in two
        (b"=?utf-8?b?RHLDvGNrZXI?=", "Drücker", ""),  # without padding
        (b"=?utf-8?Q?Dr=C3=BCcker ist kaputt?=", "Drücker ist kaputt", ""),  # blanks inside
        (b"=?utf-8?Q?Dr=C3=BC\r\n cker?=", "Drü cker", ""),  # folded inside
        (b"a =?utf-8?q?b?= =?utf-8?q?c?= d", "a bc d", ""),
        (b"=?iso-2022-jp?B?GyRCJF4kXyRgGyhC?=", "まみむ", ""),
        (b"=?utf-8*de?Q?gr=C3=BCn?=", "grün", ""),  # with a language, RFC 2231
        (b"=?none?Q?plain?=", "plain", "encoded_word_broken"),
        (b"=?utf-8?Q?gr=C3=BCn", "=?utf-8?Q?gr=C3=BCn", "encoded_word_broken"),
        (b"=?us-ascii?Q?gr=FCn?=", "grün", ""),
        ("grün".encode(), "grün", ""),  # RFC 6532
    ],
)
def test_encoded_words_are_read_however_they_are_broken(written: bytes, subject: str, problem: str) -> None:
    letter = read(b"From: a@example.com\r\nSubject: " + written + b"\r\n\r\nHello")
    assert (letter.subject, slugs(letter)) == (subject, {problem} - {""})


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("Eva <eva@example.com>", "Eva", "eva@example.com"),
        ("eva@EXAMPLE.com", "", "eva@example.com"),
        ("eva@example.com (Eva B.)", "Eva B.", "eva@example.com"),
        ('"Beispiel, Eva" <eva@example.com>', "Beispiel, Eva", "eva@example.com"),
        ("Beispiel, Eva <eva@example.com>", "Eva", "eva@example.com"),
        ('"eva@other.example" <eva@example.com>', "eva@other.example", "eva@example.com"),
        ("Eva eva@example.com", "Eva", "eva@example.com"),
        ("<eva@example.com", "", "eva@example.com"),
        ("Eva <<eva@example.com>>", "Eva", "eva@example.com"),
        ("Eva <mailto:eva@example.com>", "Eva", "eva@example.com"),
        ("=?utf-8?q?Eva_=3Cx=40y.example=3E?= <eva@example.com>", "Eva <x@y.example", "eva@example.com"),
        ("=?utf-8?q?Eva=2C_Desk?= <eva@example.com>", "Eva, Desk", "eva@example.com"),
        ("Eva <eva@münchen.example>", "Eva", "eva@münchen.example"),
        ("Team: Eva <eva@example.com>, b@example.com;", "Eva", "eva@example.com"),
        ("Eva <eva @ example . com>", "Eva", "eva@example.com"),
        ("Eva\r\n\t<eva@example.com>", "Eva", "eva@example.com"),
    ],
)
def test_a_sender_is_read_however_it_is_written(written: str, name: str, address: str) -> None:
    letter = read(f"From: {written}\r\nSubject: x\r\n\r\nHello".encode())
    assert (letter.sender, letter.refused) == (Mailbox(name, address), None)


def test_a_list_of_addresses_longer_than_the_limit_says_so() -> None:
    letter = read(
        b"From: a@example.com\r\nTo: " + b", ".join(b"u%d@x.example" % n for n in range(9_000)) + b"\r\n\r\nx"
    )
    assert letter.to[0] == Mailbox("", "u0@x.example")
    assert len(letter.to) == MOST
    assert "addresses_broken" in slugs(letter)


def test_fields_beyond_the_limit_are_read_as_the_body() -> None:
    letter = read(
        b"From: a@example.com\r\n" + b"".join(b"X-%d: v%dv\r\n" % (n, n) for n in range(2 * MOST_FIELDS)) + b"\r\nx"
    )
    assert len(letter.headers) == MOST_FIELDS
    assert "header_broken" in slugs(letter)
    assert f"v{2 * MOST_FIELDS - 1}v" in letter.text


def test_another_field_stands_in_for_a_sender_that_is_not_usable() -> None:
    letter = read(b"From: Eva\r\nReply-To: eva@example.com\r\nSubject: x\r\n\r\nHello")
    assert letter.sender == Mailbox("", "eva@example.com")
    assert "sender_substituted" in slugs(letter)
