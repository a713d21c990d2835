"""Whatever is refused is refused with a problem document that says what and why."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from mainstay.kernel.access.actions import create_token, revoke_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Token
from mainstay.kernel.people.actions import deactivate
from tests.api.conftest import Caller, caller
from tests.world import World

FIELDS = {"type", "title", "status", "detail", "instance", "errors"}


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    content = answer.json()
    assert set(content) == FIELDS
    assert content["status"] == status
    assert content["detail"]
    assert str(content["type"]).startswith("urn:mainstay:problem:")
    return dict(content)


def test_an_unknown_address_and_a_wrong_method_are_problems(agent: Caller) -> None:
    is_problem(agent.get("/nothing"), 404)
    is_problem(agent.get("/api/"), 404)
    is_problem(agent.get("/incidents/"), 404)
    refused = agent.delete("/incidents")
    is_problem(refused, 405)
    assert {"GET", "POST"} & set(refused.headers["Allow"].split(", "))
    is_problem(agent.post("/api/openapi.json"), 405)


def test_without_a_good_token_nothing_opens(agent: Caller, world: World) -> None:
    def status(value: str | None) -> int:
        headers = {} if value is None else {"Authorization": value}
        answer = Client().get("/api/v1/incidents", headers=headers)
        if answer.status_code != 200:
            is_problem(answer, 401)
            assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        return int(answer.status_code)

    good = f"Bearer {agent.token}"
    assert status(good) == 200
    for bad in (None, "", "Bearer", "Bearer ", "Basic YTpi", agent.token, f"{good}x", "Bearer \u00e9", "Bearer a\x00b"):
        assert status(bad) == 401, bad
    expired, text = create_token(world.agent, by=system(), name="old")
    Token.objects.filter(pk=expired.pk).update(expires=timezone.now() - timedelta(seconds=1))
    assert status(f"Bearer {text}") == 401
    token, text = create_token(world.agent, by=system(), name="lost")
    assert status(f"Bearer {text}") == 200
    revoke_token(token, by=system())
    assert status(f"Bearer {text}") == 401
    deactivate(world.agent, by=system(), reason="Left")
    assert status(good) == 401


def test_a_session_is_no_use_here(world: World) -> None:
    client = Client()
    client.force_login(world.agent)
    is_problem(client.get("/api/v1/incidents"), 401)
    is_problem(client.post("/api/v1/incidents", {"title": "x"}, content_type="application/json"), 401)
    is_problem(client.get("/api/openapi.json"), 401)


def test_a_token_does_only_what_its_scopes_name(world: World) -> None:
    narrow = caller(world.agent, scopes=["incident.read"])
    made = caller(world.agent).post("/incidents", {"title": "Seen"}).json()["number"]
    assert narrow.get(f"/incidents/{made}").status_code == 200
    is_problem(narrow.post("/incidents", {"title": "Not made"}), 403)
    is_problem(narrow.post(f"/incidents/{made}/actions/start"), 403)
    is_problem(narrow.get("/teams"), 403)


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b'{"title": "x"', "application/json", 400),
        (b'{"title": "\xff"}', "application/json", 400),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b'{"title": "x", "impact": NaN}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"title": "x", "impact": ' + b"9" * 5000 + b"}", "application/json", 400),
        (b'{"title": "x", "impact": 99999999999999999999999}', "application/json", 422),
        (b'{"title": "x"}', "text/plain", 415),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 422),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"title": 5}', "application/json", 422),
        (b'{"title": "x", "impact": "1"}', "application/json", 422),
        (b'{"title": "x", "impact": true}', "application/json", 422),
        (b'{"title": "x", "impact": 0}', "application/json", 422),
        (b'{"title": "x\\u0000y"}', "application/json", 422),
        (b'{"title": " "}', "application/json", 422),
        (b'{"title": "x", "attributes": {"a": {"b": 1}}}', "application/json", 422),
        (b'{"title": "x", "attributes": {"nothing": 1}}', "application/json", 422),
        (b'{"title": "x", "unknown": 1}', "application/json", 422),
        (b'{"title": "' + b"x" * 3_000_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_taken_is_refused(agent: Caller, body: bytes, media_type: str, status: int) -> None:
    answer = agent.client.post(
        "/api/v1/incidents", body, content_type=media_type, headers={"Authorization": f"Bearer {agent.token}"}
    )
    content = is_problem(answer, status)
    assert bool(content["errors"]) == (status == 422)


def test_an_error_points_to_its_field_and_says_what_to_do(agent: Caller) -> None:
    errors = is_problem(agent.post("/incidents", {"titel": "x", "impact": 9}), 422)["errors"]
    assert {error["pointer"] for error in errors} == {"#/title", "#/titel", "#/impact"}
    errors = is_problem(agent.post("/incidents", {"title": "x", "attributes": {"a": "b"}}), 422)["errors"]
    assert errors == [{"pointer": "#/attributes/a", "detail": "There is no such field."}]


@pytest.mark.parametrize(
    "query",
    [
        "colour=red",
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=99999999999999999999999",
        "limit=1&limit=2",
        "state=unheard",
        "state=%00",
        "team=nobody",
        "team=a%00b",
        "priority=6",
        "sort=requester__password",
        "cursor=x",
        "cursor=%00",
        "cursor=W10:1tXyZ:abc",
    ],
)
def test_a_parameter_that_cannot_be_taken_is_refused(agent: Caller, query: str) -> None:
    (error,) = is_problem(agent.get(f"/incidents?{query}"), 422)["errors"]
    assert error["parameter"] == query.partition("=")[0]


def test_a_cursor_serves_only_the_list_and_order_it_came_from(agent: Caller) -> None:
    for _ in range(2):
        agent.post("/incidents", {"title": "x"})
    cursor = agent.get("/incidents?limit=1").json()["next"]
    assert agent.get(f"/incidents?limit=1&cursor={cursor}").status_code == 200
    is_problem(agent.get(f"/incidents?limit=1&sort=opened&cursor={cursor}"), 422)
    is_problem(agent.get(f"/hold-reasons?cursor={cursor}"), 422)


@pytest.mark.parametrize("number", ["INC-999999", "nothing", "INC-%00", "%F0%9F%92%A9", "1" * 500])
def test_what_does_not_exist_is_missing(agent: Caller, number: str) -> None:
    is_problem(agent.get(f"/incidents/{number}"), 404)
    is_problem(agent.get(f"/records/{number}/timeline"), 404)


def test_a_failure_of_ours_is_a_problem_that_tells_nothing_of_the_inside(
    agent: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object, **values: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("mainstay.support.incidents.api.incidents.incident_shown", fail)
    answer = agent.post("/incidents", {"title": "x"})
    is_problem(answer, 500)
    assert b"inside" not in answer.content
    assert answer.headers["X-Request-ID"]


def test_without_the_database_callers_are_asked_to_come_again(agent: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **values: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("mainstay.support.incidents.api.incidents.incident_shown", fail)
    answer = agent.post("/incidents", {"title": "x"})
    is_problem(answer, 503)
    assert answer.headers["Retry-After"] == "1"
    assert b"closed" not in answer.content


def test_nothing_is_offered_to_other_origins(agent: Caller) -> None:
    answer = agent.get("/incidents", Origin="https://evil.example")
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]
    is_problem(agent.call("OPTIONS", "/incidents", Origin="https://evil.example"), 405)
