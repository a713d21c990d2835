"""Canned answers, a macro and a runbook on one case, in a browser."""

import os
from pathlib import Path
from typing import Any

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.actions import set_password
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.support.incidents import actions as incidents
from tests.browser.test_printer_story import PASSWORD, sign_in
from tests.world import World, build

pytestmark = pytest.mark.browser
TEXT = "[light] Does it show a light?\n- Yes -> paper\n- No -> power\n[paper] Clear the paper.\n[power] Plug it in."


@pytest.fixture
def company(server: str, django_db_blocker: Any, settings: Any) -> World:
    """A company with an incident and all that is prepared for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    by = system("command")
    with django_db_blocker.unblock():
        world = build()
        set_password(world.agent, by=by, password=PASSWORD)
        put(kinds()["canned-answers"], "device", {"name": "Device", "body": "Dear {{ caller }}, which one?"}, by=by)
        put(kinds()["runbooks"], "printer", {"name": "Silent printer", "text": TEXT}, by=by)
        put(kinds()["checklists"], "device", {"name": "New device", "items": ["! Label it", "Hand it over"]}, by=by)
        values = {"name": "Ask", "kind": "incident", "comment": "Dear {{ caller }}, which one?", "takes": True}
        values |= {"visibility": "public", "verb": "hold", "hold_reason": "caller", "impact": "high"}
        put(kinds()["macros"], "ask", values, by=by)
        for title in ("The printer is silent", "The plotter squeaks"):
            incidents.create(by=world.as_agent(), title=title, requester=world.requester, team=world.team)
    return world


def test_what_is_prepared_is_shown_first_and_then_done(company: World, page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, "adam@acme.example")
    page.goto("/incidents/?q=printer")
    page.get_by_role("link", name="The printer is silent").click()
    page.locator("form.composer textarea").fill("Hello.")
    page.get_by_role("button", name="Canned answer").click()
    _look(page, "answers")
    page.get_by_role("button", name="Insert: Device").click()
    assert page.locator("form.composer textarea").input_value() == "Hello.\nDear Rita Requester, which one?"
    page.get_by_role("button", name="Silent printer").click()
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_text("Plug it in.").first.wait_for()
    _look(page, "runbook")
    page.get_by_text("Macros", exact=True).click()
    page.get_by_role("button", name="Ask", exact=True).click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("Dear Rita Requester, which one?").wait_for()
    _look(page, "macro")
    dialog.get_by_role("button", name="Apply").click()
    page.get_by_text("applied the macro Ask").wait_for()
    assert page.get_by_text("Pending").first.is_visible()
    page.goto("/incidents/?q=plotter")
    page.locator("input[name='selected']").first.check()
    page.locator("#bulk").get_by_role("button", name="Macro").click()
    dialog.get_by_role("button", name="Ask").click()
    dialog.get_by_text("1 case will be changed:").wait_for()
    dialog.get_by_role("button", name="Apply").click()
    dialog.get_by_text("1 case was changed:").wait_for()
    _look(page, "many")


def _look(page: Any, name: str) -> None:
    folder = os.environ.get("MAINSTAY_TEST_PICTURES")
    if folder:
        for width, scheme in ((1280, "light"), (390, "dark")):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=name == "runbook")
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
