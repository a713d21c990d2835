"""Search through the interface."""

import pytest

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
