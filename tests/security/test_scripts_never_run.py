"""What somebody typed never runs in anybody's browser: stored in any column (D01, D02), or sent back at once (D04)."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from allauth.usersessions.models import UserSession
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client
from psycopg.sql import SQL, Identifier

from conftest import serving
from mainstay.kernel.access.actions import create_token
from mainstay.kernel.records.models import StateLabel
from mainstay.site.operations import testing
from tests.browser.screens import SCREENS, Screen
from tests.browser.stage import Stage, acting, person, set_up
from tests.browser.visitor import Visitor
from tests.isolation.routes import operations, pages
from tests.security.columns import text_columns
from tests.security.payloads import SHORTEST, corpus
from tests.sizes import size

#: Found by the search, so that a text also comes back as a hit.
WORD = " printer"
#: What was made of a text if it was not escaped: each is a way in, whether it has run yet or not.
TRACES = """
    () => [...document.querySelectorAll("*")].flatMap(element => [
        ...["IFRAME", "OBJECT", "EMBED", "BASE", "MGLYPH"].includes(element.tagName) ? [element.tagName] : [],
        ...[...element.attributes]
            .filter(({name, value}) => /^(on|hx-on)/.test(name)
                || /^(src|data|href|action|formaction)$/.test(name)
                    && /^\\s*(javascript:|data:(?!image\\/))/i.test(value)
                || /^(src|data|action|formaction|hx-get)$/.test(name) && value.includes("elsewhere.example"))
            .map(({name, value}) => `${element.tagName} ${name}=${value}`),
    ])
"""
PROFILE = {"language": "en", "zone": "UTC", "theme": "auto", "shortcuts": "on"}
pytestmark = pytest.mark.browser
ROLES = ("requester", "agent", "manager", "administrator")
COMMENTS = 18
#: Room for what makes a text its row's own, where no two may be the same.
OWN = 12
MARK = "zq'\"><zq onload=x>"
RAW = re.compile(r"<zq|zq(?:'|&#39;)\"")
PLANT = """
    UPDATE {table} SET {column} = (%s::text[])[1 + abs(hashtext(ctid::text)) %% %s] || ctid::text || %s
"""
USUAL = ("q", "next", "before", "after", "sort", "state", "key", "name", "page", "view", "language", "error", "message")
PARAMETER = re.compile(r"(?:\bname=\"|[?&;])([a-z][\w-]*)(?=\"|=)")


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), testing.database_copy(), serving(WSGIHandler()) as address:
        yield address


@dataclass
class Planted:
    """A stage on which every text is a payload, and who looks at it."""

    stage: Stage
    visitors: dict[str, Visitor]
    numbers: list[str]
    #: How many rows of each column hold one.
    columns: dict[str, int]

    def screens(self, role: str) -> list[Screen]:
        """Return the role's screens, and the pages of the incidents made for this."""
        own = [screen for screen in SCREENS if screen.actor == role]
        page = {"agent": "incidents/<number:number>/", "requester": "cases/<str:number>/"}.get(role)
        return own + [Screen(page, role, {"number": number}) for number in self.numbers if page]


@pytest.fixture(scope="module")
def planted(browser: Any, server: str) -> Planted:
    """Everybody signs in first: afterwards nobody is called by a name or an address they could sign in with."""
    stage = set_up()
    visitors = {role: Visitor(browser, server, stage, role) for role in ROLES}
    payloads = corpus(size("script payloads"))
    numbers = plant_through_the_interface(payloads)
    plant_through_forms(visitors["agent"].client, visitors["requester"].client, stage, payloads)
    return Planted(stage, visitors, numbers, plant_in_columns(payloads))


def plant_through_the_interface(payloads: list[str]) -> list[str]:
    """Send every payload to the API as title, description or comment; return the numbers of the incidents."""
    token = create_token(person("agent"), by=acting("agent"), name="hostile")[1]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    numbers = []
    for start in range(0, len(payloads), COMMENTS + 2):
        title, description, *bodies = (text + WORD for text in payloads[start : start + COMMENTS + 2])
        values = {"title": title[:250], "description": description, "requester": person("requester").email}
        made = client.post("/api/v1/incidents", values, content_type="application/json")
        assert made.status_code == 201, made.content
        numbers.append(made.json()["number"])
        for place, body in enumerate(bodies):
            said = {"body": body, "visibility": ("public", "internal")[place % 2]}
            answer = client.post(f"/api/v1/records/{numbers[-1]}/comments", said, content_type="application/json")
            assert answer.status_code == 201, answer.content
    return numbers


def plant_through_forms(agent: Client, requester: Client, stage: Stage, payloads: list[str]) -> None:
    """Send payloads to forms that anybody meets: a report, an answer, a name, a view, a token, a note of work."""
    texts = iter(payloads)
    number = stage.gaps["number"]
    sent = (
        (requester, "/report/", {"title": next(texts), "description": next(texts)}),
        (requester, f"/cases/{number}/say/", {"body": next(texts)}),
        (requester, "/profile/", {**PROFILE, "name": next(texts)}),
        (agent, "/profile/tokens/", {"name": next(texts)[:100], "days": 90}),
        (agent, "/incidents/views/?q=%22%3E%3Cscript%3E", {"name": next(texts)[:100], "owner": "me"}),
        (agent, f"/incidents/{number}/work/", {"minutes": 5, "note": next(texts)}),
        (agent, f"/incidents/{number}/tasks/", {"title": next(texts)}),
        (agent, "/web/draft/", {"key": f"incident/{number}/comment", "body": next(texts)}),
    )
    for client, address, values in sent:
        answer = client.post(address, values)
        assert answer.status_code in (200, 204, 302, 303, 422), (address, answer.status_code)


