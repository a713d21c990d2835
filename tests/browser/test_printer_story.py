"""The printer story, from the portal to the confirmation, in two browsers."""

from collections.abc import Iterator
from typing import Any

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.actions import set_password
from mainstay.support.incidents.models import Incident
from tests.world import World, build

pytestmark = pytest.mark.browser
PASSWORD = "a pipe of correct length"


@pytest.fixture
def company(server: str, django_db_blocker: Any, settings: Any) -> World:
    """A company whose requester and agent can sign in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():
        world = build()
        for person in (world.requester, world.agent):
            set_password(person, by=system("command"), password=PASSWORD)
    return world


@pytest.fixture
def rita(company: World, page: Any) -> Any:
    """The requester's phone."""
    page.set_viewport_size({"width": 390, "height": 844})
    return sign_in(page, "rita@acme.example")


@pytest.fixture
def adam(company: World, browser: Any, server: str) -> Iterator[Any]:
    """The agent's screen."""
    context = browser.new_context(base_url=server, viewport={"width": 1280, "height": 900})
    yield sign_in(context.new_page(), "adam@acme.example")
    context.close()


def sign_in(page: Any, email: str) -> Any:
    page.goto("/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    return page


def test_a_printer_is_reported_looked_after_and_confirmed(rita: Any, adam: Any, django_db_blocker: Any) -> None:
    rita.get_by_role("link", name="Report a problem").click()
    rita.get_by_label("What is wrong?").fill("The printer does not print")
    rita.get_by_label("Tell us more").fill("Since this morning, third floor.")
    rita.get_by_role("button", name="Send").click()
    rita.get_by_role("link", name="Open the case").click()
    assert rita.get_by_text("We have received it").first.is_visible()
    number = rita.url.rstrip("/").rpartition("/")[2]

    adam.goto("/desk/?kind=contact")
    adam.get_by_role("link", name=number, exact=True).click()
    assert adam.get_by_text("Since this morning, third floor.").is_visible()
    adam.get_by_role("button", name="Turn into an incident").click()
    adam.locator("dialog[open]").get_by_role("button", name="Turn into an incident").click()
    adam.wait_for_url("**/incidents/INC-*/")
    assert adam.get_by_text("Since this morning, third floor.").is_visible()
    adam.get_by_role("button", name="Start work").click()
    adam.get_by_text("In progress").first.wait_for()
    adam.locator("form.composer textarea").fill("Is the cable in the wall?")
    adam.get_by_role("button", name="Send", exact=True).click()
    adam.get_by_text("Is the cable in the wall?").first.wait_for()
    adam.get_by_text("Internal note").first.click()
    adam.locator("form.composer textarea").fill("She always trips over it.")
    adam.get_by_role("button", name="Send", exact=True).click()
    adam.get_by_text("She always trips over it.").first.wait_for()

    rita.reload()
    assert rita.get_by_text("Is the cable in the wall?").is_visible()
    assert rita.get_by_text("She always trips").count() == 0
    rita.get_by_label("Add something").fill("It is now, and nothing comes out.")
    rita.get_by_role("button", name="Send").click()
    rita.locator("article").get_by_text("It is now, and nothing comes out.").wait_for()

    adam.reload()
    assert adam.get_by_text("nothing comes out").first.is_visible()
    adam.get_by_role("link", name="Resolve").or_(adam.get_by_role("button", name="Resolve")).first.click()
    adam.get_by_label("Solution").fill("The queue was stopped; it runs again.")
    adam.get_by_label("Closing category").select_option("hardware-printer")
    adam.locator("dialog[open]").get_by_role("button", name="Resolve").click()
    adam.locator("#content .chip-resolved").first.wait_for()

    rita.reload()
    assert rita.get_by_text("The queue was stopped; it runs again.").is_visible()
    rita.get_by_role("button", name="Yes, it works again").click()
    rita.get_by_text("Good to hear").wait_for()
    with django_db_blocker.unblock():
        incident = Incident.objects.get(former_numbers__number=number)
        assert (incident.state, incident.requester.name) == ("closed", "Rita Requester")
