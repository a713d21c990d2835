"""Canned answers and macros, as administrators arrange and agents use them."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give, save_role
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import create_person, create_team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible, Stale
from mainstay.kernel.records.actions import add_task
from mainstay.kernel.records.models import Category, Comment, Watch
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.engine.placeholders import fill, unknown
from mainstay.support.service_desk.models import CannedAnswer, Macro
from mainstay.support.service_desk.queries.macros import plan
from mainstay.support.service_desk.queries.prepared import answers_for, case_for_work, macro_for, macros_for
from tests.world import World, signed_in

BY = system("command")
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
VENDOR = {
    "name": "Ask the vendor",
    "kind": "incident",
    "category": "hardware",
    "impact": "high",
    "comment": "We have asked the vendor about {{ number }}.",
    "visibility": "public",
    "watches": True,
    "assign_to": "desk",
    "takes": True,
    "verb": "hold",
    "hold_reason": "vendor",
    "hold_days": 3,
}


def prepare(kind: str, key: str, /, **values: Any) -> None:
    put(kinds()[kind], key, values, by=BY)


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_agent(), title="The printer is {{ silent }}", requester=world.requester)


@pytest.fixture
def adam(world: World) -> Client:
    return signed_in(world.agent)


def text(answer: Any) -> str:
    return str(answer.content.decode())


TEXTS = st.text(st.sampled_from("{} abz\n"), max_size=30)


@given(TEXTS, st.dictionaries(st.text("abz", min_size=1, max_size=2), TEXTS))
def test_a_place_is_filled_once_and_what_is_filled_in_is_never_read_again(words: str, values: dict[str, str]) -> None:
    marked = {name: f"<{number}>" for number, name in enumerate(values)}
    expected = fill(words, marked)
    for number, name in enumerate(values):
        expected = expected.replace(f"<{number}>", f"\0{name}\0")
    for name, value in values.items():
        expected = expected.replace(f"\0{name}\0", value)
    assert fill(words, values) == expected
    assert fill(words, {}) == words
    assert not set(unknown(words, values)) & set(values)


@pytest.mark.django_db
def test_a_canned_answer_reads_on_the_case_as_it_is_and_never_as_a_template(world: World, incident: Incident) -> None:
    prepare(
        "canned-answers", "hello", name="Hello", body="Dear {{caller}}, about {{ number }} ({{ title }}): {{ agent }}"
    )
    ((_answer, words),) = answers_for(world.as_agent(), incident)
    assert words == f"Dear Rita Requester, about {incident.number} (The printer is {{{{ silent }}}}): Adam Agent"


@pytest.mark.django_db
def test_a_place_that_does_not_exist_is_refused_by_name(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        prepare("canned-answers", "hello", name="Hello", body="{{ password }}")
    assert "password" in refused.value.errors["body"]
    assert "caller" in refused.value.errors["body"]
    assert not CannedAnswer.objects.exists()


@pytest.mark.django_db
def test_canned_answers_and_macros_are_offered_to_their_team_and_for_their_organisation_only(
    world: World, incident: Incident
) -> None:
    create_team(by=BY, slug="other", name="Other", organisation=world.organisation)
    for slug, more in (
        ("all", {}),
        ("mine", {"team": "desk", "organisation": "acme"}),
        ("others", {"team": "other"}),
        ("theirs", {"organisation": "rival"}),
        ("old", {"retired": True}),
    ):
        prepare("canned-answers", slug, name=slug, body="Hello", **more)
        prepare("macros", slug, name=slug, kind="incident", verb="start", **more)
    prepare("macros", "contacts", name="contacts", kind="contact", verb="start")
    agent = world.as_agent()
    assert {answer.slug for answer, _words in answers_for(agent, incident)} == {"all", "mine"}
    assert {macro.slug for macro in macros_for(agent, incident)} == {"all", "mine"}
    for slug in ("others", "theirs", "old", "contacts"):
        with pytest.raises(Missing):
            macro_for(agent, incident, slug)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "contact"}, "impact"),
        ({"verb": "answer"}, "verb"),
        ({"verb": "resolve"}, "words"),
        ({"verb": "hold", "words": "Because"}, "words"),
        ({"hold_reason": None}, "hold_reason"),
        ({"comment": "{{ secret }}"}, "comment"),
    ],
)
def test_a_macro_that_its_kind_of_record_cannot_do_is_refused(world: World, changed: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        prepare("macros", "vendor", **{**VENDOR, **changed})
    assert field in refused.value.errors
    prepare("macros", "vendor", **VENDOR)


@pytest.mark.django_db
def test_a_macro_does_what_it_showed_in_one_go(world: World, incident: Incident, adam: Client) -> None:
    prepare("macros", "vendor", **VENDOR)
    page = text(adam.get(f"/incidents/{incident.number}/"))
    address = f"/desk/records/{incident.number}/macros/vendor/"
    assert address in page
    shown = text(adam.get(address, headers=HTMX))
    for words in ("Hardware", f"We have asked the vendor about {incident.number}.", "Adam Agent", "Pending", "High"):
        assert words in shown
    assert adam.post(address, {"version": incident.version}).status_code == 303
    incident.refresh_from_db()
    assert (incident.state, incident.impact, incident.category.slug) == ("pending", 1, "hardware")
    assert (incident.team, incident.assignee) == (world.team, world.agent)
    assert incident.hold_reason is not None
    assert incident.resume_at is not None
    comment = Comment.objects.get(record_id=incident.pk)
    assert (comment.body, comment.visibility) == (f"We have asked the vendor about {incident.number}.", "public")
    assert Watch.objects.filter(record_id=incident.pk, person=world.agent).exists()
    assert "applied the macro Ask the vendor" in text(adam.get(f"/incidents/{incident.number}/"))


@pytest.mark.django_db
def test_what_the_agent_may_not_do_the_macro_may_not_either_and_nothing_of_it_is_done(
    world: World, incident: Incident
) -> None:
    prepare("macros", "vendor", **VENDOR)
    helper = create_person(by=BY, name="Hal", email="hal@acme.example", organisation=world.organisation)
    granted = [name for name in Role.objects.get(slug="agent").capabilities if not name.startswith("incident.hold")]
    save_role(by=BY, slug="helper", name="Helper", capabilities=granted)
    give(Role.objects.get(slug="helper"), by=BY, organisation=world.organisation, person=helper)
    macro, by = Macro.objects.get(), actor_for(helper, door="page")
    assert any("Put on hold" in reason for reason in plan(macro, case_for_work(by, incident.number), by).refusals)
    with pytest.raises(NotPermitted, match="Put on hold"):
        actions.apply_macro(macro, incident, by=by)
    assert not Comment.objects.exists()
    before = Event.objects.count()
    with pytest.raises((NotPossible, NotPermitted, Missing)):
        actions.apply_macro(macro, incident, by=world.as_stranger())
    assert Event.objects.count() == before


@pytest.mark.django_db
def test_a_refusal_in_the_middle_takes_back_what_was_done_before(world: World, incident: Incident) -> None:
    """The team does not work for the case: only the action itself finds that out."""
    rival = world.stranger.organisation
    create_team(by=BY, slug="far", name="Far", organisation=rival)
    prepare("macros", "far", **{**VENDOR, "assign_to": "far", "takes": False})
    with pytest.raises(Invalid):
        actions.apply_macro(Macro.objects.get(), incident, by=world.as_agent())
    incident.refresh_from_db()
    assert (incident.impact, Comment.objects.count()) == (3, 0)
    assert not Event.objects.filter(name="incident.macro_applied").exists()


@pytest.mark.django_db
def test_a_mandatory_task_keeps_a_macro_from_resolving(world: World, incident: Incident) -> None:
    values = {"verb": "resolve", "words": "Done for {{ caller }}", "closing_category": "other"}
    prepare("macros", "done", name="Done", kind="incident", **values)
    macro, agent = Macro.objects.get(), world.as_agent()
    add_task(incident, by=agent, title="Ask first", mandatory=True)
    with pytest.raises(NotPossible, match="Mandatory"):
        actions.apply_macro(macro, incident, by=agent)
    incident.tasks.all().delete()
    actions.apply_macro(macro, incident, by=agent)
    incident.refresh_from_db()
    assert (incident.state, incident.solution) == ("resolved", "Done for Rita Requester")


@pytest.mark.django_db
def test_whoever_saw_an_older_case_is_shown_the_present_one_first(
    world: World, incident: Incident, adam: Client
) -> None:
    prepare("macros", "vendor", **VENDOR)
    seen = incident.version
    incidents.edit(
        incident, by=world.as_agent(), version=seen, values={"category": Category.objects.get(slug="software")}
    )
    with pytest.raises(Stale):
        actions.apply_macro(Macro.objects.get(), incident, by=world.as_agent(), version=seen)
    refused = adam.post(f"/desk/records/{incident.number}/macros/vendor/", {"version": seen}, headers=HTMX)
    assert refused.status_code == 422
    assert "Software" in text(refused)


@pytest.mark.django_db
def test_a_macro_on_many_shows_first_and_then_does_each_by_itself(
    world: World, incident: Incident, adam: Client
) -> None:
    prepare("macros", "start", name="Begin", kind="incident", comment="On it.", verb="start")
    other = incidents.create(by=world.as_agent(), title="Another", requester=world.requester)
    incidents.start(other, by=world.as_agent())
    assert "/desk/macros/" in text(adam.get("/incidents/"))
    selected = {"selected": [incident.number, other.number]}
    assert "Begin" in text(adam.post("/desk/macros/", selected))
    shown = text(adam.post("/desk/macros/", {**selected, "macro": "start"}))
    assert "1 case will be changed:" in shown
    assert "1 case stays as it is:" in shown
    assert not Comment.objects.exists()
    done = text(adam.post("/desk/macros/", {**selected, "macro": "start", "confirmed": "yes"}))
    assert "1 case was changed:" in done
    assert [comment.record_id for comment in Comment.objects.all()] == [incident.pk]


@pytest.mark.django_db
def test_nothing_is_offered_where_nothing_is_prepared(incident: Incident, adam: Client) -> None:
    page = text(adam.get(f"/incidents/{incident.number}/")) + text(adam.get("/incidents/"))
    assert "Canned answer" not in page
    assert "/macros/" not in page


@pytest.mark.django_db
def test_a_requester_finds_neither_answers_nor_macros(world: World, incident: Incident) -> None:
    prepare("canned-answers", "hello", name="Hello", body="Dear {{caller}}")
    prepare("macros", "start", name="Begin", kind="incident", verb="start")
    rita, adam = signed_in(world.requester), signed_in(world.agent)
    for end in ("answers/", "macros/start/"):
        address = f"/desk/records/{incident.number}/{end}"
        assert (rita.get(address).status_code, adam.get(address).status_code) == (404, 200)


@pytest.mark.django_db
def test_a_macro_is_round_tripped_as_a_configuration_row(world: World) -> None:
    prepare("macros", "vendor", **VENDOR)
    row = kinds()["macros"].read()["vendor"]
    assert {name: row[name] for name in VENDOR} == VENDOR
    assert put(kinds()["macros"], "vendor", row, by=BY) is False
