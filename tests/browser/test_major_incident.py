"""A major incident with forty linked cases, from the proposal to the report, in a real browser."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.records.actions import link
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from tests.browser.axe import in_both_themes
from tests.world import World, build

pytestmark = pytest.mark.browser
CASES = 40


@pytest.fixture
def outage(server: str, django_db_blocker: Any) -> Iterator[tuple[World, Incident]]:
    """An outage that forty cases of ten people hang on."""
    with django_db_blocker.unblock():
        world, by = build(), system("command")
        give(Role.objects.get(slug="manager"), by=by, organisation=world.organisation, team=world.team)
        callers = [
            create_person(by=by, name=f"Caller {n}", email=f"c{n}@acme.example", organisation=world.organisation)
            for n in range(10)
        ]
        agent = world.as_agent()
        parent = actions.create(by=agent, title="No mail for anybody", requester=world.requester, team=world.team)
        for number in range(CASES):
            child = actions.create(by=agent, title=f"My mail does not come {number}", requester=callers[number % 10])
            link(parent, "parent_of", child, by=agent)
        yield world, parent


def test_a_major_incident_with_forty_cases(page: Any, server: str, outage: tuple[World, Incident]) -> None:
    world, parent = outage
    client = Client()
    client.force_login(world.agent)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": server}])

    page.goto(f"{server}/incidents/{parent.number}/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Propose as major incident").click()
    page.get_by_label("Reason").fill("Forty calls in ten minutes")
    page.get_by_role("button", name="Propose as major incident").last.click()
    expect(page.get_by_text("40 linked cases")).to_be_visible()
    expect(page.get_by_text("11 people affected")).to_be_visible()

    page.get_by_role("button", name="Accept as major incident").click()
    page.get_by_label("Who leads").select_option(label="Adam Agent")
    page.locator("#work").get_by_role("button", name="Accept as major incident").click()
    expect(page.get_by_text("Adam Agent accepted it as a major incident")).to_be_visible()
    _look(page, "major")

    page.goto(f"{server}/incidents/")
    expect(page.get_by_role("status").get_by_text("No mail for anybody")).to_be_visible()

    page.get_by_role("status").get_by_text("No mail for anybody").click()
    page.get_by_role("button", name="End the major incident").click()
    page.get_by_label("How it was restored").fill("The store was moved")
    page.locator("#work").get_by_role("button", name="End the major incident").click()
    page.get_by_role("button", name="Look back").click()
    page.get_by_label("What caused it").fill("A full disk")
    page.locator("#work").get_by_role("button", name="Look back").click()
    expect(page.get_by_text("A full disk")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Report as PDF").click()
    assert download.value.suggested_filename == f"{parent.number}.pdf"


def _look(page: Any, name: str) -> None:
    """Let axe look at the page in both themes and widths; keep pictures where somebody wants them."""
    found = []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {line}" for line in in_both_themes(page)]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{wide} px too wide"] * (wide > 0)
        if folder := os.environ.get("MAINSTAY_TEST_SHOTS"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []
