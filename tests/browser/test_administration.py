"""Administration in a real browser: made of controls alone, readable by everybody, on a desk and on a phone."""

from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people.actions import create_person, create_team, join_team
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.models import AttributeDefinition

pytestmark = pytest.mark.browser

BY = system("command")


@pytest.fixture
def ada(page: Any, server: str, django_db_blocker: Any) -> Any:
    """A page in which an administrator is signed in."""
    with django_db_blocker.unblock():
        home = Organisation.objects.get(slug="home")
        person = create_person(by=BY, name="Ada Admin", email="ada@home.example", organisation=home)
        give(Role.objects.get(slug="administrator"), by=BY, organisation=home, person=person)
        desk = create_team(by=BY, slug="desk", name="Service desk", organisation=home)
        join_team(person, desk, by=BY, leads=True)
        give(Role.objects.get(slug="agent"), by=BY, organisation=home, team=desk)
        put(kinds()["hold-reasons"], "caller", {"name": "Waiting for the caller"}, by=BY)
        client = Client()
        client.force_login(person)
        cookie = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": cookie, "url": server}])
    return page


def test_a_custom_field_is_made_by_the_way_an_administrator_goes(ada: Any, django_db_blocker: Any) -> None:
    ada.goto("/administration/")
    ada.get_by_role("main").get_by_role("link", name="Custom fields").click()
    ada.locator("main").get_by_role("link", name="New").click()
    ada.get_by_label("Label").fill("Asset tag")
    ada.get_by_label("Kind of record").select_option("incident")
    ada.get_by_label("Type", exact=True).select_option("choice")
    ada.get_by_role("button", name="Save").click()
    ada.get_by_text("A choice needs its values").wait_for()
    assert ada.get_by_label("Label").input_value() == "Asset tag"
    ada.get_by_label("Choices").fill("Blue\nRed")
    ada.get_by_role("button", name="Save").click()
    ada.get_by_role("link", name="Asset tag").wait_for()
    with django_db_blocker.unblock():
        made = AttributeDefinition.objects.get()
    assert (made.kind, made.slug, made.choices) == ("incident", "asset_tag", ["Blue", "Red"])


def test_a_person_loses_access_and_the_audit_trail_says_why(ada: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        home = Organisation.objects.get(slug="home")
        leaver = create_person(by=BY, name="Leo Leaver", email="leo@home.example", organisation=home)
    ada.goto("/administration/people/?q=leo")
    ada.get_by_role("link", name="Leo Leaver").click()
    ada.get_by_label("Reason").fill("Left the company")
    ada.get_by_role("button", name="Deactivate").click()
    ada.get_by_text("Leo Leaver has no access any more.").wait_for()
    ada.goto("/administration/audit/?name=person.deactivated")
    ada.get_by_role("cell", name="Left the company").wait_for()
    with django_db_blocker.unblock():
        assert not Person.objects.get(pk=leaver.pk).is_active
