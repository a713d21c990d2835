"""Asking for every address as everybody, and writing down what came back and what was written."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.test import Client

from tests.isolation.estate import ACTORS, TARGETS, Estate, Target
from tests.isolation.routes import Route

#: Tables that asking alone may touch: who is signed in, since when, how often.
BOOKKEEPING = ("django_session", "usersessions_usersession", "access_token", "accounts_", "django_cache")
#: What operations want, by the last part of their address; the others want nothing.
BODIES: dict[str, dict[str, Any]] = {
    "incidents": {"title": "A walk"},
    "contacts": {"title": "A walk"},
    "answer": {"solution": "A walk"},
    "{number}": {"title": "A walk"},
    "{slug}": {"name": "A walk", "does": {"team": "acme-desk"}},
    "replays": {"name": "A walk", "does": {"team": "acme-desk"}},
    "assign": {"team": "acme-desk"},
    "hand_over": {"team": "acme-desk", "reason": "A walk"},
    "escalate": {"team": "acme-desk", "reason": "A walk"},
    "hold": {"reason": "vendor"},
    "resolve": {"solution": "A walk", "closing_category": "other"},
    "reopen": {"reason": "A walk"},
    "cancel": {"reason": "A walk"},
    "follow-ups": {"reason": "A walk"},
    "priority": {"priority": 1, "reason": "A walk"},
    "major": {"reason": "A walk"},
    "reject": {"reason": "A walk"},
    "end": {"reason": "A walk"},
    "accept": {"leader": "agent@acme.example"},
    "appoint": {"leader": "agent@acme.example"},
    "review": {"causes": "A walk"},
    "comments": {"body": "A walk", "visibility": "public"},
    "links": {"kind": "relates_to", "target": "INC-000001"},
    "tasks": {"title": "A walk"},
    "work": {"minutes": 5},
    "broadcasts": {"body": "A walk", "cases": []},
    "next-update": {"next_update": None},
    "answers": {"step": 0, "answer": 0},
    "take-back": {"step": 1},
    "rating": {"score": 5},
    "announcements": {
        "title": "A walk",
        "begins": "2099-01-01T08:00:00Z",
        "ends": "2099-01-02T08:00:00Z",
        "organisations": ["acme"],
    },
    "absences": {"begins": "2099-01-01T08:00:00Z", "ends": "2099-01-02T08:00:00Z"},
    "merged": {"record": "INC-000001"},
    "splits": {"comments": ["01890a5d-ac96-774b-bcce-b302099a8057"], "title": "A walk"},
    "snooze": {"until": None},
    "scheduled-replies": {"body": "A walk", "at": "2026-11-30T08:00:00Z"},
    "{reply}": {"body": "A walk"},
    "followers": {"records": ["INC-000001"]},
    "try": {"calendar": {"hours": {"mon": [["08:00", "12:00"]]}}, "start": "2026-11-23T08:00:00Z", "minutes": 60},
}
WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    route: Route
    method: str
    actor: str
    target: Target
    status: int
    body: str
    writes: tuple[str, ...] = field(default=())

    @property
    def let_in(self) -> bool:
        """Whether the door opened, whatever came of it: refused values and conflicts are behind the door."""
        return self.status not in (401, 403, 404, 405) and not self.sent_to_sign_in

    @property
    def sent_to_sign_in(self) -> bool:
        return self.status in (302, 303) and "/accounts/sign-in/" in self.body

    @property
    def place(self) -> str:
        return f"{self.method} /{self.route.pattern} as {self.actor} at {self.target}: {self.status}"


def clients(estate: Estate) -> dict[str, Client]:
    """Return a signed-in client for everybody, and share what serves them: setting it up takes longer than asking."""
    found = {actor: Client() for actor in ACTORS}
    for actor, client in found.items():
        client.handler = found[ACTORS[0]].handler
        if (person := estate.person(actor)) is not None:
            client.force_login(person)
    return found


def targets(route: Route) -> tuple[Target, ...]:
    return TARGETS if route.parameters else ("own",)


def methods(route: Route) -> tuple[str, ...]:
    return ("GET", "POST") if route.method == "ANY" else (route.method,)


def walk(estate: Estate, routes: list[Route], actors: tuple[str, ...] = ACTORS) -> Iterator[Answer]:
    """Ask for every route as every actor at every target; whatever a request writes is taken back.

    A door that does not take the method says so to the first whom it lets in, and is left alone from then on.
    """
    signed_in = clients(estate)
    for route in routes:
        for method in methods(route):
            for target, actor in product(targets(route), actors):
                answer = ask(estate, signed_in[actor], route, method, actor, target)
                yield answer
                if answer.status == 405:
                    break


def ask(estate: Estate, client: Client, route: Route, method: str, actor: str, target: Target) -> Answer:
    is_api = route.pattern.startswith("api/")
    headers = {"If-Match": '"1"'} if is_api else {}
    if is_api and actor in estate.tokens:
        headers["Authorization"] = f"Bearer {estate.tokens[actor]}"
    cookies = copy(client.cookies)
    if is_api:
        client.cookies = type(cookies)()
    with _taken_back() as writes:
        response: Any = client.generic(
            method, address(estate, route, target), body_of(route), content_type=_content_type(route), headers=headers
        )
        body = b"".join(response) if response.streaming else response.content
    client.cookies = cookies  # a page that signs out must not do so for the rest of the walk
    text = body.decode(errors="replace") + "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return Answer(route, method, actor, target, response.status_code, text, tuple(writes))


def body_of(route: Route) -> str:
    """Return what the door accepts, so that an answer is about the right and not about a missing field."""
    return json.dumps(BODIES.get(route.pattern.rstrip("/").rpartition("/")[2], {}))


def _content_type(route: Route) -> str:
    return "application/json" if route.pattern.startswith("api/") else "application/x-www-form-urlencoded"


def address(estate: Estate, route: Route, target: Target) -> str:
    def fill(gap: re.Match[str]) -> str:
        name = gap[0].strip("<>{}").rpartition(":")[2]
        return estate.gap(target, route.pattern, name)

    return "/" + re.sub(r"<[^>]+>|{[^}]+}", fill, route.pattern).replace("$", "").replace("^", "")


@contextmanager
def _taken_back() -> Iterator[list[str]]:
    writes: list[str] = []

    def watch(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statement = sql if isinstance(sql, str) else sql.as_string(None)
        if (found := WRITES.match(statement)) and not found[2].startswith(BOOKKEEPING):
            writes.append(found[2])
        return execute(sql, parameters, many, context)

    with transaction.atomic(), connection.execute_wrapper(watch):
        yield writes
        transaction.set_rollback(True)
