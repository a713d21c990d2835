"""A forgotten password, from the sign-in page over the mail to a new one; and what people are told of changes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.administration.views.people import values_of
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import deactivate, edit_person
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import fingerprint
from tests.world import World

ASK, CHOOSE, SIGN_IN = "/accounts/forgotten-password/", "/accounts/new-password/", "/accounts/sign-in/"
OLD, NEW = "a pipe of correct length", "quite another fine pipe"
JOBS = ("accounts.send_new_password", "accounts.tell_of_change")


@pytest.fixture
def rita(world: World, keeper: Keeper) -> Person:
    cache.clear()
    actions.set_password(world.requester, by=system("command"), password=OLD)
    run(*JOBS)
    keeper.raw.clear()
    keeper.recipients.clear()
    return world.requester


def ask(email: str = "Rita@acme.example") -> Any:
    return Client().post(ASK, {"email": email})


def link(keeper: Keeper) -> str:
    run(*JOBS)
    (found,) = re.findall(r"http\S+new-password\S+", keeper.messages[-1].get_content())
    return str(found)


def token_in(address: str) -> str:
    return address.partition("token=")[2]


def test_whoever_forgot_their_password_chooses_a_new_one_with_a_mailed_link(
    rita: Person, keeper: Keeper, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.acme.example"
    assert ASK in Client().get(SIGN_IN).content.decode()
    client = Client()
    assert "Send the link" in client.get(ASK).content.decode()
    assert client.post(ASK, {"email": "no address"}).status_code == 422
    assert ask().status_code == 200
    address = link(keeper)
    assert keeper.recipients == [["rita@acme.example"]]
    assert address.startswith(f"https://desk.acme.example{CHOOSE}?token=")
    page = client.get(address.removeprefix("https://desk.acme.example"))
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    form = {"token": token_in(address), "password": NEW}
    assert client.post(CHOOSE, form | {"password": "short"}).status_code == 422
    answer = client.post(CHOOSE, form)
    assert (answer.status_code, answer.headers["Location"]) == (303, SIGN_IN)
    assert "Your password is changed" in client.get(SIGN_IN).content.decode()
    assert client.post(SIGN_IN, {"login": "rita@acme.example", "password": OLD}).status_code == 422
    assert client.post(SIGN_IN, {"login": "rita@acme.example", "password": NEW}).status_code == 302
    again = Client().post(CHOOSE, form)
    assert again.status_code == 404
    assert "Ask for a new link" in again.content.decode()
    told = Event.objects.filter(subject=f"person:{rita.uuid}").values_list("name", flat=True)
    assert {"person.new_password_sent", "person.password_changed"} <= set(told)


def test_no_link_is_sent_to_whoever_has_no_password_here_or_may_not_sign_in(
    world: World, rita: Person, keeper: Keeper
) -> None:
    assert ask("adam@acme.example").status_code == 200
    deactivate(rita, by=system("command"), reason="Left")
    assert ask().status_code == 200
    assert run(*JOBS) == 2
    assert keeper.raw == []
    assert not OneTimeToken.objects.exists()


@pytest.mark.parametrize("end", ["expired", "asked again", "address changed", "password changed", "deactivated"])
def test_a_link_ends(rita: Person, keeper: Keeper, end: str) -> None:
    ask()
    form = {"token": token_in(link(keeper)), "password": NEW}
    assert Client().get(CHOOSE, form).status_code == 200
    if end == "expired":
        OneTimeToken.objects.update(expires=timezone.now() - timedelta(seconds=1))
    elif end == "asked again":
        ask()
        link(keeper)
    elif end == "address changed":
        edit_person(rita, by=system("command"), values={"email": "rita@new.example"})
    elif end == "password changed":
        actions.set_password(rita, by=system("command"), password="something third")
    else:
        deactivate(rita, by=system("command"), reason="Left")
    assert Client().post(CHOOSE, form).status_code == 404
    rita.refresh_from_db()
    assert not rita.check_password(NEW)


def test_links_are_asked_for_a_few_times_only_whoever_it_is(rita: Person) -> None:
    for email in ("rita@acme.example", "nobody@acme.example"):
        cache.clear()
        assert [ask(email).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_without_a_mail_server_the_page_says_so(db: None) -> None:
    assert "Ask your administrator" in Client().get(ASK).content.decode()


def test_whose_password_or_address_was_changed_is_told_where_they_read_it(rita: Person, keeper: Keeper) -> None:
    edit_person(rita, by=system("command"), values={"email": "rita@new.example", "name": "Rita"})
    run(*JOBS)
    assert keeper.recipients == [["rita@acme.example"]], "at the former address"
    assert "no longer sign in with this e-mail address" in keeper.messages[0].get_content()
    assert "rita@new.example" not in keeper.messages[0].get_content()
    actions.set_password(rita, by=system("command"), password=NEW)
    edit_person(rita, by=system("command"), values={"phone": "1"})
    run(*JOBS)
    assert keeper.recipients[1:] == [["rita@new.example"]]
    assert keeper.messages[1]["Subject"] == "Your password was changed"


def test_an_administrator_shows_who_they_are_before_changing_anybody_s_address(world: World, rita: Person) -> None:
    give(
        Role.objects.get(slug="administrator"),
        by=system("command"),
        organisation=world.organisation,
        person=world.agent,
    )
    actions.set_password(world.agent, by=system("command"), password=OLD)
    client = Client()
    client.post(SIGN_IN, {"login": "adam@acme.example", "password": OLD})
    address = f"/administration/people/{rita.uuid}/"
    values = {**values_of(rita), "seen": fingerprint(values_of(rita))}
    assert client.post(address, values | {"phone": "1"}).status_code == 303, "nothing to sign in with is touched"
    rita.refresh_from_db()
    values = {**values_of(rita), "seen": fingerprint(values_of(rita))}
    changed = values | {"email": "rita@new.example"}
    answer = client.post(address, changed)
    assert answer.headers["Location"].startswith("/accounts/confirm/?next=")
    rita.refresh_from_db()
    assert rita.email == "rita@acme.example"
    assert client.post(answer.headers["Location"], {"password": "guessed"}).status_code == 422
    assert client.post(answer.headers["Location"], {"password": OLD}).headers["Location"] == address
    rita.refresh_from_db()
    assert rita.email == "rita@new.example", "what was typed is not lost"
