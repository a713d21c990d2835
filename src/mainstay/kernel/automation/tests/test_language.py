"""What can be a condition: the types of its parts, the limits, and that all that passes can be asked."""

from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mainstay.kernel.automation.engine.conditions import asked_of, checked, compiled, holds
from mainstay.kernel.automation.engine.language import (
    ATTRIBUTES,
    BOOL,
    INTEGER,
    LIST,
    NUMBER,
    STRING,
    BadCondition,
    fields_in,
)

FIELDS = {
    "title": STRING,
    "team": STRING,
    "impact": INTEGER,
    "assigned": BOOL,
    "categories": LIST,
    "attributes": ATTRIBUTES,
}
CUSTOM = {"room": STRING, "price": NUMBER, "vip": BOOL, "cost-centre": STRING}
FACTS = {
    "title": "The printer is silent",
    "team": "",
    "impact": 2,
    "assigned": False,
    "categories": ["hardware-printer", "hardware"],
    "attributes": {"room": "12", "price": 99.5, "vip": True, "cost-centre": "IT-7"},
}
HOLD = (
    'title.contains("printer")',
    "title.matches('(?i)PRINTER.*silent$')",
    '"hardware" in categories && team == ""',
    "impact in [1, 2] && !assigned",
    "impact <= 2 && impact != 3 && impact > -1",
    'attributes["price"] > 99 && attributes["price"] < 99.75',
    'attributes["vip"] && attributes["cost-centre"].startsWith("IT")',
    'categories.exists(one, one.endsWith("printer")) && categories.all(one, one.startsWith("hard"))',
    "size(title) > 3 && categories.size() == 2",
    '(assigned || impact == 2) && !(team in ["desk", "network"])',
    r"title != 'it\'s' && title != r'\d'",
    'title == "x" || title < "a"',
    "true",
)
REFUSED = {
    "unknown == 1": "field",
    "title == 1": "type",
    "title": "type",
    "impact == '1'": "type",
    "impact + 1 == 2": "unexpected",
    "impact ? true : false": "unexpected",
    "title.foo()": "method",
    "title.contains(1)": "type",
    "title.contains('a'": "incomplete",
    "assigned < true": "compare",
    "categories == categories": "compare",
    "title in categories categories": "left_over",
    "title in impact": "type",
    "impact in categories": "type",
    "title in []": "list",
    "title in ['a', 1]": "list",
    "title in [title]": "list",
    "attributes['nothing'] == ''": "attribute",
    "attributes[title] == ''": "index",
    "title['a'] == ''": "index",
    "attributes == attributes": "compare",
    "categories.exists(x, categories.all(y, x == y))": "nested",
    "categories.exists(title, true)": "variable",
    "categories.exists(x, x.matches('a'))": "patterns",
    "title.matches(team)": "pattern",
    "title.matches('(')": "language",
    "assigned && title.matches('(')": "language",
    "title.matches('a{1001}')": "repetitions",
    "title.matches('((a{30}){30}){30}')": "repetitions",
    f"title.matches('{'a' * 200}')": "pattern",
    "-impact == 1": "minus",
    "-title == 1": "minus",
    r"title == '\q'": "language",
    "title == 'a": "unexpected",
    "": "incomplete",
    "!" * 21 + "assigned": "deep",
    "(" * 21 + "assigned" + ")" * 21: "deep",
    "assigned ||" * 400 + "assigned": "long",
    f"impact in [{', '.join(['1'] * 201)}]": "list",
    "impact == 1234567890123456": "number",
    "has(attributes.room)": "field",
    "__import__('os')": "field",
}


@pytest.mark.parametrize("condition", HOLD)
def test_what_is_written_so_is_kept_and_can_be_asked(condition: str) -> None:
    assert checked(condition, FIELDS, CUSTOM, FACTS) <= FIELDS.keys()
    assert holds(compiled(condition), asked_of(FACTS)) is True


@pytest.mark.parametrize("condition", REFUSED)
def test_what_cannot_be_kept_is_refused_with_the_reason(condition: str) -> None:
    with pytest.raises(BadCondition) as refused:
        checked(condition, FIELDS, CUSTOM, FACTS)
    assert refused.value.problem == REFUSED[condition]


def test_the_fields_that_a_condition_asks_for_are_named() -> None:
    assert fields_in('team == "" && "x" in categories', FIELDS, CUSTOM) == {"team", "categories"}


#: Conditions that stay within the language, made at random.
ATOMS = st.sampled_from(
    [
        'title.contains("a")',
        "impact >= 2",
        "assigned",
        '"b" in categories',
        'team in ["a", ""]',
        'attributes["vip"]',
        'attributes["price"] <= 1.5',
        "categories.all(c, c != team)",
        "title.matches('^[a-c]+$')",
        "size(categories) == 0",
    ]
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds("!({})".format, inner),
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
    ),
    max_leaves=8,
)
TEXTS = st.text("abc \n'\"\\ä漢", max_size=20)
ANY_FACTS = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "team": TEXTS,
        "impact": st.integers(1, 3),
        "assigned": st.booleans(),
        "categories": st.lists(TEXTS, max_size=3),
        "attributes": st.fixed_dictionaries(
            {"room": TEXTS, "price": st.floats(-1e9, 1e9), "vip": st.booleans(), "cost-centre": TEXTS}
        ),
    }
)


@settings(max_examples=60, deadline=None)
@given(CONDITIONS, ANY_FACTS)
def test_what_passes_never_fails_whatever_the_facts(condition: str, facts: dict[str, object]) -> None:
    assume(condition.count("matches") <= 3)
    fields_in(condition, FIELDS, CUSTOM)
    assert holds(compiled(condition), asked_of(facts)) in (True, False)


@settings(max_examples=150, deadline=None)
@given(st.text("tilemacgors.()[]!&|=<>'\"1, -{}\\", max_size=40))
def test_whatever_is_entered_is_kept_or_refused_and_nothing_else(entered: str) -> None:
    with suppress(BadCondition):
        checked(entered, FIELDS, CUSTOM, FACTS)


#: Patterns that take a backtracking engine for ever, each on a text of 10,000 characters that it does not match.
CATASTROPHIC = [
    pattern.format(letter)
    for letter in "abcxyz"
    for pattern in (
        "({0}+)+$",
        "({0}*)*$",
        "({0}|{0})+$",
        "({0}|{0}{0})+$",
        "({0}+){{2,9}}$",
        "(.*{0}){{9}}$",
        "({0}?){{30}}{0}{{30}}$",
        "([{0}-z]+)*$",
        "(.*)*{0}$",
        "^(({0})+)+$",
    )
]


@pytest.mark.parametrize("pattern", CATASTROPHIC)
def test_a_pattern_that_would_take_others_for_ever_is_answered(pattern: str) -> None:
    """Nothing is timed: an engine that goes back would not come to the end of this within years."""
    letter = next(sign for sign in pattern if sign in "abcxyz")
    condition = f"title.matches('^{pattern}')"
    facts = FACTS | {"title": letter * 9_999 + "!"}
    checked(condition, FIELDS, CUSTOM, facts)
    assert holds(compiled(condition), asked_of(facts)) is False
