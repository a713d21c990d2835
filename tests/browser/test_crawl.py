"""Every screen, in both themes, on a desk and on a phone: whole, quiet, readable, and no link on it leads nowhere."""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from conftest import serving
from mainstay.site.operations import testing
from tests.browser.axe import violations
from tests.browser.screens import COLUMNS, NOT_SCREENS, SCREENS, TABLE, THEMES, WIDTHS, Screen, rows, write_table
from tests.browser.stage import Stage, set_up
from tests.isolation.routes import is_third_party, pages

#: Where the pictures go; none are taken without. `make screenshots` says where.
PICTURES = os.environ.get("MAINSTAY_TEST_SCREENSHOTS")
#: Gathers what a page's own policy refused, from before its first line on.
TRAP = """
    window.refused = [];
    addEventListener("securitypolicyviolation", e => refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
LINKS = """
    [...document.querySelectorAll("a[href], [hx-get], [data-peek], form[method=get]")].map(e =>
        e.getAttribute("hx-get") || e.dataset.peek || e.getAttribute("href") || e.getAttribute("action"))
"""


def test_every_address_is_a_screen_or_says_why_not() -> None:
    known = {screen.pattern for screen in SCREENS} | set(NOT_SCREENS)
    found = {route.pattern for route in pages() if not is_third_party(route)}
    assert sorted(found - known) == [], "add it to tests/browser/screens.py"
    assert sorted(known - found) == [], "no longer there: take it out of tests/browser/screens.py"
    assert {screen.pattern for screen in SCREENS} & set(NOT_SCREENS) == set()


class Visitor:
    """Somebody's browser, which writes down whatever it does not like."""

    def __init__(self, browser: Any, server: str, stage: Stage, actor: str) -> None:
        self.server, self.stage = server, stage
        cookies = stage.cookies(actor)
        self.context = browser.new_context(base_url=server, reduced_motion="reduce")
        self.context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
        self.context.add_init_script(TRAP)
        self.page = self.context.new_page()
        self.client = Client(raise_request_exception=False)
        self.client.cookies.load(cookies)
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        self.where = ""
        self.page.on("pageerror", lambda error: self.complain(f"a script failed: {error}"))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complain(said.text))
        self.page.on("request", self._look_at_request)

    def complain(self, words: str) -> None:
        self.complaints.append(f"{self.where}: {words}")

    def _look_at_request(self, request: Any) -> None:
        if not request.url.startswith((self.server + "/", "data:", "blob:")):
            self.complain(f"asked elsewhere: {request.url}")

    def look_at(self, screen: Screen) -> None:
        """Open a screen and look at it in every width and theme."""
        self.where = f"{screen.name}"
        answer = self.page.goto(screen.address(self.stage))
        if answer.status != 200 or urlsplit(self.page.url).path != urlsplit(screen.address(self.stage)).path:
            self.complain(f"answers {answer.status} at {self.page.url}")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if not self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                self.complain(f"scrolls sideways at {width}")
            for theme in THEMES:
                self.page.emulate_media(color_scheme=theme)
                for line in violations(self.page):
                    self.complain(f"{theme} {width}: {line}")
                self._take_picture(screen.picture(theme, width))
        for refused in self.page.evaluate("window.refused"):
            self.complain(f"the policy refused {refused}")
        self._follow_links()

    def _take_picture(self, name: str) -> None:
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / name, full_page=True)

    def _follow_links(self) -> None:
        for link in self.page.evaluate(LINKS):
            address = urldefrag(urljoin(self.page.url, link)).url
            if address.startswith(self.server + "/") and address not in self.asked:
                self.asked.add(address)
                status = self.client.get(address.removeprefix(self.server)).status_code
                if status not in (200, 302, 303):
                    self.complain(f"{link} answers {status}")


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
    for screen in SCREENS:
        if screen.actor == actor:
            visitor.look_at(screen)
    visitor.context.close()
    assert visitor.complaints == []


@pytest.mark.screenshots
def test_the_table_of_screens_is_complete() -> None:
    """`make screenshots` writes it anew."""
    if PICTURES:
        write_table()
    with TABLE.open(newline="") as file:
        assert list(csv.reader(file)) == [list(COLUMNS), *rows()]
