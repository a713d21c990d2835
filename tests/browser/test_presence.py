"""Two agents on one case see each other."""

from typing import Any

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.actions import set_password
from mainstay.kernel.people.actions import create_person, join_team
from mainstay.support.incidents import actions as incidents
from tests.browser.test_printer_story import PASSWORD, sign_in
from tests.world import build

pytestmark = pytest.mark.browser


@pytest.fixture
def number(server: str, django_db_blocker: Any, settings: Any) -> str:
    """The number of an incident on which two agents work."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    by = system("command")
    with django_db_blocker.unblock():
        world = build()
        bea = create_person(by=by, name="Bea Agent", email="bea@acme.example", organisation=world.organisation)
        join_team(bea, world.team, by=by)
        for person in (world.agent, bea):
            set_password(person, by=by, password=PASSWORD)
        incident = incidents.create(by=world.as_agent(), title="Silent", requester=world.requester, team=world.team)
        return incident.number


def test_two_agents_on_one_case_see_each_other(number: str, page: Any, browser: Any, server: str) -> None:
    sign_in(page, "adam@acme.example").goto(f"/incidents/{number}/")
    context = browser.new_context(base_url=server)
    bea = sign_in(context.new_page(), "bea@acme.example")
    bea.goto(f"/incidents/{number}/")
    bea.get_by_text("Is looking at this, too: Adam Agent.").wait_for()
    page.get_by_text("Is looking at this, too: Bea Agent.").wait_for()
    bea.locator("form.composer textarea").press_sequentially("I am on it")
    page.get_by_text("Is writing here: Bea Agent.").wait_for()
    bea.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Something new has happened here.").wait_for()
    context.close()