def plant_in_columns(payloads: list[str]) -> dict[str, int]:
    """Write a payload into every text column of every row; return how many of each.

    First as anybody may, so that every table has a former version of each row; then past what guards the tables.
    """
    StateLabel.objects.create(kind="incident", state="new", audience="agent", language="en", label=SHORTEST)
    columns = [*text_columns(), (UserSession, UserSession._meta.get_field("user_agent"))]
    counts = {}
    with testing.cluster().connect(dbname=connection.settings_dict["NAME"]) as database:
        for model, column in columns:
            with suppress(psycopg.Error):
                plant(database, model, column, payloads[:1])
        database.execute("SET session_replication_role = replica")
        for model, column in columns:
            counts[f"{model._meta.label}.{column.name}"] = plant(database, model, column, payloads)
    return counts


def plant(database: psycopg.Connection, model: Any, column: Any, payloads: list[str]) -> int:
    """Write payloads into a column of every row, as far as they fit, no two the same; return how many rows it has."""
    room = (column.max_length or 10_000) - len(WORD) - OWN
    fitting = [text for text in payloads if len(text) <= room]
    query = SQL(PLANT).format(table=Identifier(model._meta.db_table), column=Identifier(column.column))
    return database.execute(query, [fitting, len(fitting), WORD]).rowcount


def test_every_column_of_text_holds_a_payload(planted: Planted) -> None:
    empty = {column for column, count in planted.columns.items() if not count}
    assert sorted(empty) == [], "let the stage have such a row"


@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_somebody_typed_runs_on_any_page(planted: Planted, role: str) -> None:
    visitor = planted.visitors[role]
    for screen in planted.screens(role):
        visitor.open(screen)
        for trace in visitor.page.evaluate(TRACES):
            visitor.complain(f"not escaped: {trace}")
        if visitor.page.evaluate("window.__pwned") is not None:
            visitor.complain("a script ran")
    assert "\n".join(visitor.complaints) == ""


@pytest.mark.parametrize("role", ROLES)
def test_nothing_sent_in_an_address_comes_back_unescaped(planted: Planted, role: str) -> None:
    client, wrong = planted.visitors[role].client, []
    for screen in [screen for screen in SCREENS if screen.actor == role]:
        address = screen.address(planted.stage).partition("?")[0]
        names = sorted({*USUAL, *PARAMETER.findall(client.get(address).content.decode())})
        step = size("parameters sent at once")
        for start in range(0, len(names), step):
            answer = client.get(address, dict.fromkeys(names[start : start + step], MARK))
            if comes_back(answer):
                wrong.append((address, names[start : start + step]))
    assert wrong == []


def test_an_address_that_leads_nowhere_does_not_repeat_what_it_was_asked_for(planted: Planted) -> None:
    client, wrong = planted.visitors["administrator"].client, []
    for route in pages():
        address = "/" + re.sub(r"<(\w+:)?\w+>", lambda gap: quote(MARK, safe=""), route.pattern).strip("^")
        wrong += [(address, method) for method in ("get", "post") if comes_back(getattr(client, method)(address))]
    for address in (f"/{quote(MARK)}", f"/static/{quote(MARK)}", f"/accounts/sign-in/?next={quote(MARK)}"):
        wrong += [(address, "get")] if comes_back(Client().get(address, headers={"referer": MARK})) else []
    assert wrong == []


def test_what_programs_are_answered_is_never_a_page(planted: Planted) -> None:
    wrong = []
    for route in operations():
        address = "/" + re.sub(r"{[^}]+}", quote(MARK, safe=""), route.pattern)
        answer = Client().generic(route.method, f"{address}?q={quote(MARK)}", MARK, content_type="application/json")
        kind = answer.headers["Content-Type"]
        if kind not in ("application/json", "application/problem+json") or "nosniff" not in str(answer.headers):
            wrong.append((route.name, kind))
    assert wrong == []


def comes_back(answer: Any) -> bool:
    """Whether a page repeats the mark as an element or out of its attribute; only a page could run it."""
    text = b"".join(answer) if answer.streaming else answer.content
    return answer.headers.get("Content-Type", "").startswith("text/html") and RAW.search(text.decode()) is not None


def test_the_corpus_is_large_and_the_trap_sees_what_runs(browser: Any) -> None:
    assert len(corpus(10_000)) >= 5_000
    assert size("script payloads") >= 500
    page = browser.new_page()
    page.set_content(f"<p>{SHORTEST}</p>")
    page.wait_for_function("window.__pwned === 1")
    assert page.evaluate(TRACES) != []
    page.close()
