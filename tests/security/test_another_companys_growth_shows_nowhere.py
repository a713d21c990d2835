"""D50: totals, counters, pages and search results are computed from what the viewer may see, and nothing else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.test import Client

from mainstay.kernel.people.models import Person
from mainstay.kernel.search.actions import rewrite
from tests.isolation import estate as estates
from tests.isolation.routes import Route, operations, pages
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
#: Ways in that neither list nor count: signing in, one's own account, signs of life, figures of the machine.
NO_LISTS = ("accounts/", "profile/", "healthz", "readyz", "metrics", "^")
LISTS = [
    route
    for route in (*pages(), *operations())
    if not route.parameters and route.method in ("ANY", "GET") and not route.pattern.startswith(NO_LISTS)
]
#: What the addresses end with that take a word to look for.
SEARCHES = ("search", "palette", "callers", "people", "incidents")
#: What every answer has anew, however little else changed; the clock stands still meanwhile.
FRESH = re.compile(r"nonce-[\w+/=-]+|nonce=\"[^\"]+\"|\b[A-Za-z0-9]{64}\b|X-Request-ID: \S+")
WITNESSES = ("requester", "organisation-manager", "agent", "administrator")
OWNER = "rival agent"
#: One of the reports, as a page and as an operation: the others are counted by the same few functions.
REPORT, INTERFACE = "reports/volume/?by=team", "api/v1/reports/volume?by=month"
#: Where those whose rows they are must see them.
GROWING = {
    *("incidents/", "incidents/start/", "incidents/export/", "search/?q=CNRY", "api/v1/search?q=CNRY"),
    *("reports/", REPORT, INTERFACE),
}

Answers = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def grown(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Answers, Answers]]:
    """What everybody is answered before and after the other company grew."""
    with django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(1_800_000_000, tick=False):
        estate = estates.build()
        before = answers(estate)
        grow(estate)
        yield before, answers(estate)
        transaction.set_rollback(True)


def answers(estate: estates.Estate) -> Answers:
    found = {}
    for actor in (*WITNESSES, OWNER):
        client = Client()
        client.force_login(estate.person(actor))
        for route in asked():
            if actor != OWNER or route.pattern in GROWING:
                answer = ask(estate, client, route, "GET", actor, "own")
                found[actor, route.pattern] = f"{answer.status} {FRESH.sub('', answer.body)}"
    return found


def asked() -> Iterator[Route]:
    """Every list, and once more with a word to look for where it takes one."""
    yield Route(REPORT, (), "report.read", "GET", None)
    yield Route(INTERFACE, (), "report.read", "GET", None)
    for route in LISTS:
        yield route
        if route.pattern.strip("/").endswith(SEARCHES):
            yield Route(f"{route.pattern}?q=CNRY", (), route.needs, route.method, route.view)


def grow(estate: estates.Estate) -> None:
    """Let RIVAL have a thousand more incidents, and a hundred more people."""
    with connection.cursor() as cursor:
        cursor.execute(COPY, {"growth": GROWTH})
    list(rewrite("incident"))
    password = make_password(None)
    Person.objects.bulk_create(
        Person(name=f"CNRY {n}", email=f"{n}@rival.example", organisation=estate.rival.organisation, password=password)
        for n in range(100)
    )


def test_a_thousand_incidents_elsewhere_change_no_page_of_mine(grown: tuple[Answers, Answers]) -> None:
    before, after = grown
    assert [place for place in before if place[0] != OWNER and before[place] != after[place]] == []
    opened = [path for (actor, path), answer in before.items() if actor == "agent" and answer.startswith("200")]
    assert len(opened) > 20, "the lists are not opened: it proves nothing"


def test_they_do_change_the_pages_of_those_whose_they_are(grown: tuple[Answers, Answers]) -> None:
    before, after = grown
    assert {path for actor, path in before if actor == OWNER and before[actor, path] != after[actor, path]} == GROWING
