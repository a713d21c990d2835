"""The requests that are measured, as a signed-in agent and as a program with a token."""

from dataclasses import dataclass
from typing import Any

from bench.client import Request, as_json

#: Work, and the least that is expected of it per second on two cores: the table of `docs/performance.md`.
REACH = {
    "create by API, durable": 250,
    "queue page, 50 rows": 200,
    "record page, 20 entries": 150,
    "API list of 50": 350,
    "search for a rare word": 250,
}
RARE_WORD = "quuxzorptic"
#: Records that hold it and that an agent may see; one of the seven may be confidential.
FOUND = 6


#: Entries on the page of the record that is looked at.
ENTRIES = 20


@dataclass(frozen=True)
class Visitor:
    """Who asks: a session of an agent, a token of the same agent, an address to report for, a record with entries."""

    session: str
    token: str
    requester: str
    number: str


def visitor() -> Visitor:
    """Sign an agent in and make a token, through the product's own code, in the database that is measured."""
    from django.db import connection

    from mainstay.kernel.access.actions import create_token
    from mainstay.kernel.access.actor import system
    from mainstay.kernel.access.queries import actor_for
    from mainstay.kernel.people.models import Person

    agent = Person.objects.get(email="agent@demo.example")
    _, token = create_token(agent, by=system("command"), name="Bench")
    number = _record_with_entries(actor_for(agent, door="page"))
    found = Visitor(_session(agent), token, "requester@demo.example", number)
    connection.close()
    return found


def _session(agent: Any) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    return session.session_key or ""


def _record_with_entries(actor: Any) -> str:
    """Let a record that is being worked on be talked about until its page has 20 entries; return its number."""
    from mainstay.kernel.events.models import Event
    from mainstay.kernel.records.actions import comment
    from mainstay.support.incidents.queries import in_console

    incident = in_console(actor).filter(state="in_progress", access="public").earliest("id")
    for number in range(ENTRIES - Event.objects.filter(record_id=incident.pk).count()):
        comment(incident, by=actor, body=f"Look at it again: step {number}.", visibility="public")
    return incident.number


def requests(who: Visitor) -> list[Request]:
    """Return everything that is measured, reading before writing."""
    page = {"Cookie": f"session={who.session}", "Accept": "text/html"}
    program = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"}
    incident = {"title": "Bench {n}", "description": "The printer does not print.", "requester": who.requester}
    return [
        Request("queue page, 50 rows", "/incidents/", headers=page, sign=b"<tr data-row", times=50),
        Request(
            "record page, 20 entries",
            f"/incidents/{who.number}/",
            headers=page,
            sign=b'<li class="entry-',
            times=ENTRIES,
        ),
        Request("API list of 50", "/api/v1/incidents?limit=50", headers=program, sign=b'"number":', times=50),
        Request(
            "search for a rare word", f"/api/v1/search?q={RARE_WORD}", headers=program, sign=b'"number":', times=FOUND
        ),
        Request(
            "create by API, durable",
            "/api/v1/incidents",
            "POST",
            headers=program,
            body=as_json(incident),
            status=201,
            sign=b'"number":',
        ),
    ]
