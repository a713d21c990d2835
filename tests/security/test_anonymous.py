"""Whoever is nobody meets the way in, the signs of life and the look of the pages, and nothing else (D45)."""

import re
from functools import partial
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.accounts.actions import new_one_time_token
from mainstay.kernel.accounts.models import OneTimeToken
from tests.isolation.estate import Estate, Target, build
from tests.isolation.routes import is_third_party, operations, pages

#: The whole of it: what each of these answers to nobody, by method. Everything else is not there, or sends to the
#: sign-in.
OPEN = {
    "healthz": {"get": {200}},
    "readyz": {"get": {200}},
    "accounts/sign-in/": {"get": {200}, "post": {422}, "options": {200}, "put": {422}},
    "accounts/sign-in/passkey/": {"get": {200}, "options": {200}, "post": {200, 422}, "put": {200, 422}},
    "accounts/forgotten-password/": {"get": {200}, "post": {422}, "options": {200}, "put": {422}},
    #: Leads to the start, and from there to the sign-in.
    "accounts/sign-out/": {"get": {302}, "post": {302}, "put": {302}, "options": {200}},
}
CLOSED = {401, 404, 405}
#: Where other products left their installers, their debuggers and their notes.
LEFTOVERS = """
    /admin/ /admin/login/ /setup /setup/ /install /install/ /installer.php /config /configuration/ /status /debug
    /__debug__/ /server-status /.env /.git/config /.well-known/nothing /docs /api/docs /api/v1/docs /api/schema
    /openapi.json
    /phpinfo.php /readonly /maintenance /backup /media/ /files/ /static/ /static/web/ /static/web/build/ /console /shell
    /static/../settings.py /static/%2e%2e/settings.py /accounts/signup/ /accounts/login/ /accounts/password/reset/
    /silk/ /graphql /metrics/ /robots.txt.bak /web/ /accounts/
""".split()  # noqa: SIM905 - addresses read better than quotation marks
GAP = re.compile(r"[<{](?:\w+:)?(\w+)[>}]")
TELLTALE = re.compile(r"Traceback|psycopg|postgres|Django|site-packages|/home/|/usr/|CNRY-", re.IGNORECASE)


@pytest.fixture
def estate(db: None) -> Estate:
    """Instances that hold something: an empty one has nothing to give away."""
    return build()


def addresses(pattern: str, estate: Estate) -> list[str]:
    """Return a pattern's address once with what exists in its gaps, once with what does not."""
    places: tuple[Target, ...] = ("own", "missing")
    filled = (GAP.sub(partial(_fill, estate, place, pattern), pattern) for place in places)
    return list(dict.fromkeys(f"/{address}" for address in filled))


def _fill(estate: Estate, place: Target, pattern: str, gap: re.Match[str]) -> str:
    return estate.gap(place, pattern, gap[1])


def is_closed(answer: Any) -> bool:
    to_sign_in = answer.status_code in (302, 303) and answer.headers["Location"].startswith("/accounts/sign-in/")
    return answer.status_code in CLOSED or to_sign_in


METHODS = ("get", "head", "options", "post", "put", "delete")


def test_nobody_gets_in_anywhere_but_where_it_is_written_down(estate: Estate) -> None:
    wrong = []
    for route in pages():
        if is_third_party(route) or route.pattern.startswith("^"):
            continue
        for address in addresses(route.pattern, estate):
            for method in METHODS:
                answer = getattr(Client(), method)(address)
                if not (is_closed(answer) or is_as_agreed(route.pattern, method, answer)):
                    wrong.append((method, address, answer.status_code))
                if TELLTALE.search(answer.content.decode(errors="replace")):
                    wrong.append((method, address, "tells too much"))
    assert sorted(wrong) == []


def is_as_agreed(pattern: str, method: str, answer: Any) -> bool:
    return answer.status_code in OPEN.get(pattern, {}).get("get" if method == "head" else method, ())


def test_no_operation_answers_without_a_token(estate: Estate) -> None:
    wrong = []
    for route in operations():
        for address in addresses(route.pattern, estate):
            answer = Client().generic(route.method, address, "{}", content_type="application/json")
            if answer.status_code != 401:
                wrong.append((route.name, answer.status_code))
    assert wrong == []
    assert Client().get("/api/openapi.json").status_code == 401


@pytest.mark.parametrize("address", LEFTOVERS)
def test_nothing_that_other_products_left_open_is_there(db: None, address: str) -> None:
    answer = Client().get(address)
    assert is_closed(answer)
    assert not TELLTALE.search(answer.content.decode(errors="replace"))


def test_the_way_to_the_first_administrator_opens_with_its_token_alone(db: None) -> None:
    token = new_one_time_token(OneTimeToken.Purpose.FIRST_ADMINISTRATOR)
    assert Client().get(f"/accounts/first-administrator/{token}/").status_code == 200
    assert Client().get(f"/accounts/first-administrator/{token}x/").status_code == 404


def test_figures_are_not_for_nobody(db: None) -> None:
    assert Client().get("/metrics").status_code == 404
