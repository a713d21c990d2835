"""Callers of the interface: Django's test client with a token, speaking JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.people.models import Person
from tests.world import World

BASE = "/api/v1"


class Caller:
    """Somebody who calls the interface with a token of their own."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Call `path` (below /api/v1 unless it starts with /api) and return the response."""
        address = path if path.startswith("/api") else BASE + path
        sent = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, address, headers={"Authorization": f"Bearer {self.token}", **named}, **sent)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str) -> Any:
        return self.call("DELETE", path)

    def put(self, path: str) -> Any:
        return self.call("PUT", path)


def caller(person: Person, **terms: Any) -> Caller:
    """Return a caller with a new token of `person`."""
    _, text = create_token(person, by=system("command"), name="tests", **terms)
    return Caller(text)


@pytest.fixture
def as_person(world: World) -> Callable[..., Caller]:
    return caller


@pytest.fixture
def agent(world: World) -> Caller:
    return caller(world.agent)


@pytest.fixture
def requester(world: World) -> Caller:
    return caller(world.requester)
