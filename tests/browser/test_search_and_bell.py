"""Searching while typing, and the bell, in a real browser."""

from typing import Any

import pytest

from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import comment
from mainstay.support.incidents import actions as incidents
from tests.browser.axe import in_both_themes
from tests.world import build

pytestmark = pytest.mark.browser


def sign_in(page: Any, person: Person) -> None:
    """Give the browser a session of `person`, as signing in does."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "localhost", "path": "/"}]
    )


def test_a_requester_finds_their_case_while_typing_and_opens_it(page: Any) -> None:
    world = build()
    incident = incidents.create(by=world.as_requester(), title="Printer jams", description="It eats paper.")
    sign_in(page, world.requester)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/search/")
    searched = page.locator("main").get_by_role("searchbox")
    assert searched.get_attribute("placeholder") == 'Words, a number, or a "phrase"'
    searched.press_sequentially("pap")
    page.get_by_role("link", name=incident.number).wait_for()
    assert page.locator("mark").inner_text() == "paper"
    assert page.url.endswith("q=pap")
    assert in_both_themes(page, "main") == []
    page.get_by_role("link", name=incident.number).click()
    page.wait_for_url(f"**/cases/{incident.number}/")


def test_an_agent_searches_by_keyboard_and_reads_the_bell(page: Any) -> None:
    world = build()
    incident = incidents.create(by=world.as_agent(), title="Scanner is dark", requester=world.requester)
    incidents.start(incident, by=world.as_agent())
    comment(incident, by=world.as_requester(), body="It is very dark.")
    run("notify.deliver")
    sign_in(page, world.agent)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/notifications/")
    assert in_both_themes(page, "main") == []
    page.keyboard.press("/")
    page.keyboard.type("dark")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=dark")
    assert page.locator("mark").first.inner_text() == "dark"
    assert in_both_themes(page, "main") == []
    page.get_by_role("link", name="1 unread notification").click()
    page.get_by_role("button", name="Rita Requester wrote something new.").click()
    page.wait_for_url(f"**/incidents/{incident.number}/")
    page.goto("/notifications/choices/")
    assert in_both_themes(page, "main") == []
