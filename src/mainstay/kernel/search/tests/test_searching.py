from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import comment
from mainstay.kernel.records.models import AttributeDefinition, RecordNumber
from mainstay.kernel.search.actions import rewrite
from mainstay.kernel.search.commands import reindex
from mainstay.kernel.search.models import SearchDocument
from mainstay.kernel.search.queries import search
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents import queries
from tests.world import World

pytestmark = pytest.mark.django_db


def numbers(found: Any) -> list[str]:
    return [hit.number for hit in found.hits]


@pytest.fixture
def printer(world: World) -> Any:
    return incidents.create(
        by=world.as_requester(), title="Printers jam every morning", description="The device on floor 2 eats paper."
    )


@pytest.mark.parametrize(
    "text",
    [
        "printer",
        "PRINTERS",
        "jamming",
        "floor paper",
        '"eats paper"',
        "prin",
        "paper dev",
        "banana or paper",
        "device -banana",
        "the device",
    ],
)
def test_words_are_found_whatever_their_ending(world: World, printer: Any, text: str) -> None:
    assert numbers(search(world.as_agent(), text)) == [printer.number]


@pytest.mark.parametrize(
    "text", ["banana", "printer -paper", '"paper eats"', "", "   ", '"', "-", "or", "()&|!:*", "\x00"]
)
def test_what_does_not_occur_is_not_found(world: World, printer: Any, text: str) -> None:
    assert search(world.as_agent(), text).hits == []


def test_the_command_writes_what_the_search_knows_anew(world: World, printer: Any) -> None:
    SearchDocument.objects.filter(record=printer).update(body="", words=SearchVector(Value("banana")))
    assert numbers(search(world.as_agent(), "printer")) == []
    done = CliRunner().invoke(reindex)
    assert (done.exit_code, done.stdout) == (0, "incident: 1 written anew\ncontact: 0 written anew\n")
    assert numbers(search(world.as_agent(), "printer")) == [printer.number]


def test_a_number_finds_its_record_first_and_a_former_one_too(world: World, printer: Any) -> None:
    digits = printer.number.removeprefix("INC-").lstrip("0")
    other = incidents.create(by=world.as_requester(), title=f"As in {digits}, again", description=digits)
    found = search(world.as_agent(), digits)
    assert numbers(found) == [printer.number, other.number]
    assert [hit.exact for hit in found.hits] == [True, False]
    RecordNumber.objects.create(number="INC-900001", record=printer)
    assert numbers(search(world.as_agent(), "inc900001")) == [printer.number]


def test_the_title_counts_more_than_the_text(world: World) -> None:
    in_text = incidents.create(by=world.as_requester(), title="Something else", description="It is the scanner.")
    in_title = incidents.create(by=world.as_requester(), title="Scanner")
    incidents.create(by=world.as_requester(), title="Nothing of it")
    assert numbers(search(world.as_agent(), "scanner")) == [in_title.number, in_text.number]


def test_comments_edits_and_solutions_are_found_at_once(world: World, printer: Any) -> None:
    comment(printer, by=world.as_requester(), body="It smells of vanilla.")
    assert numbers(search(world.as_requester(), "vanilla")) == [printer.number]
    agent = world.as_agent()
    incidents.edit(printer, by=agent, version=printer.version, values={"title": "Plotter is stuck"})
    assert numbers(search(agent, "plotter")) == [printer.number]
    assert search(agent, "printers").hits == []
    category = queries.closing_categories().first()
    assert category is not None
    incidents.resolve(printer, by=agent, solution="Replaced the fuser.", closing_category=category)
    assert numbers(search(world.as_requester(), "fuser")) == [printer.number]


def test_custom_fields_are_found_by_those_who_see_them(world: World, printer: Any) -> None:
    for slug, public in (("room", True), ("asset", False)):
        AttributeDefinition.objects.create(kind="incident", slug=slug, label=slug, type="text", public=public)
    values = {"attributes": {"room": "Aquarium", "asset": "Zebra"}}
    incidents.edit(printer, by=world.as_agent(), version=printer.version, values=values)
    assert numbers(search(world.as_requester(), "aquarium")) == [printer.number]
    assert search(world.as_requester(), "zebra").hits == []
    assert numbers(search(world.as_agent(), "zebra")) == [printer.number]


def test_the_excerpt_marks_what_was_found(world: World, printer: Any) -> None:
    (hit,) = search(world.as_agent(), "papers").hits
    assert [piece.text for piece in hit.excerpt if piece.found] == ["paper"]
    assert "eats paper" in hit.snippet


def test_pages_follow_each_other_without_gaps(world: World) -> None:
    made = {incidents.create(by=world.as_requester(), title=f"Monitor {number}").number for number in range(7)}
    seen, cursor, pages = [], None, 0
    while True:
        found = search(world.as_agent(), "monitor", limit=3, cursor=cursor)
        seen, cursor, pages = seen + numbers(found), found.next, pages + 1
        assert found.count == 7
        if cursor is None:
            break
    assert (set(seen), len(seen), pages) == (made, 7, 3)


@pytest.mark.parametrize("values", [{"cursor": "x"}, {"cursor": "-1"}, {"cursor": "٣"}, {"limit": 0}, {"limit": 201}])
def test_a_strange_page_is_refused(world: World, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        search(world.as_agent(), "printer", **values)


def test_a_search_asks_the_database_as_often_for_one_hit_as_for_three(world: World) -> None:
    search(world.as_agent(), "warm up what is kept for a while")
    counts = []
    for title in ("Lamp", "Lamp again", "Third lamp"):
        incidents.create(by=world.as_requester(), title=title)
        actor = world.as_agent()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            search(actor, "lamp")
        counts.append(len(captured))
    assert counts == [2, 2, 2]


def test_a_very_long_conversation_stays_searchable(world: World, printer: Any) -> None:
    words = " ".join(f"w{number:x}é" for number in range(14_000))
    for _ in range(3):
        comment(printer, by=world.as_agent(), body=words)
    comment(printer, by=world.as_agent(), body="The last word is marzipan.")
    assert numbers(search(world.as_agent(), "marzipan")) == [printer.number]


def test_writing_all_words_anew_gives_the_same_rows(world: World, printer: Any) -> None:
    comment(printer, by=world.as_agent(), body="Internal thing", visibility="internal")
    incidents.create(by=world.as_requester(), title="Another")

    def rows() -> list[Any]:
        return list(
            SearchDocument.objects.order_by("record", "audience").values_list("record", "audience", "whole", "body")
        )

    before = rows()
    assert list(rewrite("incident")) == [2]
    assert rows() == before
    assert len(before) == 3
