"""Signing in by OpenID Connect, against the provider that the OpenID Foundation certified, in a real browser."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.actions import set_password
from mainstay.kernel.accounts.gateways import providers
from mainstay.kernel.people.actions import create_person, deactivate
from mainstay.kernel.people.models import Person
from tests.world import World, build

pytestmark = pytest.mark.browser
PASSWORD = "a pipe of correct length"
SCRIPT = Path(__file__).with_name("provider.mjs")
NODE = Path(__file__).parents[2] / ".venv/bin/node"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def provider(callback: str, verified: str = "yes") -> Iterator[str]:
    """Run the provider; answers its address."""
    port = free_port()
    command = [str(NODE) if NODE.exists() else "node", str(SCRIPT), str(port), callback, verified]
    # In a group of its own: what the environment calls node starts another process, which is to end with it.
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            while "ready" not in (line := process.stdout.readline()):
                assert line, "the provider did not start"
            yield f"http://localhost:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)


@pytest.fixture
def company(server: str, django_db_blocker: Any, settings: Any) -> World:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():
        return build()


def configure(settings: Any, address: str, **details: Any) -> None:
    entry = {
        "id": "outside",
        "name": "Outside",
        "server": address,
        "client_id": "mainstay",
        "client_secret": "a secret of the tests alone",
        **details,
    }
    settings.SOCIALACCOUNT_PROVIDERS = providers.for_allauth({"openid_connect": [entry]})
    policy = {name: list(values) for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()}
    policy["form-action"] += providers.origins({"openid_connect": [entry]})
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}


def go_through(page: Any, button: str = "Sign in with Outside", who: str = "olga") -> None:
    """Press the button, then sign in and agree over there."""
    page.get_by_role("button", name=button).click()
    page.locator("input[name=login]").fill(who)
    page.locator("input[name=password]").fill("anything")
    page.get_by_role("button", name="Sign-in").click()
    page.get_by_role("button", name="Continue").click()


def test_the_first_visit_makes_a_requester_and_the_second_finds_them(
    company: World, page: Any, server: str, settings: Any, django_db_blocker: Any
) -> None:
    with provider(f"{server}/accounts/oidc/outside/login/callback/") as address:
        configure(settings, address, create_people=True, organisation="acme")
        page.goto("/")
        go_through(page)
        page.get_by_text("How can we help?").first.wait_for()
        with django_db_blocker.unblock():
            olga = Person.objects.get(email="olga@outside.example")
            assert (olga.name, olga.organisation.slug, olga.has_usable_password()) == ("Olga Outside", "acme", False)
            assert list(olga.grants.values_list("role__slug", "organisation__slug")) == [("requester", "acme")]
        page.context.clear_cookies()
        page.goto("/")
        go_through(page)
        page.get_by_text("How can we help?").first.wait_for()
        with django_db_blocker.unblock():
            assert SocialAccount.objects.get().user_id == olga.pk
            deactivate(olga, by=system("command"), reason="left")
        page.context.clear_cookies()
        page.goto("/")
        go_through(page)
        page.get_by_text("This account may not sign in").wait_for()


@pytest.mark.parametrize(
    ("verified", "details", "told"),
    [
        ("no", {"create_people": True, "organisation": "acme"}, "no e-mail address that was verified"),
        ("yes", {}, "Ask your administrator"),
        ("yes", {"create_people": True, "organisation": "acme"}, "Somebody has its e-mail address already"),
    ],
    ids=["unverified", "no new people", "address taken"],
)
def test_an_address_alone_never_opens_an_account(
    company: World,
    page: Any,
    server: str,
    settings: Any,
    django_db_blocker: Any,
    verified: str,
    details: dict[str, Any],
    told: str,
) -> None:
    with django_db_blocker.unblock():
        if "Somebody" in told:
            create_person(
                by=system("command"), name="Olga", email="olga@outside.example", organisation=company.organisation
            )
    with provider(f"{server}/accounts/oidc/outside/login/callback/", verified) as address:
        configure(settings, address, **details)
        page.goto("/")
        go_through(page)
        page.get_by_text(told).first.wait_for()
        page.goto("/profile/")
        assert "/accounts/sign-in/" in page.url
    with django_db_blocker.unblock():
        assert not SocialAccount.objects.exists()


def test_somebody_connects_an_account_and_signs_in_with_it(
    company: World, page: Any, server: str, settings: Any, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        set_password(company.agent, by=system("command"), password=PASSWORD)
    with provider(f"{server}/accounts/oidc/outside/login/callback/") as address:
        configure(settings, address)
        page.goto("/profile/connections/")
        page.get_by_label("E-mail address").fill("adam@acme.example")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        go_through(page, "Connect Outside", "adam-outside")
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="Disconnect").wait_for()
        page.context.clear_cookies()
        page.goto("/profile/")
        go_through(page, who="adam-outside")
        page.wait_for_url(lambda address: "/accounts/" not in address and "localhost" in address)
        page.goto("/profile/")
        assert page.get_by_label("Name", exact=True).input_value() == "Adam Agent"
