"""Search through the interface."""

import pytest

from mainstay.kernel.search.tasks import learn_what_was_written
from tests.api.conftest import Caller, caller
from tests.world import World


def test_a_word_finds_the_records_that_the_caller_may_see(agent: Caller, requester: Caller, world: World) -> None:
    number = requester.post("/incidents", {"title": "The plotter squeaks"}).json()["number"]
    agent.post(f"/records/{number}/comments", {"body": "Aardvark inside", "visibility": "internal"})
    for by in (agent, requester):
        found = by.get("/search?q=plotter").json()
        assert [hit["number"] for hit in found["items"]] == [number]
        assert (found["count"], found["more"], found["next"]) == (1, False, None)
    assert len(agent.get("/search?q=aardvark").json()["items"]) == 1
    assert requester.get("/search?q=aardvark").json()["items"] == []
    assert caller(world.stranger).get("/search?q=plotter").json()["items"] == []


@pytest.mark.parametrize("query", ["", "q=a&q=b", "q=a%00b", "q=a&limit=0", "q=a&cursor=x", "q=a&kind=b"])
def test_a_search_that_cannot_be_taken_is_refused(agent: Caller, query: str) -> None:
    answer = agent.get(f"/search?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"]


def test_operators_narrow_a_search_and_unknown_ones_are_refused_with_what_is_possible(
    agent: Caller, requester: Caller
) -> None:
    number = requester.post("/incidents", {"title": "The plotter squeaks"}).json()["number"]
    assert [hit["number"] for hit in agent.get("/search?q=plotter+state:new").json()["items"]] == [number]
    assert agent.get("/search?q=plotter+-state:new").json()["items"] == []
    answer = agent.get("/search?q=plotter+colour:red")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["parameter"] == "q"
    assert "Possible: kind, state" in error["detail"]


def test_a_misspelt_search_is_answered_with_what_was_probably_meant(agent: Caller, requester: Caller) -> None:
    requester.post("/incidents", {"title": "The plotter squeaks"})
    learn_what_was_written(0)
    answer = agent.get("/search?q=plottre").json()
    assert (answer["items"], answer["count"], answer["correction"]) == ([], 0, "plotter")
    assert agent.get("/search?q=plotter").json()["correction"] is None


def test_similar_records_are_listed_for_those_who_see_all_of_them(agent: Caller, requester: Caller) -> None:
    titles = ("The plotter squeaks", "Plotter squeaks again", "No mail")
    first, second, _third = (requester.post("/incidents", {"title": title}).json()["number"] for title in titles)
    learn_what_was_written(0)
    (alike,) = agent.get(f"/records/{first}/similar").json()["items"]
    assert (alike["number"], 0 < alike["likeness"] < 1) == (second, True)
    assert requester.get(f"/records/{first}/similar").json() == {"items": []}
    assert agent.get("/records/INC-999999/similar").status_code == 404
