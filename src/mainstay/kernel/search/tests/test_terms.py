from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.search.engine.excerpts import BEGIN, END, Piece, pieces
from mainstay.kernel.search.engine.terms import Terms, numbers_meant, taken_apart


def test_the_last_word_may_be_a_beginning() -> None:
    assert taken_apart("printer  jamm") == Terms("printer jamm", "printer", "jamm")
    assert taken_apart("printer") == Terms("printer", "", "printer")


def test_what_is_no_plain_last_word_is_not_completed() -> None:
    for text in ("pr", '"paper jam', "printer -jam", "printer or jam", "jam!", "mail@example"):
        assert taken_apart(text).prefix == "", text


def test_a_number_is_understood_as_people_write_it() -> None:
    for text in ("INC-000123", "inc-123", "inc123", "123", " 123 "):
        assert numbers_meant(text, ["INC"]) == ["INC-000123"]
    assert numbers_meant("123", ["INC", "REQ"]) == ["INC-000123", "REQ-000123"]
    for text in ("REQ-123", "123 printers", "", "INC", "1" * 20):
        assert numbers_meant(text, ["INC"]) == []


def test_an_excerpt_tells_what_was_found_from_what_stands_around_it() -> None:
    marked = f"The {BEGIN}printer{END} on\nfloor 2"
    assert pieces(marked) == [Piece("The ", False), Piece("printer", True), Piece(" on floor 2", False)]


@given(st.text(max_size=300))
def test_anything_typed_is_taken_apart_without_control_characters(text: str) -> None:
    terms = taken_apart(text)
    assert len(terms.text) <= 200
    assert terms.text.isprintable()
    assert terms.text.endswith(terms.prefix)


@given(st.text(max_size=100).map(lambda text: text.replace(BEGIN, "").replace(END, "")))
def test_no_word_of_an_excerpt_is_lost(text: str) -> None:
    assert "".join(piece.text for piece in pieces(text)) == " ".join(text.split())
