"""The description of the interface: kept in the repository, whole, and only for those with a token."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.doors import SIGNED_IN
from mainstay.kernel.access.registry import is_declared
from mainstay.kernel.practice.registry import kinds
from mainstay.site.api import api, description
from tests.api.conftest import Caller

SNAPSHOT = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.mark.check
def test_the_description_in_the_repository_is_that_of_the_code() -> None:
    assert json.loads(SNAPSHOT.read_text()) == description(), "run `mainstay openapi > docs/openapi.json`"


def test_the_description_needs_a_token(agent: Caller) -> None:
    assert Client().get("/api/openapi.json").status_code == 401
    answer = agent.get("/api/openapi.json")
    assert (answer.status_code, answer.json()["openapi"]) == (200, "3.1.0")


def test_every_operation_names_a_capability_that_exists() -> None:
    operations = list(api.operations())
    assert len(operations) > 30
    for method, path, capability in operations:
        names = [capability or ""]
        if names[0].startswith("*."):
            names = [f"{kind}{names[0][1:]}" for kind in kinds]
        assert all(name == SIGNED_IN or is_declared(name) for name in names), (method, path, capability)


def test_every_operation_has_its_own_name() -> None:
    names = [operation["operationId"] for _, operation in operations()]
    assert len(names) == len(set(names))


def test_every_body_and_answer_is_closed() -> None:
    open_ones = [
        name
        for name, schema in description()["components"]["schemas"].items()
        if schema.get("type") == "object" and schema.get("additionalProperties") is not False
    ]
    assert open_ones == []


def operations() -> Iterator[tuple[str, Any]]:
    for methods in description()["paths"].values():
        yield from methods.items()
