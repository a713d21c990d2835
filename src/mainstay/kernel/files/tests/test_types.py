from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.files.engine.types import UNKNOWN, clean_name, judge

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def test_a_picture_is_taken_for_what_it_is() -> None:
    assert judge("shot.png", PNG, ()).media_type == "image/png"


def test_a_page_that_calls_itself_a_picture_is_refused() -> None:
    assert judge("shot.png", b"<html><script>alert(1)</script>", ()).refusal == "mismatch"


def test_what_a_browser_would_run_has_no_type_of_its_own() -> None:
    for name, head in (
        ("a.html", b"<html>"),
        ("a.svg", b"<svg onload=alert(1)>"),
        ("a.xml", b"<?xml"),
        ("a.xyz", b"<"),
    ):
        assert judge(name, head, ()).media_type == UNKNOWN


def test_a_program_is_refused_under_any_name_unless_programs_are_allowed() -> None:
    assert judge("holiday.png", b"MZ\x90\x00", ("exe",)).refusal == "blocked"
    assert judge("notes.xyz", b"\x7fELF\x02", ("elf",)).refusal == "blocked"
    assert judge("setup.EXE", b"anything", ("exe",)).refusal == "blocked"
    assert judge("setup.exe", b"MZ\x90\x00", ()).refusal == ""


def test_binary_data_is_no_text() -> None:
    assert judge("a.txt", b"abc\x00def", ()).refusal == "mismatch"
    assert judge("a.txt", "abc".encode("utf-16"), ()).refusal == ""


def test_a_name_keeps_no_path_no_control_and_no_direction_characters() -> None:
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("C:\\temp\\bill.pdf") == "bill.pdf"
    assert clean_name("bill\u202efdp.exe") == "billfdp.exe"
    assert clean_name("a\r\nSet-Cookie: x\x00.txt") == "aSet-Cookie: x.txt"
    assert clean_name("CON.txt") == "_CON.txt"
    assert clean_name("/") == clean_name("\x00") == clean_name("..") == "file"
    assert clean_name("a" * 4000 + ".pdf") == "a" * 251 + ".pdf"


@given(st.text(max_size=400))
def test_any_name_becomes_a_short_plain_one(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= 255
    assert not set(cleaned) & set("/\\\r\n\x00\u202e")
    assert cleaned not in (".", "..")
    assert clean_name(cleaned) == cleaned


@given(st.text(max_size=60), st.binary(max_size=64))
def test_whatever_is_sent_gets_a_judgement(name: str, head: bytes) -> None:
    assert judge(clean_name(name), head, ("exe",)).refusal in ("", "blocked", "mismatch")
