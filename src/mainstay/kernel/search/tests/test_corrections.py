from typing import Any

import pytest
from click.testing import CliRunner

from mainstay.kernel.records.actions import comment
from mainstay.kernel.search.actions.learning import learn
from mainstay.kernel.search.commands import reindex
from mainstay.kernel.search.models import Occurrence, Unlearnt, Word
from mainstay.kernel.search.queries import search
from mainstay.support.incidents import actions as incidents
from tests.world import World

pytestmark = pytest.mark.django_db


def learn_all() -> None:
    while learn():
        continue


@pytest.fixture
def printer(world: World) -> Any:
    made = incidents.create(by=world.as_requester(), title="Printer jams", description="The display shows nothing.")
    learn_all()
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pritner", "printer"),
        ("Prnter jams", "printer jams"),
        ("printer dispaly", "printer display"),
        ("pritner dispaly state:open", "state:open printer display"),
        ('"shows nothing" pritner', '"shows nothing" printer'),
    ],
)
def test_a_slip_of_the_keys_is_corrected(world: World, printer: Any, typed: str, meant: str) -> None:
    found = search(world.as_agent(), typed)
    assert (found.hits, found.correction) == ([], meant)
    assert [hit.number for hit in search(world.as_agent(), meant).hits] == [printer.number]


def test_a_number_with_a_slip_is_corrected(world: World, printer: Any) -> None:
    digits = printer.number.removeprefix("INC-")
    for typed in (f"INC {digits}", f"ICN-{digits}", f"inc-{digits.replace('0', 'o')}"):
        assert search(world.as_agent(), typed).correction == printer.number
        assert search(world.as_stranger(), typed).correction == ""


@pytest.mark.parametrize("typed", ["banana", "printer -jams", '"pritner"', "-pritner", "prt", "pritner state:closed"])
def test_nothing_is_offered_that_finds_nothing(world: World, printer: Any, typed: str) -> None:
    assert search(world.as_agent(), typed).correction == ""


def test_what_finds_something_is_not_corrected(world: World, printer: Any) -> None:
    incidents.create(by=world.as_requester(), title="A pritner by name")
    learn_all()
    found = search(world.as_agent(), "pritner")
    assert (len(found.hits), found.correction) == (1, "")


def test_a_word_of_a_hidden_record_is_never_offered(world: World, printer: Any) -> None:
    assert search(world.as_requester(), "pritner").correction == "printer", "the allowed twin"
    assert search(world.as_stranger(), "pritner").correction == ""
    other = incidents.create(by=world.as_stranger(), requester=world.stranger, title="Hippopotamus")
    learn_all()
    assert search(world.as_stranger(), "hippopotamsu").correction == "hippopotamus"
    assert search(world.as_agent(), "hippopotamsu").correction == "", other.number


def test_a_word_of_an_internal_note_is_offered_to_agents_alone(world: World, printer: Any) -> None:
    comment(printer, by=world.as_agent(), body="A hippopotamus sat on it", visibility="internal")
    learn_all()
    assert search(world.as_agent(), "hippopotamsu").correction == "hippopotamus"
    assert search(world.as_requester(), "hippopotamsu").correction == ""
    assert set(Word.objects.filter(word="hippopotamus").values_list("audience", flat=True)) == {"internal"}


def test_a_hidden_word_does_not_stand_in_the_way_of_a_visible_one(world: World, printer: Any) -> None:
    before = search(world.as_requester(), "pritner").correction
    for title in ("Pritner", "Pritners", "Pritne"):
        incidents.create(by=world.as_stranger(), requester=world.stranger, title=title)
    learn_all()
    assert search(world.as_requester(), "pritner").correction == before == "printer"


def test_the_command_lets_everything_be_learnt_anew(world: World, printer: Any) -> None:
    Word.objects.filter(word="printer").update(word="prantor")
    assert CliRunner().invoke(reindex).exit_code == 0
    learn_all()
    assert Word.objects.filter(word="printer").count() == 1
    assert Occurrence.objects.get(organisation=world.organisation, word="printer").documents == 1


def test_the_job_learns_once_from_what_was_written(world: World, printer: Any) -> None:
    assert not Unlearnt.objects.exists()
    assert Occurrence.objects.get(organisation=world.organisation, word="printer").documents == 1
    comment(printer, by=world.as_agent(), body="The printer again")
    assert [learn() for _turn in range(3)] == [1, 1, 0], "counted, compared, and nothing left"
    assert Occurrence.objects.get(organisation=world.organisation, word="printer").documents == 1
    incidents.create(by=world.as_requester(), title="Another printer")
    learn_all()
    assert Occurrence.objects.get(organisation=world.organisation, word="printer").documents == 2
    assert Occurrence.objects.get(organisation=world.organisation, word="").documents == 2
