"""The requester's pages in a real browser: nothing for axe to find, nothing that scrolls sideways on a phone."""

from typing import Any

import pytest
from django.test import Client

from mainstay.support.incidents import actions, queries
from tests.browser.axe import in_both_themes
from tests.world import World, build

pytestmark = pytest.mark.browser
PAGES = ["/", "/report/", "/cases/", "case", "/profile/", "/profile/sessions/", "/profile/tokens/"]


@pytest.fixture
def company(server: str, django_db_blocker: Any) -> World:
    """A company with one case that waits for its caller."""
    with django_db_blocker.unblock():
        world = build()
        case = actions.create(by=world.as_requester(), title="The printer is silent", description="Since today.")
        actions.hold(
            queries.get(world.as_agent(), case.number),
            by=world.as_agent(),
            reason=queries.hold_reasons().get(slug="caller"),
        )
    return world


@pytest.fixture
def rita(page: Any, company: World, server: str, django_db_blocker: Any) -> Any:
    """A page in which the requester is signed in."""
    with django_db_blocker.unblock():
        client = Client()
        client.force_login(company.requester)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": server}])
    return page


def test_axe_finds_nothing_and_nothing_scrolls_sideways(rita: Any) -> None:
    found = {}
    for name in PAGES:
        for width in (390, 1280):
            rita.set_viewport_size({"width": width, "height": 900})
            rita.goto("/cases/" if name == "case" else name)
            if name == "case":
                rita.get_by_role("link", name="The printer is silent").click()
                rita.get_by_text("We need an answer from you").wait_for()
            if complaints := in_both_themes(rita):
                found[name, width] = complaints
            assert rita.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert found == {}


def test_axe_finds_nothing_before_signing_in(page: Any, company: World) -> None:
    page.goto("/accounts/sign-in/")
    assert in_both_themes(page) == []


def test_a_report_is_sent_with_the_keyboard_alone(rita: Any) -> None:
    rita.goto("/report/")
    rita.get_by_label("What is wrong?").focus()
    rita.keyboard.type("No light in the hall")
    rita.keyboard.press("Enter")
    rita.get_by_text("Thank you, we have it").first.wait_for()
