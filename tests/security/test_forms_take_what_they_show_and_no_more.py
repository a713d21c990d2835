"""Forms of pages: foreign references read like missing ones (D13), nothing is slipped in beside them (D25), links
lend no sight (D14), verbs are of a closed list (D28), and nothing is done without proof of origin (D43)."""

import re
from typing import Any

import pytest
import time_machine
from django.db import models, transaction
from django.test import Client
from django.utils import timezone

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import create_team
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import link
from mainstay.kernel.records.models import Comment, Record, Task, WorkLog
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from tests.isolation.routes import is_third_party, pages
from tests.security.test_api_stays_within_what_the_caller_may import EXTRA
from tests.world import World, signed_in

NOW = timezone.now()
MISSING = "01890000-0000-7000-8000-000000000000"
#: What forms write, and the columns of it that are new each time; the clock stands still.
WRITTEN: tuple[type[models.Model], ...] = (Record, Incident, Comment, Task, WorkLog, Person)
PASSING = {"id", "uuid", "number", "record_ptr_id", "record_id"}
NAMES = re.compile(r"\bname=\"([\w.-]+)\"")


@pytest.fixture
def incident(world: World) -> Incident:
    made = actions.create(by=world.as_requester(), title="Printer")
    actions.MOVES["assign"](made, by=world.as_agent(), team=world.team, person=world.agent)
    return made


#: Forms, by who sends them: address, a good form.
FORMS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "requester": [
        ("/report/", {"title": "No network", "description": "None at all"}),
        ("/cases/{number}/say/", {"body": "Hello"}),
        (
            "/profile/",
            {"name": "Rita R.", "language": "en", "zone": "UTC", "theme": "auto", "shortcuts": "on"},
        ),
    ],
    "agent": [
        ("/incidents/new/", {"requester": "rita@acme.example", "title": "No network", "impact": "1", "urgency": "2"}),
        ("/incidents/{number}/edit/", {"title": "Plotter", "impact": "3", "urgency": "3", "access": "public"}),
        ("/incidents/{number}/comments/", {"body": "Hello", "visibility": "internal"}),
        ("/incidents/{number}/tasks/", {"title": "Look"}),
        ("/incidents/{number}/work/", {"minutes": "5"}),
        ("/incidents/{number}/do/start/", {}),
        ("/incidents/{number}/do/assign/", {"team": "desk"}),
    ],
}


@pytest.mark.parametrize(("who", "address", "form"), [(who, *each) for who, all_ in FORMS.items() for each in all_])
def test_a_form_with_every_column_of_the_tables_does_what_it_does_without(
    world: World, incident: Incident, who: str, address: str, form: dict[str, Any]
) -> None:
    client, address = signed_in(getattr(world, who)), address.format(number=incident.number)
    if address.endswith("/edit/"):
        form = form | {"version": str(Incident.objects.get().version)}
    shown = {*form, *NAMES.findall(client.get(address).content.decode()), "draft", "files", "visibility"}
    columns = {column: value for model in WRITTEN for column, value in forged(world, model).items()}
    plain, slipped = (
        outcome(client, address, sent)
        for sent in (form, {**{name: columns[name] for name in sorted(columns) if name not in shown}, **form})
    )
    assert plain == slipped
    assert plain["status"] in (200, 303)
    assert len(columns) > 60, "no columns are found: it proves nothing"


def forged(world: World, model: type[models.Model]) -> dict[str, str]:
    """Return a value that would be taken for every column of a table, and for the names others were taken over by."""
    values = dict.fromkeys(EXTRA, "1")
    for column in model._meta.concrete_fields:
        if isinstance(column, models.ForeignKey):
            value = str(world.stranger.organisation_id if "organisation" in column.name else world.stranger.pk)
        elif isinstance(column, (models.CharField, models.TextField)):
            value = "high" if column.choices is None else str(column.choices[-1][0])
        elif isinstance(column, models.DateTimeField):
            value = "2001-01-01T00:00"
        else:
            value = "1"
        values |= {column.name: value, column.attname: value}
    return values


def outcome(client: Client, address: str, form: dict[str, Any]) -> dict[str, Any]:
    """Return what a form does, and take it back."""
    with transaction.atomic(), time_machine.travel(NOW, tick=False):
        answer = client.post(address, form)
        rows = {model.__name__: [lasting(row) for row in model.objects.order_by("pk").values()] for model in WRITTEN}
        transaction.set_rollback(True)
    return {"status": answer.status_code, **rows}


