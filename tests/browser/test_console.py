"""The agent's console in a real browser: queue, record page, keyboard, and nothing for axe to find."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.records.actions import add_task, comment, link, log_work
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from tests.browser.axe import in_both_themes
from tests.world import World, build

pytestmark = pytest.mark.browser
WIDTHS = [1280, 390]


@pytest.fixture
def desk(server: str, django_db_blocker: Any) -> Iterator[World]:
    """A desk with three incidents, in a database whose transactions are real."""
    with django_db_blocker.unblock():
        world = build()
        give(Role.objects.get(slug="manager"), by=system("command"), organisation=world.organisation, team=world.team)
        _work(world)
        yield world


def _work(world: World) -> None:
    agent, requester = world.as_agent(), world.as_requester()
    printer = actions.create(by=requester, title="The printer does not print", description="Since today.\n\nRoom 12.")
    network = actions.create(by=requester, title="No network on the third floor", impact=1, urgency=1)
    actions.create(by=requester, title="Outlook asks for my password again and again", urgency=2)
    actions.assign(network, by=agent, team=world.team, person=world.agent)
    actions.start(network, by=agent)
    comment(network, by=agent, body="Is it only the third floor?\nSee https://status.example/", visibility="public")
    comment(network, by=requester, body="Yes, the others work.")
    comment(network, by=agent, body="The switch was changed last night.", visibility="internal")
    add_task(network, by=agent, title="Look at the switch", owner=world.agent, mandatory=True)
    log_work(network, by=agent, minutes=25, note="On the phone")
    link(network, "parent_of", printer, by=agent)


@pytest.fixture
def agent(page: Any, desk: World, server: str) -> Any:
    """A page in which the agent is signed in."""
    client = Client()
    client.force_login(desk.agent)
    page.context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": server}])
    return page


def _number(title: str) -> str:
    return Incident.objects.get(title__startswith=title).number


def _addresses() -> dict[str, str]:
    number = _number("No network")
    return {
        "start": "/incidents/start/",
        "queue": "/incidents/?phase=open",
        "empty": "/incidents/?state=cancelled",
        "record": f"/incidents/{number}/",
        "history": f"/incidents/{number}/history/",
        "edit": f"/incidents/{number}/edit/",
        "resolve": f"/incidents/{number}/do/resolve/",
        "new": "/incidents/new/",
        "filters": "/incidents/filters/",
        "view": "/incidents/views/",
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_any_page_of_the_console(agent: Any, width: int) -> None:
    agent.set_viewport_size({"width": width, "height": 900})
    found = []
    for name, address in _addresses().items():
        agent.goto(address)
        found += [f"{name}: {line}" for line in in_both_themes(agent)]
        wide = agent.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{name}: {wide} px too wide"] * (wide > 0)
        if folder := os.environ.get("MAINSTAY_TEST_SHOTS"):
            agent.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    assert found == []
