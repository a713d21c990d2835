"""The isolation walk (R37): every page and operation, as everybody, at what is theirs and what is not."""

import csv
import os
import re
from collections import defaultdict
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from mainstay.kernel.access.engine.decision import Standing
from tests.isolation import estate as estates
from tests.isolation.estate import ACTORS, Estate
from tests.isolation.routes import Route, is_open, is_third_party, operations, pages
from tests.isolation.walk import Answer, walk

#: Doors that nobody on this walk can open, with the reason.
NEVER_OPENED: dict[str, str] = {
    **dict.fromkeys(("GET /^api/", "POST /^api/"), "answers for addresses that no operation has"),
    **{
        f"{method} /accounts/confirm/{way}": "asks for a password, code or passkey again, which nobody here has"
        for method in ("GET", "POST")
        for way in ("", "code/", "passkey/")
    },
    **{
        f"{method} /accounts/first-administrator/<str:token>/": "needs the token of an instance without people"
        for method in ("GET", "POST")
    },
    **{f"{method} /letters/<str:token>/": "needs the token of a mailed link" for method in ("GET", "POST")},
    **{f"{method} /accounts/new-password/": "needs the token of a mailed link" for method in ("GET", "POST")},
    **{
        f"{method} /profile/second-factor/{part}": "shows or removes a second factor, which nobody here has"
        for method, part in (
            ("GET", "codes/"),
            ("GET", "app/remove/"),
            ("POST", "app/remove/"),
            ("GET", "passkeys/<int:pk>/remove/"),
            ("POST", "passkeys/<int:pk>/remove/"),
        )
    },
    "POST /notifications/<uuid:uuid>/open/": "opens one's own notification; nobody here has one",
    "POST /profile/sessions/<int:session>/end/": "ends another session of one's own; everybody here has one",
}
MATRIX = Path(__file__).with_name("access_matrix.csv")
#: Those who belong to ACME alone and must never meet a word of RIVAL's.
OF_ACME = tuple(actor for actor in ACTORS if actor not in ("provider", "keeper", "rival agent"))
#: Those who must never meet an internal word, though they may see the record.
WITHOUT_INTERNAL = ("keeper", "anonymous", "disabled", "requester", "neighbour", "organisation-manager")
#: What differs between two answers for the same reason: numbers of requests, tokens of forms, the address asked for.
VARYING = re.compile(
    r"nonce-[\w+/=-]+|nonce=\"[^\"]+\"|csrf\w*[\"'=: ]+[\w-]+|X-Request-ID: \S+|[0-9a-f]{32}|\"instance\": ?\"[^\"]*\""
    r"|(?:INC|SD)-\d{6}|[0-9a-f]{8}-[0-9a-f-]{27}|[\w-]+ARE[\w-]*|Content-Length: \d+|next=[^\"&]+",
    re.IGNORECASE,
)


def routes() -> list[Route]:
    return [route for route in (*pages(), *operations()) if not is_third_party(route)]


@pytest.fixture(scope="module")
def walked(django_db_setup: None, django_db_blocker: Any) -> list[Answer]:
    """One walk for all tests of this module."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        answers = list(walk(estates.build(), routes()))
        transaction.set_rollback(True)
    return answers


def test_nobody_meets_a_word_of_another_company(walked: list[Answer]) -> None:
    wrong = [answer.place for answer in walked if answer.actor in OF_ACME and "CNRY-RIVAL" in answer.body]
    assert wrong == []


def test_nobody_meets_an_internal_word_without_the_right_to(walked: list[Answer]) -> None:
    wrong = [answer.place for answer in walked if answer.actor in WITHOUT_INTERNAL and "-INTERNAL-" in answer.body]
    assert wrong == []


def test_a_foreign_thing_answers_like_one_that_does_not_exist(walked: list[Answer]) -> None:
    found: dict[tuple[str, ...], dict[str, Answer]] = defaultdict(dict)
    for answer in walked:
        found[answer.route.name, answer.method, answer.actor][answer.target] = answer
    wrong = [
        (answers["foreign"].place, answers["missing"].status)
        for (_, _, actor), answers in found.items()
        if actor in OF_ACME and "foreign" in answers
        if (answers["foreign"].status, masked(answers["foreign"]))
        != (answers["missing"].status, masked(answers["missing"]))
    ]
    assert wrong == []


def masked(answer: Answer) -> str:
    return VARYING.sub("", answer.body)


def test_nothing_of_another_company_is_ever_written(walked: list[Answer]) -> None:
    wrong = [
        (answer.place, answer.writes)
        for answer in walked
        if answer.actor in OF_ACME and answer.target == "foreign" and answer.writes
    ]
    assert wrong == []


def test_asking_for_a_page_never_writes(walked: list[Answer]) -> None:
    wrong = [(answer.place, answer.writes) for answer in walked if answer.method == "GET" and answer.writes]
    assert wrong == []


def test_no_door_breaks(walked: list[Answer]) -> None:
    assert [answer.place for answer in walked if answer.status >= 500] == []


def test_whoever_is_nobody_is_let_in_nowhere_but_where_it_says_so(walked: list[Answer]) -> None:
    wrong = [
        answer.place
        for answer in walked
        if answer.actor in ("anonymous", "disabled") and answer.let_in and not is_open(answer.route)
    ]
    assert wrong == []


def test_every_denied_cell_has_an_allowed_one_on_the_same_door(walked: list[Answer]) -> None:
    opened = {door_of(answer) for answer in walked if answer.let_in}
    assert sorted({door_of(answer) for answer in existing(walked)} - opened - set(NEVER_OPENED)) == []
    assert sorted(set(NEVER_OPENED) & opened) == []


def door_of(answer: Answer) -> str:
    return f"{answer.method} /{answer.route.pattern}"


def existing(walked: list[Answer]) -> list[Answer]:
    """The answers of doors that are there: whom the door lets in learns that it does not take the method."""
    absent = {door_of(answer) for answer in walked if answer.status == 405}
    return [answer for answer in walked if door_of(answer) not in absent]


def test_who_is_let_in_is_what_a_person_has_read_and_agreed_to(walked: list[Answer]) -> None:
    """`MAINSTAY_TEST_WRITE_MATRIX=1` writes the table anew; read the difference before you commit it."""
    table = rows(walked)
    if os.environ.get("MAINSTAY_TEST_WRITE_MATRIX"):
        with MATRIX.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([["door", "target", *ACTORS], *table])
    with MATRIX.open(newline="") as file:
        agreed = list(csv.reader(file))[1:]
    assert [row for row in table if row not in agreed] == []
    assert [row for row in agreed if row not in table] == []


def rows(walked: list[Answer]) -> list[list[str]]:
    cells: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for answer in existing(walked):
        cells[door_of(answer), answer.target][answer.actor] = "in" if answer.let_in else "-"
    return [[path, target, *(row.get(actor, "") for actor in ACTORS)] for (path, target), row in sorted(cells.items())]


def test_the_walk_sees_a_missing_scope(db: None) -> None:
    """The planted fault: lists without their condition. If this walk stays clean, it proves nothing."""
    seen: Estate = estates.build()
    lists = [
        route
        for route in routes()
        if route.pattern in ("incidents/", "api/v1/incidents") and route.method in ("ANY", "GET")
    ]
    assert len(lists) == 2
    with mock.patch("mainstay.kernel.access.queries.Standing", partial(Standing, unbounded=True)):
        leaking = {
            answer.route.pattern
            for answer in walk(seen, lists, actors=("agent", "requester"))
            if "CNRY-RIVAL" in answer.body
        }
    assert leaking == {route.pattern for route in lists}
