"""The requester's pages in a real browser, by keyboard and on a phone."""

from typing import Any

import pytest
from django.test import Client

from mainstay.support.incidents import actions, queries
from tests.world import World, build

pytestmark = pytest.mark.browser


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


def test_a_report_is_sent_with_the_keyboard_alone(rita: Any) -> None:
    rita.goto("/report/")
    rita.get_by_label("What is wrong?").focus()
    rita.keyboard.type("No light in the hall")
    rita.keyboard.press("Enter")
    rita.get_by_text("Thank you, we have it").first.wait_for()
