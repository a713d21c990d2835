"""Administration through its pages: what administrators do, and what nobody else can."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from mainstay.kernel.access.actions import give, save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Grant, Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.administration.views.people import values_of
from mainstay.kernel.administration.wording import HAPPENED, event_in_words
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import declared
from mainstay.kernel.people.actions import create_organisation, create_person, create_team
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.configuration import fingerprint, kinds
from mainstay.kernel.records.labels import forget
from mainstay.kernel.records.models import AttributeDefinition, Category
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import HoldReason, PriorityRule
from tests.world import World

BY = system("command")


def url(name: str, **values: Any) -> str:
    return reverse(f"administration:{name}", kwargs=values or None)


@dataclass
class Scene:
    """The world with an administrator of all of it, and one of a single department."""

    world: World
    admin: Client
    local: Client
    department: Organisation


def client_of(person: Person) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client


@pytest.fixture
def scene(world: World) -> Scene:
    department = create_organisation(by=BY, slug="sales", name="Sales", parent=world.organisation)
    everywhere = create_person(by=BY, name="Ada Admin", email="ada@acme.example", organisation=world.organisation)
    somewhere = create_person(by=BY, name="Lou Local", email="lou@acme.example", organisation=department)
    role = Role.objects.get(slug="administrator")
    give(role, by=BY, organisation=world.organisation, person=everywhere)
    give(role, by=BY, organisation=department, person=somewhere)
    return Scene(world, client_of(everywhere), client_of(somewhere), department)


def post(client: Client, address: str, **values: Any) -> Any:
    return client.post(address, values)


def seen(kind: str, key: str) -> str:
    return fingerprint(kinds()[kind].read().get(key))


ENTERED: dict[str, dict[str, Any]] = {
    "organisations": {"name": "Berlin", "parent": "acme", "zone": "Europe/Berlin", "key": ""},
    "teams": {"name": "Berlin", "organisation": "acme", "key": ""},
    "calendars": {"name": "Berlin", "zone": "Europe/Berlin", "key": ""},
    "roles": {"name": "Berlin", "capabilities": ["incident.read:own", "audit.read"], "key": ""},
    "categories": {"name": "Berlin", "parent": "hardware", "opens": "on", "key": ""},
    "custom-fields": {"label": "Berlin", "kind": "incident", "type": "number", "position": "3", "key": ""},
    "hold-reasons": {"name": "Berlin", "reminder_days": "0", "reminders": "2", "position": "0", "key": ""},
    "skills": {"name": "Berlin", "categories": ["hardware", "network"], "key": ""},
    "incident-rules": {
        "name": "Berlin",
        "position": "1",
        "occasions": ["created", "category"],
        "condition": '"hardware" in categories && "acme" in organisations && source == "portal"',
        "team": "desk",
        "impact": "2",
        "key": "",
    },
    "contact-rules": {
        "name": "Berlin",
        "position": "1",
        "occasions": ["created"],
        "condition": 'type == "complaint"',
        "team": "desk",
        "assignee": "round_robin",
        "stops": "on",
        "key": "",
    },
}


@pytest.mark.parametrize("kind", ENTERED)
def test_an_administrator_adds_a_row_changes_it_retires_it_and_reads_its_history(scene: Scene, kind: str) -> None:
    key = "incident.berlin" if kind == "custom-fields" else "berlin"
    name = "label" if kind == "custom-fields" else "name"
    assert scene.admin.get(url(f"{kind}-new")).status_code == 200
    added = post(scene.admin, url(f"{kind}-new"), **ENTERED[kind])
    assert added.status_code == 303, added.content.decode()
    assert b"Berlin" in scene.admin.get(url(kind)).content
    changed = {**ENTERED[kind], name: "Wien", "retired": "on", "seen": seen(kind, key)}
    del changed["key"]
    answer = post(scene.admin, url(f"{kind}-row", key=key), **changed)
    assert answer.status_code == 303, answer.content.decode()
    assert (kinds()[kind].read()[key][name], kinds()[kind].read()[key]["retired"]) == ("Wien", True)
    history = scene.admin.get(url(f"{kind}-history", key=key)).content.decode()
    assert "Ada Admin" in history
    assert "Berlin" in history
    assert b"Retired" in scene.admin.get(url(kind)).content


def test_every_administration_page_is_shut_for_those_without_the_right(scene: Scene) -> None:
    addresses = [url("people"), url("person-new"), url("grants"), url("settings"), url("audit")]
    addresses += [url(kind.name) for kind in kinds().values() if not kind.page]
    addresses += [url(f"{kind}-new") for kind in ENTERED] + [reverse("incidents:matrix")]
    agent, requester = client_of(scene.world.agent), client_of(scene.world.requester)
    assert [client.get(url("home")).status_code for client in (scene.admin, agent, requester)] == [200, 404, 404]
    for address in addresses:
        assert scene.admin.get(address).status_code == 200, address
        for client in (agent, requester):
            assert (client.get(address).status_code, post(client, address).status_code) == (404, 404), address
        assert Client().get(address).status_code == 302, address


@pytest.mark.parametrize("kind", ENTERED)
def test_nobody_but_an_administrator_writes_configuration(scene: Scene, kind: str) -> None:
    before = {one.name: one.read() for one in kinds().values()}
    for person in (scene.world.agent, scene.world.requester):
        assert post(client_of(person), url(f"{kind}-new"), **ENTERED[kind]).status_code == 404
    assert {one.name: one.read() for one in kinds().values()} == before


def test_who_manages_a_part_changes_nothing_that_all_share(scene: Scene) -> None:
    for kind in ("roles", "categories", "custom-fields", "hold-reasons", "incident-rules", "skills", "calendars"):
        assert post(scene.local, url(f"{kind}-new"), **ENTERED[kind]).status_code == 404
    for address in (url("settings"), url("state-labels"), reverse("incidents:matrix")):
        assert scene.local.get(address).status_code == 404
    assert post(scene.local, url("teams-new"), name="Mine", organisation="sales", key="").status_code == 303


def test_who_manages_a_part_reaches_no_organisation_team_or_person_beside_it(scene: Scene) -> None:
    refused = post(scene.local, url("teams-new"), name="Theirs", organisation="acme", key="")
    assert (refused.status_code, Team.objects.filter(name="Theirs").exists()) == (422, False)
    refused = post(scene.local, url("organisations-new"), name="Top", parent="", zone="UTC", key="")
    assert (refused.status_code, Organisation.objects.filter(name="Top").exists()) == (422, False)
    assert scene.local.get(url("teams-row", key="desk")).status_code == 404
    assert scene.local.get(url("members", key="desk")).status_code == 404
    assert scene.local.get(url("person", uuid=scene.world.agent.uuid)).status_code == 404
    assert scene.admin.get(url("person", uuid=scene.world.agent.uuid)).status_code == 200
    assert b"Adam" not in scene.local.get(url("people")).content
    grant = Grant.objects.get(team=scene.world.team)
    assert scene.local.get(url("grant-take", uuid=grant.uuid)).status_code == 404
    refused = post(scene.local, url("grants"), role="administrator", organisation="acme", email="lou@acme.example")
    assert refused.status_code == 422
    given = post(scene.local, url("grants"), role="agent", organisation="sales", email="lou@acme.example")
    assert given.status_code == 303


def test_two_people_editing_a_row_the_second_sees_what_changed_and_loses_nothing(scene: Scene) -> None:
    mark = seen("hold-reasons", "caller")
    values = {"requester_label": "", "reminder_days": "0", "reminders": "2", "position": "0", "seen": mark}
    address = url("hold-reasons-row", key="caller")
    assert post(scene.admin, address, name="First", **values).status_code == 303
    second = post(scene.admin, address, name="Second", **values)
    words = second.content.decode()
    assert (second.status_code, HoldReason.objects.get(slug="caller").name) == (409, "First")
    assert 'value="Second"' in words
    assert "is now “First”" in words
    again = post(scene.admin, address, name="Second", **{**values, "seen": seen("hold-reasons", "caller")})
    assert (again.status_code, HoldReason.objects.get(slug="caller").name) == (303, "Second")


def test_the_history_of_a_rule_names_the_team_and_the_category_that_it_had(scene: Scene) -> None:
    values = {"position": "0", "occasions": ["created"], "condition": 'source == "portal"', "team": "desk"}
    post(scene.admin, url("incident-rules-new"), name="Silent", category="hardware-printer", key="", **values)
    mark, address = seen("incident-rules", "silent"), url("incident-rules-row", key="silent")
    changed = post(scene.admin, address, name="Silent", category="network", seen=mark, **values)
    assert changed.status_code == 303
    page = scene.admin.get(url("incident-rules-history", key="silent")).content.decode()
    for word in ("Service desk", "Printer", "Network", "It is new"):
        assert word in page, word
    assert "Service desk" in scene.admin.get(url("incident-rules")).content.decode()


def test_a_field_that_no_control_shows_is_refused(scene: Scene) -> None:
    person = scene.world.requester
    values = {"name": "Rita", "email": "", "phone": "", "organisation": "acme", "language": "en", "zone": "UTC"}
    mark = {"seen": _seen_of(person)}
    for extra in ("is_superuser", "is_active", "id", "password", "preferences", "grants"):
        refused = post(scene.admin, url("person", uuid=person.uuid), **values, **mark, **{extra: "1"})
        assert refused.status_code == 422, extra
    assert post(scene.admin, url("person", uuid=person.uuid), **values, **mark).status_code == 303
    assert post(scene.admin, url("roles-new"), **ENTERED["roles"], uuid="x").status_code == 422


def _seen_of(person: Person) -> str:
    page = Person.objects.select_related("organisation").get(pk=person.pk)
    return fingerprint(values_of(page))


def test_a_person_is_added_edited_deactivated_with_a_reason_and_let_in_again(scene: Scene) -> None:
    values = {"name": "Nia New", "email": "Nia@Acme.Example", "phone": "1", "organisation": "acme", "language": "de"}
    values |= {"zone": "Europe/Berlin", "password": "correct horse battery"}
    assert post(scene.admin, url("person-new"), **values).status_code == 303
    nia = Person.objects.get(email="nia@acme.example")
    assert nia.check_password("correct horse battery")
    assert post(scene.admin, url("person-new"), **values).status_code == 422
    assert post(scene.admin, url("person-access", uuid=nia.uuid), reason="").status_code == 422
    assert post(scene.admin, url("person-access", uuid=nia.uuid), reason="Left the company").status_code == 303
    assert not Person.objects.get(pk=nia.pk).is_active
    assert post(scene.admin, url("person-access", uuid=nia.uuid), reason="Came back").status_code == 303
    told = Event.objects.filter(subject=f"person:{nia.uuid}").order_by("id")
    assert [event.name for event in told] == ["person.created", "person.deactivated", "person.reactivated"]
    assert "nia@acme.example" not in str([event.changes for event in told])


def test_who_only_manages_people_can_take_over_nobody_with_more_rights(scene: Scene) -> None:
    save_role(by=BY, slug="clerk", name="Clerk", capabilities=["people.manage"])
    clerk = create_person(by=BY, name="Cleo", email="cleo@acme.example", organisation=scene.world.organisation)
    give(Role.objects.get(slug="clerk"), by=BY, organisation=scene.world.organisation, person=clerk)
    client, admin = client_of(clerk), Person.objects.get(email="ada@acme.example")
    for target, status in ((admin, 403), (scene.world.requester, 303)):
        values = {"name": "Me", "email": f"mine-{status}@acme.example", "phone": "", "organisation": "acme"}
        values |= {"language": "en", "zone": "UTC", "seen": _seen_of(target)}
        assert post(client, url("person", uuid=target.uuid), **values).status_code == status
    assert Person.objects.get(pk=admin.pk).email == "ada@acme.example"
    assert post(client, url("person-access", uuid=admin.uuid), reason="Because").status_code == 403
    assert post(client, url("members", key="desk"), email="cleo@acme.example").status_code == 403
    create_team(by=BY, slug="choir", name="Choir", organisation=scene.world.organisation)
    assert post(client, url("members", key="choir"), email="cleo@acme.example").status_code == 303


def test_a_team_gets_members_leads_and_loses_them(scene: Scene) -> None:
    address = url("members", key="desk")
    assert post(scene.admin, address, email="nobody@acme.example").status_code == 422
    assert post(scene.admin, address, email="RITA@acme.example", leads="on").status_code == 303
    assert scene.world.team.memberships.get(person=scene.world.requester).leads
    assert actor_for(scene.world.requester, door="page").holds("incident.assign")
    leaving = url("member-leave", key="desk", uuid=scene.world.requester.uuid)
    assert post(scene.admin, leaving).status_code == 303
    assert not actor_for(scene.world.requester, door="page").holds("incident.assign")


def test_a_grant_is_given_and_taken_away_with_a_reason(scene: Scene) -> None:
    entered = {"role": "auditor", "organisation": "acme", "email": "rita@acme.example", "team": ""}
    assert post(scene.admin, url("grants"), **{**entered, "team": "desk"}).status_code == 422
    assert post(scene.admin, url("grants"), **entered).status_code == 303
    grant = Grant.objects.get(person=scene.world.requester, role__slug="auditor")
    assert post(scene.admin, url("grant-take", uuid=grant.uuid), reason="").status_code == 422
    assert post(scene.admin, url("grant-take", uuid=grant.uuid), reason="Audit is over").status_code == 303
    told = Event.objects.filter(name="grant.taken").get()
    assert (told.reason, told.door) == ("Audit is over", "page")


def test_settings_are_typed_and_a_secret_is_written_but_never_shown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = settings.Declaration("mail.password", str, "", "Password", secret=True)
    monkeypatch.setitem(settings.DECLARED, "mail.password", secret)
    others = {
        key: settings.value(key) for key, one in settings.DECLARED.items() if one.kind is not bool and not one.secret
    }
    mark = fingerprint(kinds()["settings"].read())
    entered = {**others, "incidents.close_after_days": "999", "mail.password": "hunter2-hunter2", "seen": mark}
    assert post(scene.admin, url("settings"), **entered).status_code == 422
    assert post(scene.admin, url("settings"), **{**entered, "incidents.close_after_days": "3"}).status_code == 303
    assert (settings.value("incidents.close_after_days"), settings.value("mail.password")) == (3, "hunter2-hunter2")
    assert b"hunter2" not in scene.admin.get(url("settings")).content
    assert "hunter2" not in str(list(Event.objects.filter(name="setting.changed").values()))
    again = {**entered, "incidents.close_after_days": "4", "mail.password": ""}
    again["seen"] = fingerprint(kinds()["settings"].read())
    assert post(scene.admin, url("settings"), **again).status_code == 303
    assert settings.value("mail.password") == "hunter2-hunter2"


def test_the_matrix_is_edited_as_a_grid_and_told(scene: Scene) -> None:
    address = reverse("incidents:matrix")
    cells = {f"{rule.impact}x{rule.urgency}": str(rule.priority) for rule in PriorityRule.objects.all()}
    mark = fingerprint({name: int(priority) for name, priority in cells.items()})
    assert post(scene.admin, address, **{**cells, "1x1": "9"}, seen=mark).status_code == 422
    assert post(scene.admin, address, **{**cells, "1x1": "2"}, seen=mark).status_code == 303
    assert post(scene.admin, address, **{**cells, "1x1": "3"}, seen=mark).status_code == 409
    assert Event.objects.get(name="matrix.edited").changes == {"1x1": [1, 2]}


def test_a_custom_field_made_on_the_screen_is_checked_on_incidents(scene: Scene) -> None:
    entered = {"label": "Floor", "kind": "incident", "type": "choice", "choices": "Ground\r\nFirst", "position": "0"}
    refused = post(scene.admin, url("custom-fields-new"), **{**entered, "choices": ""}, key="")
    assert (refused.status_code, AttributeDefinition.objects.count()) == (422, 0)
    assert post(scene.admin, url("custom-fields-new"), **entered, key="").status_code == 303
    made = incidents.create(by=scene.world.as_agent(), title="Dark", attributes={"floor": "First"})
    assert made.attributes == {"floor": "First"}
    with pytest.raises(Exception, match="Choose one of: Ground, First"):
        incidents.create(by=scene.world.as_agent(), title="Dark", attributes={"floor": "Roof"})


def test_a_category_cannot_be_hung_below_itself(scene: Scene) -> None:
    values = {"name": "Hardware", "opens": "on", "closes": "on", "seen": seen("categories", "hardware")}
    refused = post(scene.admin, url("categories-row", key="hardware"), **values, parent="hardware-printer")
    assert (refused.status_code, Category.objects.get(slug="hardware").parent) == (409, None)
    assert post(scene.admin, url("categories-row", key="hardware"), **values, parent="software").status_code == 303


def test_the_audit_trail_tells_each_only_of_what_they_may_see(scene: Scene) -> None:
    incident = incidents.create(by=scene.world.as_requester(), title="Secret title")
    give(Role.objects.get(slug="auditor"), by=BY, organisation=scene.world.organisation, team=scene.world.team)
    auditor = client_of(scene.world.agent)
    page = auditor.get(url("audit"), {"about": incident.number.lower()}).content.decode()
    assert "incident.created" in page
    assert "Rita Requester" in page
    assert "Secret title" not in page
    assert "role.created" in auditor.get(url("audit"), {"name": "role.created"}).content.decode()
    for words, found in (({"who": "rita@acme.example"}, True), ({"who": "lou@acme.example"}, False)):
        answer = auditor.get(url("audit"), {"name": "incident.created", **words}).content.decode()
        assert (incident.number in answer) is found
    assert incident.number not in scene.admin.get(url("audit")).content.decode()
    local = scene.local.get(url("audit")).content.decode()
    assert incident.number not in local
    assert "organisation:acme" not in local
    assert auditor.get(url("audit"), {"since": "tomorrow"}).status_code == 422
    assert incident.number not in auditor.get(url("audit"), {"until": "2020-01-01"}).content.decode()


def test_what_an_administrator_calls_a_state_is_what_everybody_reads(scene: Scene) -> None:
    assert scene.admin.get(url("state-labels")).status_code == 200
    address = url("state-labels-row", key="incident.new")
    entered = {"agents_en": "Fresh", "requesters_en": "", "agents_de": "Frisch", "requesters_de": ""}
    assert post(scene.admin, address, **entered, seen=seen("state-labels", "incident.new")).status_code == 303
    forget()
    assert [str(LIFECYCLE.states["new"].label), str(LIFECYCLE.states["new"].requester_label)] == [
        "Fresh",
        "We have received it",
    ]
    with translation.override("de"):
        assert str(LIFECYCLE.states["new"].label) == "Frisch"
    incident = incidents.create(by=scene.world.as_agent(), title="Dark")
    page = client_of(scene.world.agent).get(f"/incidents/{incident.number}/").content
    assert b"Fresh" in page
    again = {**entered, "agents_en": "", "seen": seen("state-labels", "incident.new")}
    assert post(scene.admin, address, **again).status_code == 303
    forget()
    assert str(LIFECYCLE.states["new"].label) == "New"


def test_the_last_who_can_manage_access_cannot_be_locked_out_by_a_click(scene: Scene) -> None:
    ada = Person.objects.get(email="ada@acme.example")
    grant = Grant.objects.get(person=ada)
    capabilities = Role.objects.get(slug="administrator").capabilities
    without = [name for name in capabilities if name != "access.manage"]
    attempts = (
        (url("grant-take", uuid=grant.uuid), {"reason": "Tidy"}),
        (url("person-access", uuid=ada.uuid), {"reason": "Gone"}),
        (
            url("roles-row", key="administrator"),
            {"name": "Admin", "capabilities": without, "seen": seen("roles", "administrator")},
        ),
    )
    for address, values in attempts:
        assert post(scene.admin, address, **values).status_code == 409, address
    second = create_person(by=BY, name="Eve", email="eve@acme.example", organisation=scene.world.organisation)
    give(Role.objects.get(slug="administrator"), by=BY, organisation=scene.world.organisation, person=second)
    for address, values in attempts[:1]:
        assert post(scene.admin, address, **values).status_code == 303
    assert not actor_for(ada, door="page").holds("access.manage")


def test_every_event_has_words() -> None:
    """A declared event whose second word nobody named would show as code in the audit trail."""
    assert sorted({name.partition(".")[2] for name in declared()} - set(HAPPENED)) == []
    assert (event_in_words("hold_reason.retired"), event_in_words("incident.held")) == (
        "On-hold reason: retired",
        "Incident: put on hold",
    )
