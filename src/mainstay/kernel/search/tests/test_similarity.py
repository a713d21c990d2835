from collections import Counter
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.search.engine.corrections import numbers_nearly_meant, plain_words, replaced
from mainstay.kernel.search.engine.similarity import likeness, profile, rarity, telling, vector, words

TEXTS = st.text(alphabet="ab cdé1-", max_size=40)


def test_words_are_letters_and_digits_in_small_letters() -> None:
    assert list(words("Paper-jam: ERROR 0x80 a\u00c4\u00d6 x")) == ["paper", "jam", "error", "0x80", "a\u00e4\u00f6"]
    assert profile("Printer", "printer jam") == Counter({"printer": 4, "jam": 1})


def test_rare_words_tell_more_than_common_ones() -> None:
    documents, total = {"the": 100, "fuser": 2, "printer": 20}, 100
    assert rarity(2, total) > rarity(20, total) > rarity(100, total) == 1
    asked = vector(profile("", "the printer fuser"), documents, total)
    near, far = (vector(profile("", text), documents, total) for text in ("the fuser", "the printer"))
    assert likeness(asked, near) > likeness(asked, far) > 0


def test_candidates_are_found_by_the_rarest_words_that_occur_elsewhere() -> None:
    documents = {"the": 100, "fuser": 2, "printer": 20}
    weights = vector(profile("", "the printer fuser alone unknown"), documents, 100)
    assert telling(weights, documents, 30) == ["fuser", "printer"]
    assert telling(weights, documents, 1) == ["fuser"]
    assert telling(weights, {}, 30) == []


@given(TEXTS, TEXTS, st.dictionaries(st.sampled_from(["ab", "cd", "é1"]), st.integers(0, 50)), st.integers(0, 100))
def test_likeness_is_mutual_bounded_and_whole_for_the_same_words(
    one: str, other: str, documents: dict[str, int], total: int
) -> None:
    first, second = (vector(profile(text, text), documents, total) for text in (one, other))
    assert isclose(likeness(first, second), likeness(second, first))
    assert -1e-9 <= likeness(first, second) <= 1 + 1e-9
    assert isclose(likeness(first, first), 1) or not first


def test_only_plain_words_can_be_misspelt() -> None:
    assert plain_words('Pritner "dispaly nothing" -jams 12 srv014 the pritner') == ["pritner"]
    assert replaced('Pritner "pritner x" -pritner', {"pritner": "printer"}) == 'printer "pritner x" -pritner'


def test_a_number_is_understood_with_one_slip_in_its_letters() -> None:
    for text in ("INC 123", "ICN-123", "IN-123", "inc-l23", "incc123"):
        assert numbers_nearly_meant(text, ["INC", "SD"]) == ["INC-000123"], text
    for text in ("XYZ-123", "123", "printer 1 2", ""):
        assert numbers_nearly_meant(text, ["INC", "SD"]) == []


@given(st.text(max_size=60))
def test_any_text_is_looked_through(text: str) -> None:
    assert replaced(text, {}).split() == text.split() or '"' in text
    assert all(len(word) >= 4 for word in plain_words(text))
    numbers_nearly_meant(text, ["INC"])
