from typing import Any

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.search.queries import search
from mainstay.support.incidents import actions as incidents
from tests.world import World

pytestmark = pytest.mark.django_db


def mean_the_same(*words: str, organisation: str = "acme", **values: Any) -> None:
    row = {"words": list(words), "organisation": organisation, **values}
    put(kinds()["synonyms"], f"{organisation}-group", row, by=system("command"))


@pytest.fixture
def laptop(world: World) -> Any:
    return incidents.create(by=world.as_requester(), title="Laptops overheat", description="All of floor 2")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("notebook", 1),
        ("notebook floor", 1),
        ("floor notebook", 1),
        ("notebooks", 1),
        ("notebook banana", 0),
        ("banana or notebook", 1),
        ("floor -notebook", 0),
        ("mobile computer", 1),
        ('"mobile computer"', 1),
        ('"computer mobile"', 0),
        ("notebook state:new", 1),
    ],
)
def test_a_synonym_finds_what_the_word_finds(world: World, laptop: Any, text: str, count: int) -> None:
    assert search(world.as_agent(), text).count == (0 if "-notebook" not in text else 1), "not without them"
    mean_the_same("laptop", "notebook", "mobile computer")
    assert search(world.as_agent(), text).count == count


def test_what_a_synonym_found_is_marked(world: World, laptop: Any) -> None:
    incidents.create(by=world.as_requester(), title="Heat", description="My laptop burns")
    mean_the_same("laptop", "notebook")
    hits = search(world.as_agent(), "notebook burns").hits
    assert [piece.text for hit in hits for piece in hit.excerpt if piece.found] == ["laptop", "burns"]


def test_synonyms_are_for_the_people_of_their_organisation(world: World, laptop: Any) -> None:
    mean_the_same("laptop", "notebook", organisation="rival")
    assert search(world.as_agent(), "notebook").count == 0
    mean_the_same("laptop", "notebook")
    assert search(world.as_agent(), "notebook").count == 1
    assert search(world.as_requester(), "notebook").count == 1
    mean_the_same("laptop", "notebook", retired=True)
    assert search(world.as_agent(), "notebook").count == 0


@pytest.mark.parametrize("words", [["one"], ["one", "One"], ['a"b', "c"], ["a or -b", "c|d"], ["%s", "x"], []])
def test_what_is_no_group_of_words_is_refused(world: World, words: list[str]) -> None:
    with pytest.raises(Invalid):
        mean_the_same(*words)
