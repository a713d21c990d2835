"""Records as documents: exactly what their reader sees on pages, in their language and zone (SD-19, D16)."""

import io
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Grant, Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.people.models import Person
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import AttributeDefinition, Category
from mainstay.kernel.web.documents import queries
from mainstay.kernel.web.models import OrderedDocument
from mainstay.kernel.web.tasks import forget_documents, make_document
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.api.conftest import caller
from tests.world import World, signed_in

CANARY = re.compile(r"CNRY-[\w-]+")


@pytest.fixture
def case(world: World, settings: Any, tmp_path: Any) -> Incident:
    """An incident with a word of its own in every place that one has."""
    settings.MEDIA_ROOT = tmp_path / "files"
    AttributeDefinition.objects.create(kind="incident", slug="room", label="Room", type="text")
    agent = world.as_agent()
    incident, other = (
        incidents.create(
            by=agent,
            title=f"CNRY-title-{number}",
            description="CNRY-description",
            requester=world.requester,
            team=world.team,
            call_back="CNRY-call-back",
        )
        for number in "ab"
    )
    incidents.edit(incident, by=agent, version=incident.version, values={"attributes": {"room": "CNRY-room"}})
    records.comment(incident, by=agent, body="CNRY-said", visibility="public")
    records.comment(incident, by=agent, body="CNRY-noted", visibility="internal")
    for name, visibility in (("shown", "public"), ("hidden", "internal")):
        records.attach(
            incident, by=agent, name=f"CNRY-{name}.txt", stream=io.BytesIO(name.encode()), visibility=visibility
        )
    records.add_task(incident, by=agent, title="CNRY-task", mandatory=False)
    records.link(incident, "relates_to", other, by=agent)
    records.log_work(incident, by=agent, minutes=5, note="CNRY-work")
    category = Category.objects.get(slug="hardware-printer")
    incidents.resolve(incident, by=agent, solution="CNRY-solution", closing_category=category)
    return incident


def words(answer: Any) -> str:
    assert answer.status_code == 200, answer
    body = b"".join(answer) if answer.streaming else answer.content
    return unescape(body.decode())


def canaries(client: Client, *paths: str) -> set[str]:
    return {found for path in paths for found in CANARY.findall(words(client.get(path)))}


def test_an_agent_keeps_the_whole_case(world: World, case: Incident) -> None:
    adam = signed_in(world.agent)
    page = words(adam.get(f"/incidents/{case.number}/document/html/"))
    assert set(CANARY.findall(page)) == {
        *("CNRY-title-a", "CNRY-title-b", "CNRY-description", "CNRY-call-back", "CNRY-room", "CNRY-said", "CNRY-noted"),
        *("CNRY-shown", "CNRY-hidden", "CNRY-task", "CNRY-work", "CNRY-solution"),
    }
    assert case.attachments.get(name="CNRY-shown.txt").content.digest in page
    assert "Adam Agent opened this incident" in page
    assert "Closing category: – → Printer" in page
    assert "With internal parts" in page
    assert "Made by Adam Agent on" in page


