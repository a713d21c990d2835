from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.records.actions.configuration import save_category
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.search.actions import training
from mainstay.kernel.search.models import Classifier, Suggestion
from mainstay.kernel.search.queries.suggestions import suggestions_for
from mainstay.kernel.search.tasks import learn_what_was_written, train_classifiers
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, Category]:
    """Twenty finished cases about paper and twenty about passwords, each in its category; learnt by the nightly job."""
    monkeypatch.setattr(training, "LEAST", 40)
    found = {}
    for slug, words in (("paper", "printer paper jam"), ("access", "password login wrong")):
        found[slug] = save_category(by=system("command"), slug=slug, name=slug.title())
        for number in range(20):
            incident = incidents.create(by=world.as_agent(), requester=world.requester, title=f"{words} {number}")
            Record.objects.filter(pk=incident.pk).update(
                state="closed", state_category="closed", category=found[slug], team=world.team
            )
    learn_what_was_written(0)
    train_classifiers(0)
    return found


def said(actor: Any, incident: Incident) -> dict[str, str]:
    record = Record.objects.get(pk=incident.pk)
    return {proposal.field.value: proposal.value.slug for proposal in suggestions_for(actor, record)}


def new(world: World, title: str = "Paper jam again") -> Incident:
    incident = incidents.create(by=world.as_agent(), requester=world.requester, title=title)
    learn_what_was_written(0)
    return incident


def test_what_was_finished_teaches_what_new_cases_are_for(world: World, history: dict[str, Category]) -> None:
    learnt = Classifier.objects.get(field="category")
    assert (learnt.organisation, learnt.examples) == (world.organisation, 40)
    assert learnt.accuracy == 1
    assert learnt.commonest == 0.5
    assert said(world.as_agent(), new(world)) == {"category": "paper"}
    assert said(world.as_agent(), new(world, "Wrong password")) == {"category": "access"}
    assert not Classifier.objects.filter(field="team").exists(), "all went to one team: nothing to learn"


def test_a_case_that_says_nothing_known_or_has_a_category_gets_no_suggestion(
    world: World, history: dict[str, Category]
) -> None:
    assert said(world.as_agent(), new(world, "Zebra")) == {}
    sorted_out = new(world)
    incidents.edit(sorted_out, by=world.as_agent(), version=sorted_out.version, values={"category": history["access"]})
    assert said(world.as_agent(), sorted_out) == {}


def test_a_case_that_was_told_anew_gets_another_suggestion(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    incidents.edit(incident, by=world.as_agent(), version=incident.version, values={"title": "Password wrong"})
    learn_what_was_written(0)
    assert said(world.as_agent(), incident) == {"category": "access"}


def test_who_sees_only_their_own_cases_is_shown_no_suggestion(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    assert said(world.as_requester(), incident) == {}
    assert said(world.as_agent(), incident) != {}


def test_confidential_cases_teach_nothing(world: World, history: dict[str, Category]) -> None:
    Record.objects.filter(category=history["paper"]).update(access="confidential")
    Classifier.objects.all().delete()
    train_classifiers(0)
    assert not Classifier.objects.exists()
    Record.objects.filter(category=history["paper"]).update(access="internal")
    train_classifiers(0)
    assert Classifier.objects.exists()


def test_a_retired_category_is_not_suggested(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    save_category(by=system("command"), slug="paper", name="Paper", retired=True)
    assert said(world.as_agent(), incident) == {}


def test_suggestions_stop_where_too_many_would_be_wrong(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    Classifier.objects.update(accuracy=0.7)
    Setting.objects.create(key="search.least_accuracy", value=80)
    learn_what_was_written(0)
    assert said(world.as_agent(), incident) == {}
    assert said(world.as_agent(), new(world)) == {}
    Setting.objects.update(value=70)
    assert said(world.as_agent(), new(world)) == {"category": "paper"}


def test_it_is_learnt_anew_only_when_enough_more_was_finished(world: World, history: dict[str, Category]) -> None:
    learnt = Classifier.objects.get().trained
    train_classifiers(0)
    assert Classifier.objects.get().trained == learnt
    for number in range(4):
        more = incidents.create(by=world.as_agent(), requester=world.requester, title=f"paper {number}")
        Record.objects.filter(pk=more.pk).update(state_category="closed", category=history["paper"])
    train_classifiers(0)
    assert Classifier.objects.get().trained > learnt


def test_one_click_sets_what_is_suggested(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    agent = signed_in(world.agent)
    page = agent.get(f"/incidents/{incident.number}/").content.decode()
    assert "Use the suggestion: Paper" in page
    agent.post(f"/incidents/{incident.number}/suggestions/category/")
    assert Record.objects.get(pk=incident.pk).category == history["paper"]
    assert "Use the suggestion" not in agent.get(f"/incidents/{incident.number}/").content.decode()
    assert agent.post(f"/incidents/{incident.number}/suggestions/category/").status_code == 404
    assert agent.post(f"/incidents/{incident.number}/suggestions/title/").status_code == 404


def test_one_click_gives_a_case_to_the_team_it_is_for(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    Suggestion.objects.create(
        record=incident, organisation=world.organisation, field="team", value=world.team.pk, chance=0.9
    )
    signed_in(world.agent).post(f"/incidents/{incident.number}/suggestions/team/")
    assert Record.objects.get(pk=incident.pk).team == world.team


def test_a_case_that_lacks_nothing_costs_no_query(world: World, history: dict[str, Category]) -> None:
    incident = new(world)
    Record.objects.filter(pk=incident.pk).update(category=history["paper"], team=world.team)
    record, agent = Record.objects.get(pk=incident.pk), world.as_agent()
    with CaptureQueriesContext(connection) as asked:
        assert suggestions_for(agent, record) == []
    assert len(asked) == 0


def test_the_screen_says_how_right_it_is_and_what_to_do_without_the_extra(
    world: World, history: dict[str, Category]
) -> None:
    give(
        Role.objects.get(slug="administrator"),
        by=system("command"),
        organisation=world.organisation,
        person=world.agent,
    )
    administrator = signed_in(world.agent)
    page = administrator.get("/administration/suggestions/").content.decode()
    assert ">100 %<" in page
    assert "40 cases" in page
    with mock.patch("mainstay.kernel.administration.views.suggestions.available", return_value=False):
        assert "mainstay[analytics]" in administrator.get("/administration/suggestions/").content.decode()


def test_without_the_extra_nothing_is_learnt_and_what_was_is_forgotten(
    world: World, history: dict[str, Category]
) -> None:
    incident = new(world)
    with mock.patch("mainstay.kernel.search.actions.training.available", return_value=False):
        train_classifiers(0)
    learn_what_was_written(0)
    assert said(world.as_agent(), incident) == {}
