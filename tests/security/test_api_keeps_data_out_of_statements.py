"""What callers send reaches the database as values only, never as names or operators (D05, D06)."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from tests.api.conftest import Caller
from tests.architecture.source import PACKAGE
from tests.world import World

HOSTILE = [
    "'",
    '"',
    "';--",
    "' OR '1'='1",
    "1; DROP TABLE records_record",
    "1 UNION SELECT password FROM people_person",
    "pg_sleep(5)",
    "$$",
    "%s",
    "%(number)s",
    "\\",
    "0x27",
    "‘",
    "{}",
    "*",
    "NULL",
    "-1",
    "1e9",
    "new'--",
    "../../etc/passwd",
]
PARAMETERS = ("state", "team", "priority", "sort", "limit", "cursor")
LEAKS = (
    "_connector=OR",
    "_negated=true",
    "requester__password__startswith=a",
    "title__regex=.*",
    "organisation__slug=rival",
    "owner__password__startswith=a",
    "sort=requester__password",
    "sort=title",
    "sort=-organisation__slug",
    "pk=1",
    "id=1",
    "extra=1",
    "order_by=id",
    "fields=password",
    "expand=requester",
    "include=comments",
)


@pytest.fixture
def agent(world: World) -> Caller:
    return Caller(create_token(world.agent, by=system(), name="security")[1])


def shape(statement: str) -> str:
    """Return a statement without its numbers and quoted values."""
    return re.sub(r"'(?:[^']|'')*'|\b\d+\b", "?", statement)


def statements(agent: Caller, query: str) -> set[str]:
    """Return the shapes of all statements that a list asked for with `query` runs."""
    with CaptureQueriesContext(connection) as queries:
        assert agent.get(f"/incidents?{query}").status_code in (200, 422), query
    return {shape(entry["sql"]) for entry in queries.captured_queries}


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_hostile_values_of_a_parameter_change_no_statement(agent: Caller, parameter: str) -> None:
    agent.get("/incidents")  # writes when the token was last used
    known = statements(agent, "state=new") | statements(agent, "team=nobody") | statements(agent, "limit=1")
    for value in HOSTILE:
        assert statements(agent, f"{parameter}={quote(value)}") <= known, value


@pytest.mark.parametrize("query", LEAKS)
def test_no_operator_and_no_relation_can_be_named(agent: Caller, query: str) -> None:
    assert agent.get(f"/incidents?{query}").status_code == 422


def test_hostile_numbers_are_missing_and_hostile_text_is_kept_as_it_is(agent: Caller) -> None:
    for value in HOSTILE:
        assert agent.get(f"/incidents/{quote(value, safe='')}").status_code == 404, value
        made = agent.post("/incidents", {"title": f"a {value} b", "description": value})
        assert made.status_code == 201
        assert made.json()["title"] == " ".join(f"a {value} b".split())
        assert made.json()["description"] == value.strip()


def test_no_filter_is_built_from_what_was_sent() -> None:
    wrong = [
        (path.name, line.strip())
        for path in PACKAGE.rglob("*.py")
        for line in path.read_text().splitlines()
        if re.search(r"(filter|exclude|get|order_by|values)\(\*\*?(request|filters|query|params|data|body)\b", line)
    ]
    assert wrong == []


def test_a_repeated_parameter_is_refused_and_not_merged(agent: Caller) -> None:
    answer: Any = agent.get("/incidents?state=new&state=closed")
    assert answer.status_code == 422
