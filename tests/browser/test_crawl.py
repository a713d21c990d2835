"""Every screen, in both themes, on a desk and on a phone: whole, quiet, readable, and no link on it leads nowhere."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from django.core.handlers.wsgi import WSGIHandler

from conftest import serving
from mainstay.site.operations import testing
from tests.browser.axe import EVERYTHING, OF_THEMES, violations
from tests.browser.screens import COLUMNS, NOT_SCREENS, SCREENS, TABLE, THEMES, WIDTHS, Screen, rows, write_table
from tests.browser.stage import Stage, set_up
from tests.browser.visitor import Visitor
from tests.isolation.routes import is_third_party, pages

#: Where the pictures go; none are taken without. `make screenshots` says where.
PICTURES = os.environ.get("MAINSTAY_TEST_SCREENSHOTS")
LINKS = """
    [...document.querySelectorAll("a[href], [hx-get], [data-peek], form[method=get]")].map(e =>
        e.getAttribute("hx-get") || e.dataset.peek || e.getAttribute("href") || e.getAttribute("action") || "")
"""
#: Lists and tables whose last columns lie outside what is seen.
CUT_OFF = """
    [...document.querySelectorAll(".list-scroll")].filter(e => e.scrollWidth > e.clientWidth + 1)
        .map(e => e.querySelector("[aria-label]")?.ariaLabel || e.ariaLabel || "a table")
"""
#: Where forms and buttons of the open screen send what changes something.
TARGETS = """
    [...document.querySelectorAll("form[method=post], [hx-post], [formaction]")].map(e =>
        e.getAttribute("hx-post") || e.getAttribute("formaction") || e.getAttribute("action") || "")
"""


def test_every_address_is_a_screen_or_says_why_not() -> None:
    known = {screen.pattern for screen in SCREENS} | set(NOT_SCREENS)
    found = {route.pattern for route in pages() if not is_third_party(route)}
    assert sorted(found - known) == [], "add it to tests/browser/screens.py"
    assert sorted(known - found) == [], "no longer there: take it out of tests/browser/screens.py"
    assert {screen.pattern for screen in SCREENS} & set(NOT_SCREENS) == set()


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """One server and one database for all visitors: they only look."""
    with django_db_blocker.unblock(), testing.database_copy(), serving(WSGIHandler()) as address:
        yield address


@pytest.fixture(scope="module")
def stage(server: str) -> Stage:
    return set_up()


@pytest.mark.browser
@pytest.mark.screenshots
@pytest.mark.parametrize("actor", list(dict.fromkeys(screen.actor for screen in SCREENS)))
def test_every_screen_is_whole_quiet_and_readable_and_no_link_on_it_is_dead(
    browser: Any, server: str, stage: Stage, actor: str
) -> None:
    visitor = Visitor(browser, server, stage, actor)
    followed: set[str] = set()
    for screen in SCREENS:
        if screen.actor == actor:
            visitor.open(screen)
            look_at(visitor, screen)
            follow_links(visitor, followed)
            try_targets(visitor, followed)
    visitor.context.close()
    assert "\n".join(visitor.complaints) == ""


def look_at(visitor: Visitor, screen: Screen) -> None:
    """Look at the open screen in every width and theme."""
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        if not visitor.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"):
            visitor.complain(f"scrolls sideways at {width}")
        for cut in visitor.page.evaluate(CUT_OFF):
            visitor.complain(f"{cut} is cut off at {width}")
        for theme in THEMES:
            visitor.page.emulate_media(color_scheme=theme)
            for line in violations(visitor.page, rules=EVERYTHING if theme == THEMES[0] else OF_THEMES):
                visitor.complain(f"{theme} {width}: {line}")
            if PICTURES:
                visitor.page.screenshot(path=Path(PICTURES) / screen.picture(theme, width), full_page=True)


def follow_links(visitor: Visitor, followed: set[str]) -> None:
    """Ask for every address of this site that stands on the open screen, each one once."""
    for link in visitor.page.evaluate(LINKS):
        address = urldefrag(urljoin(visitor.page.url, link)).url
        if address.startswith(visitor.server + "/") and address not in followed:
            followed.add(address)
            status = visitor.client.get(address.removeprefix(visitor.server)).status_code
            if status not in (200, 302, 303):
                visitor.complain(f"{link} answers {status}")


def try_targets(visitor: Visitor, followed: set[str]) -> None:
    """Ask every address that the open screen would send something to whether it takes a POST, each one once."""
    for target in visitor.page.evaluate(TARGETS):
        address = urldefrag(urljoin(visitor.page.url, target)).url.removeprefix(visitor.server)
        if f"POST {address}" not in followed:
            followed.add(f"POST {address}")
            answer = visitor.client.options(address)
            if answer.status_code not in (200, 405) or "POST" not in answer.headers.get("Allow", ""):
                visitor.complain(f"{target} takes no POST: {answer.status_code}")


@pytest.mark.screenshots
def test_the_table_of_screens_is_complete() -> None:
    """`make screenshots` writes it anew."""
    if PICTURES:
        write_table()
    with TABLE.open(newline="") as file:
        assert list(csv.reader(file)) == [list(COLUMNS), *rows()]
