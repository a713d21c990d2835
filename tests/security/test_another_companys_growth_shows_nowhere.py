"""D50: totals, counters, pages and search results are computed from what the viewer may see, and nothing else."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from mainstay.kernel.people.models import Person
from mainstay.kernel.search.actions import rewrite
from tests.isolation import estate as estates
from tests.isolation.routes import Route, operations, pages
from tests.isolation.test_walk import masked
from tests.isolation.walk import ask

GROWTH = 1000
COPY = """
WITH twins AS (
    INSERT INTO records_record (kind, number, title, state, state_category, access, priority, requester_id, team_id,
        organisation_id, opened, updated, attention, version, attributes)
    SELECT kind, 'INC-9' || lpad(n::text, 5, '0'), title, state, state_category, access, priority, requester_id,
        team_id, organisation_id, now(), now(), '', 1, '{}'
    FROM records_record, generate_series(1, %(growth)s) AS n
    WHERE id = (SELECT min(id) FROM records_record WHERE title LIKE 'CNRY-RIVAL%%')
    RETURNING id
)
INSERT INTO incidents_incident (record_ptr_id, description, impact, urgency, priority_reason, source, solution,
    hand_overs, reopenings)
SELECT id, 'CNRY', 3, 3, '', 'page', '', 0, 0 FROM twins
"""
#: Lists, counters and searches; what shows one record is walked elsewhere.
LISTS = [route for route in (*pages(), *operations()) if not route.parameters and route.method in ("ANY", "GET")]


def answers(estate: estates.Estate, actor: str) -> dict[str, str]:
    client = Client()
    person = estate.person(actor)
    assert isinstance(person, Person)
    client.force_login(person)
    found = {}
    for route in LISTS:
        for query in ("", "?q=CNRY"):
            with_query = Route(route.pattern + query, (), route.needs, route.method, route.view)
            answer = ask(estate, client, with_query, "GET", actor, "own")
            if answer.status == 200:
                found[with_query.pattern] = masked(answer)
    return found


@pytest.mark.parametrize("actor", ["agent", "requester", "organisation-manager"])
def test_a_thousand_incidents_elsewhere_change_no_page_of_mine(db: None, actor: str) -> None:
    estate = estates.build()
    before = answers(estate, actor)
    assert len(before) >= 4
    grow()
    assert answers(estate, actor) == before


def test_they_do_change_the_pages_of_those_whose_they_are(db: None) -> None:
    estate = estates.build()
    before: dict[str, Any] = answers(estate, "rival agent")
    grow()
    after = answers(estate, "rival agent")
    assert {path for path in before if before[path] != after[path]} >= {"incidents/", "api/v1/search?q=CNRY"}


def grow() -> None:
    with connection.cursor() as cursor:
        cursor.execute(COPY, {"growth": GROWTH})
    list(rewrite("incident"))