def lasting(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in PASSING}


def test_foreign_references_of_forms_read_like_missing_ones(world: World, incident: Incident) -> None:
    create_team(by=system(), slug="rival-desk", name="Rival", organisation=world.stranger.organisation)
    agent, stranger = signed_in(world.agent), str(world.stranger.uuid)
    new = {"requester": "rita@acme.example", "title": "No network", "impact": "1", "urgency": "2"}
    for address, name, foreign, missing, form in (
        ("do/assign/", "team", "rival-desk", "nobody", {}),
        ("do/assign/", "person", stranger, MISSING, {}),
        ("tasks/", "owner", stranger, MISSING, {"title": "Look"}),
        ("new", "team", "rival-desk", "nobody", new),
        ("new", "requester", "sven@rival.example", "nobody@rival.example", new),
    ):
        where = "/incidents/new/" if address == "new" else f"/incidents/{incident.number}/{address}"
        refused, unknown = (agent.post(where, {**form, name: value}) for value in (foreign, missing))
        assert (refused.status_code, unknown.status_code) == (422, 422), (address, name)
        assert said(refused, foreign) == said(unknown, missing)
    assert Incident.objects.count() == 1
    assert not Task.objects.exists()
    assert agent.post(f"/incidents/{incident.number}/do/assign/", {"team": "desk"}).status_code == 303


def said(answer: Any, typed: str) -> list[str]:
    """Return what a refused form says, without what was typed into it."""
    text = answer.content.decode().replace(typed, "")
    return re.findall(r"invalid-feedback[^>]*>([^<]*)", text) or [text]


def test_a_link_gives_nobody_sight_of_what_it_leads_to(world: World, incident: Incident) -> None:
    foreign = actions.create(by=world.as_stranger(), title="CNRY foreign")
    hidden = actions.create(by=world.as_agent(), title="CNRY hidden", requester=world.requester)
    actions.edit(hidden, by=world.as_agent(), version=1, values={"access": "internal"})
    for other in (foreign, hidden):
        link(incident, "parent_of", other, by=system("command"))
        link(incident, "duplicates", other, by=system("command"))
    for person, unseen, start in (
        (world.agent, [foreign], "/incidents/"),
        (world.requester, [foreign, hidden], "/cases/"),
    ):
        client, token = signed_in(person), create_token(person, by=system("command"), name="tests")[1]
        addresses = [f"{start}{incident.number}/{part}" for part in ("", "history/", "peek/", "links/")]
        addresses += [f"/api/v1/records/{incident.number}{part}" for part in ("", "/links", "/timeline")]
        read = "".join(
            client.get(address, headers={"Authorization": f"Bearer {token}"}).content.decode() for address in addresses
        )
        assert incident.title in read
        assert [other.title for other in unseen if other.title in read or other.number in read] == []
    assert hidden.number in signed_in(world.agent).get(f"/incidents/{incident.number}/").content.decode()


@pytest.mark.parametrize("verb", ["__class__", "edit", "create", "visible_to", "import_module"])
def test_a_verb_is_one_of_the_lifecycle_or_nothing(world: World, incident: Incident, verb: str) -> None:
    token = create_token(world.agent, by=system("command"), name="tests")[1]
    agent, headers = signed_in(world.agent), {"Authorization": f"Bearer {token}"}
    for method in (agent.get, agent.post):
        assert method(f"/incidents/{incident.number}/do/{verb}/").status_code == 404
    address = f"/api/v1/incidents/{incident.number}/actions/"
    assert Client().post(f"{address}{verb}", "{}", "application/json", headers=headers).status_code == 404
    assert Client().post(f"{address}start", "{}", "application/json", headers=headers).status_code == 200


def test_no_page_takes_anything_without_proof_of_origin(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.agent)
    taken = {}
    for route in pages():
        if not is_third_party(route) and not route.pattern.startswith("^"):
            gaps = {"uuid": MISSING, "number": "INC-000001", "slug": "start", "str": "x", "int": "1"}
            address = "/" + re.sub(r"<(\w+):\w+>", lambda gap, gaps=gaps: gaps[gap[1]], route.pattern)
            for method in ("post", "delete"):
                if (status := getattr(strict, method)(address).status_code) != 403:
                    taken[method, address] = status
    assert taken == {}