def test_a_document_is_saved_under_the_number_of_its_case(world: World, case: Incident) -> None:
    answer = signed_in(world.agent).get(f"/incidents/{case.number}/document/pdf/")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.number}.pdf"'
    assert (answer.headers["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert signed_in(world.agent).get(f"/incidents/{case.number}/document/exe/").status_code == 404


def test_a_requester_keeps_their_case_without_its_internal_part(world: World, case: Incident) -> None:
    rita = signed_in(world.requester)
    page = words(rita.get(f"/cases/{case.number}/document/html/"))
    assert set(CANARY.findall(page)) == {
        *("CNRY-title-a", "CNRY-description", "CNRY-said", "CNRY-shown", "CNRY-solution"),
    }
    assert "We think it is solved" in page
    assert "With internal parts" not in page
    assert rita.get(f"/incidents/{case.number}/document/html/").status_code == 404


def test_an_agent_in_the_portal_keeps_what_a_requester_would(world: World, case: Incident) -> None:
    page = words(signed_in(world.agent).get(f"/cases/{case.number}/document/html/"))
    assert "CNRY-said" in page
    assert "CNRY-noted" not in page


def test_a_document_says_no_more_than_the_pages(world: World, case: Incident) -> None:
    adam, rita = signed_in(world.agent), signed_in(world.requester)
    record = f"/incidents/{case.number}/"
    assert canaries(adam, f"{record}document/html/") <= canaries(adam, record, f"{record}history/")
    assert canaries(rita, f"/cases/{case.number}/document/html/") <= canaries(rita, f"/cases/{case.number}/")


def test_a_document_speaks_the_language_of_its_reader_in_their_zone(world: World, case: Incident) -> None:
    Person.objects.filter(pk=world.requester.pk).update(language="de", zone="Asia/Tokyo")
    page = words(signed_in(Person.objects.get(pk=world.requester.pk)).get(f"/cases/{case.number}/document/html/"))
    assert '<html lang="de">' in page
    assert "(Asia/Tokyo)" in page
    assert "Erstellt von Rita Requester" in page


def test_a_stranger_gets_no_document(world: World, case: Incident) -> None:
    sven = signed_in(world.stranger)
    for path in (f"/incidents/{case.number}/document/pdf/", f"/cases/{case.number}/document/pdf/"):
        assert sven.get(path).status_code == 404
        assert sven.post(path).status_code == 404
    assert not OrderedDocument.objects.exists()


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every history for a long one."""
    monkeypatch.setattr(queries, "AT_ONCE", 1)


def ordered_by(client: Client, path: str) -> OrderedDocument:
    assert "long history" in words(client.get(path))
    answer = client.post(path)
    document = OrderedDocument.objects.latest("pk")
    assert answer.headers["Location"] == f"/documents/{document.uuid}/"
    return document


def test_the_document_of_a_long_history_is_ordered_and_fetched(world: World, case: Incident, long: None) -> None:
    adam = signed_in(world.agent)
    document = ordered_by(adam, f"/incidents/{case.number}/document/html/")
    here = f"/documents/{document.uuid}/"
    waiting = adam.get(here)
    assert "is being made" in words(waiting)
    assert waiting.headers["Refresh"] == "5"
    assert adam.get(f"{here}file").status_code == 409
    make_document(document.pk)
    assert "is ready" in words(adam.get(here))
    answer = adam.get(f"{here}file")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.number}.html"'
    assert "CNRY-noted" in words(answer)


def test_whoever_orders_the_same_again_waits_for_the_same(world: World, case: Incident, long: None) -> None:
    adam = signed_in(world.agent)
    first = ordered_by(adam, f"/incidents/{case.number}/document/pdf/")
    assert ordered_by(adam, f"/incidents/{case.number}/document/pdf/") == first
    make_document(first.pk)
    assert ordered_by(adam, f"/incidents/{case.number}/document/pdf/") != first


def test_what_is_ordered_in_the_portal_has_no_internal_part(world: World, case: Incident, long: None) -> None:
    for person in (world.requester, world.agent):
        client = signed_in(person)
        document = ordered_by(client, f"/cases/{case.number}/document/html/")
        make_document(document.pk)
        page = words(client.get(f"/documents/{document.uuid}/file"))
        assert "CNRY-said" in page
        assert "CNRY-noted" not in page


def test_nobody_else_fetches_what_somebody_ordered(world: World, case: Incident, long: None) -> None:
    document = ordered_by(signed_in(world.agent), f"/incidents/{case.number}/document/pdf/")
    make_document(document.pk)
    for person in (world.requester, world.stranger):
        for end in ("", "file"):
            assert signed_in(person).get(f"/documents/{document.uuid}/{end}").status_code == 404


def test_whoever_may_no_longer_see_the_internal_part_fetches_nothing(world: World, case: Incident, long: None) -> None:
    adam = signed_in(world.agent)
    path = f"/incidents/{case.number}/document/html/"
    made = ordered_by(adam, path)
    make_document(made.pk)
    waiting = ordered_by(adam, path)
    Grant.objects.filter(team=world.team).delete()
    manager = Role.objects.get(slug="organisation-manager")  # who sees public records, without their internal part
    give(manager, by=system("command"), organisation=world.organisation, person=world.agent)
    assert queries.visible_to(actor_for(world.agent, door="page")).filter(pk=case.pk).exists()
    assert adam.get(f"/documents/{made.uuid}/file").status_code == 404
    make_document(waiting.pk)
    waiting.refresh_from_db()
    assert waiting.content is None


def test_documents_are_forgotten_after_a_week(world: World, case: Incident, long: None) -> None:
    document = ordered_by(signed_in(world.agent), f"/incidents/{case.number}/document/pdf/")
    day = 86400
    forget_documents(int(document.ordered.timestamp()) + 6 * day)
    assert OrderedDocument.objects.exists()
    forget_documents(int(document.ordered.timestamp()) + 8 * day)
    assert not OrderedDocument.objects.exists()


def test_a_program_says_which_kind_of_document_it_takes(world: World, case: Incident) -> None:
    agent, requester = caller(world.agent), caller(world.requester)
    path = f"/records/{case.number}/document"
    assert agent.get(path).content[:5] == b"%PDF-"
    assert agent.get(path, Accept="application/pdf").headers["Content-Type"] == "application/pdf"
    assert "CNRY-noted" in words(agent.get(path, Accept="text/html"))
    heard = words(requester.get(path, Accept="text/html, application/pdf;q=0.5"))
    assert ("CNRY-said" in heard, "CNRY-noted" in heard) == (True, False)
    assert agent.get(path, Accept="image/png").status_code == 422
    assert caller(world.stranger).get(path).status_code == 404


def test_a_program_orders_the_document_of_a_long_history(world: World, case: Incident, long: None) -> None:
    agent = caller(world.agent)
    assert agent.get(f"/records/{case.number}/document").status_code == 409
    answer = agent.post(f"/records/{case.number}/documents", {"format": "html"})
    here = answer.headers["Location"]
    assert (answer.status_code, answer.json()["ready"]) == (202, False)
    assert agent.get(f"{here}/content").status_code == 409
    make_document(OrderedDocument.objects.get().pk)
    assert agent.get(here).json()["ready"] is True
    assert "CNRY-noted" in words(agent.get(f"{here}/content"))
    assert caller(world.requester).get(here).status_code == 404
    assert agent.post(f"/records/{case.number}/documents", {"format": "exe"}).status_code == 422


def test_a_token_without_internal_reading_gets_none_of_it(world: World, case: Incident) -> None:
    reader = caller(world.agent, scopes=["incident.read"])
    page = words(reader.get(f"/records/{case.number}/document", Accept="text/html"))
    assert ("CNRY-said" in page, "CNRY-noted" in page) == (True, False)
