"""D23: no line of any log holds a secret. `conftest.py` reads along with the whole suite; here everything is logged."""

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from conftest import LogSweep
from mainstay.kernel.access.actions import change_setting, create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.models import OneTimeToken
from tests.isolation.routes import operations, pages
from tests.world import World

PASSWORD = "a pipe of correct length"


@pytest.fixture
def all_of_it(caplog: Any, settings: Any) -> Any:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, and no matter here
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_secret_is_logged_whatever_is_asked_and_refused(world: World, all_of_it: Any) -> None:
    cache.clear()
    by = system("command")
    actions.set_password(world.agent, by=by, password=PASSWORD)
    change_setting(by=by, key="mail.password", value="a word for the mail server")
    token = create_token(world.agent, by=by, name="tests")[1]
    link = actions.new_one_time_token(OneTimeToken.Purpose.NEW_PASSWORD, person=world.agent)
    client = Client(raise_request_exception=False)
    client.post("/accounts/sign-in/", {"login": "adam@acme.example", "password": "not the pipe"})
    client.post("/accounts/sign-in/", {"login": "adam@acme.example", "password": PASSWORD})
    session = client.cookies["session"].value
    secret = client.get("/profile/tokens/").cookies["csrf"].value
    sent = {"token": link, "password": "short", "oldpassword": PASSWORD, "csrfmiddlewaretoken": secret}
    headers = {"Authorization": f"Bearer {token}"}
    for route in (*pages(), *operations()):
        if not route.parameters and not route.pattern.startswith("^"):
            client.generic("POST", f"/{route.pattern}?token={link}", "{", "application/json", headers=headers)
            Client(enforce_csrf_checks=True).post(f"/{route.pattern}", sent)
    written = "\n".join(f"{LogSweep().format(record)} {record.args}" for record in all_of_it.records)
    assert len(all_of_it.records) > 60, "nothing is logged: it proves nothing"
    secrets = [PASSWORD, "not the pipe", "a word for the mail server", token, link, session, secret]
    assert [text for text in secrets if text in written] == []


@pytest.mark.parametrize(
    "line",
    [
        f"sent {PASSWORD}",
        "Bearer mst_0123456789abcdefghij",
        "GET /accounts/new-password/?token=abc",
        "argon2$argon2id$v",
    ],
)
def test_the_sweep_sees_a_secret(log_sweep: LogSweep, line: str) -> None:
    logging.getLogger("somewhere.deep").warning("it was: %s", line)
    assert log_sweep.found == [f"it was: {line}"]
    log_sweep.found.clear()
