"""Passkeys with the browser's own ceremony and a virtual authenticator."""

from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.actions import set_password
from tests.browser.axe import in_both_themes
from tests.world import World, build

pytestmark = pytest.mark.browser
PASSWORD = "a pipe of correct length"


@pytest.fixture
def company(server: str, django_db_blocker: Any, settings: Any) -> World:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():
        world = build()
        set_password(world.requester, by=system("command"), password=PASSWORD)
    return world


@pytest.fixture
def key(page: Any) -> None:
    """A fingerprint reader that always recognises the finger."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_then_signs_in_alone(company: World, page: Any, key: None) -> None:
    page.goto("/profile/second-factor/")
    page.get_by_label("E-mail address").fill("rita@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What is it called?").fill("My finger")
    assert in_both_themes(page) == []
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/profile/second-factor/codes/")
    page.goto("/profile/second-factor/")
    assert page.get_by_text("My finger").is_visible()
    page.context.clear_cookies()
    page.goto("/profile/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)
    page.goto("/profile/")
    assert page.get_by_label("Name", exact=True).input_value() == "Rita Requester"


def test_a_passkey_of_nobody_is_refused(company: World, client: Client) -> None:
    answer = client.post("/accounts/sign-in/passkey/", {"credential": "{}"})
    assert answer.headers["Location"] == "/accounts/sign-in/"
    assert client.get("/profile/").status_code == 302
