"""Somebody with a browser who writes down whatever a page does that it should not."""

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from tests.browser.screens import Screen
from tests.browser.stage import Stage

#: Gathers what the page's own policy refused, from before its first line on.
TRAP = """
    window.refused = [];
    addEventListener("securitypolicyviolation", e => refused.push(`${e.violatedDirective} ${e.blockedURI}`));
"""


class Visitor:
    """A signed-in browser, and a client with the same session for what needs no browser."""

    def __init__(self, browser: Any, server: str, stage: Stage, actor: str) -> None:
        self.server, self.stage = server, stage
        cookies = stage.cookies(actor)
        self.context = browser.new_context(base_url=server, reduced_motion="reduce")
        self.context.add_cookies([{"name": name, "value": value, "url": server} for name, value in cookies.items()])
        self.context.add_init_script(TRAP)
        self.client = Client(raise_request_exception=False)
        self.client.cookies.load(cookies)
        self.complaints: list[str] = []
        self.where = ""
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complain(f"a script failed: {error}"))
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complain(said.text))
        self.page.on("request", self._look_at_request)

    def complain(self, words: str) -> None:
        self.complaints.append(f"{self.where}: {words}")

    def _look_at_request(self, request: Any) -> None:
        if not request.url.startswith((self.server + "/", "data:", "blob:")):
            self.complain(f"asked elsewhere: {request.url}")

    def open(self, screen: Screen) -> None:
        """Go to a screen; complain when it is not there or its policy refused something."""
        self.where, address = screen.name, screen.address(self.stage)
        answer = self.page.goto(address)
        if answer.status != 200 or urlsplit(self.page.url).path != urlsplit(address).path:
            self.complain(f"answers {answer.status} at {self.page.url}")
        for refused in self.page.evaluate("window.refused"):
            self.complain(f"the policy refused {refused}")
