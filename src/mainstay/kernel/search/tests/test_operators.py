from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.search.engine.nearness import likeness, nearest, slips, tolerated, trigrams
from mainstay.kernel.search.engine.operators import Asked, Operator, parsed, written

KNOWN = ("state", "team")


def test_operators_are_told_from_the_words_around_them() -> None:
    assert parsed('printer state:open,new -team:"service desk" "exact words" -not', KNOWN) == Asked(
        'printer "exact words" -not',
        (Operator("state", ("open", "new")), Operator("team", ("service desk",), excluded=True)),
    )
    assert parsed("STATE:Open").operators == (Operator("state", ("Open",)),)


def test_what_merely_has_a_colon_is_a_word() -> None:
    for text in ("https://example.com/a", "C:\\temp", "std::string", "12:30", "error: paper jam", '"state:open"', ":"):
        assert parsed(text, KNOWN) == Asked(text)


def test_an_operator_without_a_value_is_still_one() -> None:
    assert parsed("state:", KNOWN).operators == (Operator("state", ()),)
    assert parsed("team:, x", KNOWN) == Asked("x", (Operator("team", ()),))


def test_an_unknown_operator_is_not_dropped() -> None:
    assert parsed("colour:red", KNOWN).operators == (Operator("colour", ("red",)),)


@given(st.text(alphabet=st.sampled_from(list('ab:,-" /é0')), max_size=60) | st.text(max_size=60))
def test_any_text_is_taken_apart_and_put_together_again(text: str) -> None:
    asked = parsed(text, KNOWN)
    assert parsed(written(asked), KNOWN) == asked
    assert all(value and '"' not in value for each in asked.operators for value in each.values)


VALUES = st.text(alphabet=st.sampled_from(list("ab:,- /é")), min_size=1, max_size=6).map(str.strip).filter(bool)
OPERATORS = st.builds(
    Operator,
    st.sampled_from(("team", "état", "x1")),
    st.lists(VALUES, min_size=1, max_size=3, unique=True).map(tuple),
    st.booleans(),
)


@given(st.lists(OPERATORS, max_size=4).map(tuple))
def test_every_value_is_written_so_that_it_is_read_again(operators: tuple[Operator, ...]) -> None:
    assert parsed(written(Asked("printer", operators))) == Asked("printer", operators)


@given(st.text(alphabet=st.sampled_from(list('ab:,-" /')), max_size=60))
def test_no_letter_is_lost_between_words_and_operators(text: str) -> None:
    asked = parsed(text)
    kept = asked.words + "".join(each.name + "".join(each.values) for each in asked.operators)
    assert set(kept) & set("ab") == set(text) & set("ab")


def test_slips_of_the_keys_are_counted_once() -> None:
    assert [slips(word, "printer") for word in ("printer", "pritner", "priner", "prinnter", "prunter", "")] == [
        *(0, 1, 1, 1, 1, 7)
    ]
    assert (tolerated("mouse"), tolerated("printer")) == (1, 2)


@given(st.text(max_size=12), st.text(max_size=12))
def test_nearness_is_mutual_and_bounded(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) == (one == other)
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert all(len(group) == 3 for group in trigrams(one))


def test_the_nearest_names_come_first() -> None:
    assert nearest("netwrok", {"network": "network", "desk": "desk", "networks": "nets"}) == ["network", "nets"]
    assert nearest("dsk", {"desk": "desk", "wall": "wall"}) == ["desk"]
    assert nearest("", {"network": "network"}) == []
