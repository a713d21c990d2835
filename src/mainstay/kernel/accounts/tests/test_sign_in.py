"""Signing in and out, as a browser does it."""

import pytest
from django.core.cache import cache
from django.test import Client

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts import actions
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import deactivate
from mainstay.kernel.people.models import Person
from tests.world import World

PASSWORD = "a pipe of correct length"
WRONG = {"login": "rita@acme.example", "password": "not this one"}


@pytest.fixture
def rita(world: World) -> Person:
    actions.set_password(world.requester, by=system("command"), password=PASSWORD)
    return world.requester


@pytest.fixture
def browser(db: None) -> Client:
    """A browser that keeps cookies and is held to the CSRF rules."""
    return Client()


def sign_in(browser: Client, **values: str):
    return browser.post("/accounts/sign-in/", {"login": "rita@acme.example", "password": PASSWORD, **values})


def test_a_person_signs_in_with_address_and_password_and_out_again(rita: Person, client: Client) -> None:
    assert client.get("/profile/").headers["Location"] == "/accounts/sign-in/?next=/profile/"
    page = client.get("/accounts/sign-in/?next=/profile/")
    assert page.status_code == 200
    assert "Password" in page.content.decode()
    answer = client.post(
        "/accounts/sign-in/?next=/profile/", {"login": " RITA@acme.example", "password": PASSWORD, "remember": "on"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/profile/")
    assert "Rita Requester" in client.get("/profile/").content.decode()
    assert Event.objects.filter(name="person.signed_in", subject=f"person:{rita.uuid}").count() == 1
    gone = client.post("/accounts/sign-out/")
    assert (gone.status_code, gone.headers["Clear-Site-Data"]) == (302, '"storage"')
    assert client.get("/profile/").status_code == 302


def test_opening_the_sign_out_page_signs_nobody_out(rita: Person, client: Client) -> None:
    sign_in(client)
    assert client.get("/accounts/sign-out/").status_code == 200
    assert client.get("/profile/").status_code == 200


def test_a_wrong_password_is_refused_and_leaves_an_event(rita: Person, client: Client) -> None:
    answer = client.post("/accounts/sign-in/", WRONG)
    assert answer.status_code == 422
    assert "is not right" in answer.content.decode()
    assert "rita@acme.example" in answer.content.decode(), "what was typed stays"
    assert "not this one" not in answer.content.decode()
    assert Event.objects.get(name="person.sign_in_failed").subject == f"person:{rita.uuid}"


def test_the_session_changes_its_name_when_somebody_signs_in(rita: Person, client: Client) -> None:
    client.cookies["session"] = "chosen-by-somebody-else"
    sign_in(client)
    assert client.cookies["session"].value != "chosen-by-somebody-else"
    assert len(client.cookies["session"].value) >= 32


def test_nobody_can_sign_up(db: None, client: Client) -> None:
    for address in ("/accounts/sign-up/", "/accounts/signup/"):
        assert client.get(address).status_code == 404


def test_after_five_failures_an_account_rests_whatever_the_password(rita: Person, client: Client) -> None:
    for _ in range(5):
        assert client.post("/accounts/sign-in/", WRONG).status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 422
    assert "Too many attempts" in answer.content.decode()
    cache.clear()
    assert sign_in(client).status_code == 302


def test_a_deactivated_person_is_out_with_the_next_request_and_cannot_return(rita: Person, client: Client) -> None:
    sign_in(client)
    assert client.get("/profile/").status_code == 200
    deactivate(rita, by=system("command"), reason="left")
    assert client.get("/profile/").status_code == 302
    assert sign_in(client).status_code == 422


def test_a_changed_password_ends_every_other_session(rita: Person, client: Client) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    sign_in(client)
    new = "something else entirely"
    answer = client.post("/profile/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer.status_code == 302, answer.content.decode()
    assert client.get("/profile/").status_code == 200
    assert elsewhere.get("/profile/").status_code == 302
    assert sign_in(elsewhere, password=new).status_code == 302


@pytest.mark.parametrize("password", ["short", "password123", "x" * 129])
def test_a_weak_password_is_refused(rita: Person, client: Client, password: str) -> None:
    sign_in(client)
    values = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post("/profile/password/", values).status_code == 422


@pytest.mark.parametrize("password", ["x" * 20 + "y" * 108, "pass word ü 漢"])
def test_a_long_or_foreign_password_is_welcome(rita: Person, client: Client, password: str) -> None:
    sign_in(client)
    values = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post("/profile/password/", values).status_code == 302
    assert sign_in(Client(), password=password).status_code == 302


def test_the_first_administrator_comes_by_a_token_that_works_once(db: None, client: Client) -> None:
    token = actions.first_administrator_token()
    address = f"/accounts/first-administrator/{token}/"
    assert client.get(address).status_code == 200
    values = {"name": "Ada", "email": "ada@acme.example", "password": "a fine long password"}
    assert client.post(address, values | {"password": "short"}).status_code == 422
    answer = client.post(address, values)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    ada = Person.objects.get()
    assert set(ada.grants.values_list("role__slug", flat=True)) == {"administrator", "requester"}
    assert "Ada" in client.get("/profile/").content.decode()
    assert Client().get(address).status_code == 404
    assert Client().post(address, values | {"email": "eve@acme.example"}).status_code == 404


def test_the_profile_keeps_choices_and_refuses_nonsense(rita: Person, client: Client) -> None:
    sign_in(client)
    values = {"name": "Rita R.", "language": "de", "zone": "Europe/Vienna", "theme": "dark", "shortcuts": "off"}
    assert client.post("/profile/", values).status_code == 303
    rita.refresh_from_db()
    assert (rita.name, rita.language, rita.zone) == ("Rita R.", "de", "Europe/Vienna")
    assert rita.preferences == {"theme": "dark", "shortcuts": "off"}
    assert client.post("/profile/", values | {"zone": "Mars/Base"}).status_code == 422
    assert client.post("/profile/", values | {"email": "x@y.example", "is_active": ""}).status_code == 303
    rita.refresh_from_db()
    assert rita.email == "rita@acme.example"
