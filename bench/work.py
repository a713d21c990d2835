"""The requests that are measured, as a signed-in agent and as a program with a token."""

from dataclasses import dataclass

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


@dataclass(frozen=True)
class Visitor:
    """Who asks: a session of an agent, a token of the same agent, an address to report for, a long record."""

    session: str
    token: str
    requester: str
    number: str


def visitor() -> Visitor:
    """Sign an agent in and make a token, through the product's own code, in the database that is measured."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db.models import Count

    from mainstay.kernel.access.actions import create_token
    from mainstay.kernel.access.actor import system
    from mainstay.kernel.events.models import Event
    from mainstay.kernel.people.models import Person
    from mainstay.kernel.records.models import Record

    agent = Person.objects.get(email="agent@demo.example")
    session = SessionStore()
    session[SESSION_KEY] = str(agent.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = agent.get_session_auth_hash()
    session.create()
    _, token = create_token(agent, by=system("command"), name="Bench")
    counts = Event.objects.filter(record_id__lt=5000, record_id__isnull=False).values("record_id")
    long = counts.annotate(entries=Count("id")).filter(entries__lte=20).order_by("-entries").first()
    record = Record.objects.get(pk=long["record_id"]) if long else Record.objects.earliest("id")
    return Visitor(session.session_key or "", token, "requester@demo.example", record.number)


def requests(who: Visitor) -> list[Request]:
    """Return everything that is measured, reading before writing."""
    page = {"Cookie": f"session={who.session}", "Accept": "text/html"}
    program = {"Authorization": f"Bearer {who.token}", "Content-Type": "application/json"}
    incident = {"title": "Bench {n}", "description": "The printer does not print.", "requester": who.requester}
    return [
        Request("queue page, 50 rows", "/incidents/", headers=page, expect=b"</html>"),
        Request("record page, 20 entries", f"/incidents/{who.number}", headers=page, expect=who.number.encode()),
        Request("API list of 50", "/api/v1/incidents?limit=50", headers=program, expect=b'"items"'),
        Request("search for a rare word", f"/api/v1/search?q={RARE_WORD}", headers=program, expect=b'"number"'),
        Request(
            "create by API, durable",
            "/api/v1/incidents",
            "POST",
            headers=program,
            body=as_json(incident),
            status=201,
            expect=b'"number"',
        ),
    ]
