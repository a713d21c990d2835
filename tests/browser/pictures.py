"""The pictures of the documentation: `make pictures` takes all of them anew and writes them to docs/images.

They show the screens of the crawl, on its stage: one table says which, and `tests/test_documentation_pictures.py` that
each stands in a page of the documentation.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.browser.screens import RESOLVED, TRIED, Screen
from tests.browser.stage import set_up
from tests.browser.visitor import Visitor

FOLDER = Path(__file__).parents[2] / "docs/images"
DESK, LONG, PHONE = (1280, 800), (1280, 1400), (390, 844)


class Picture(NamedTuple):
    """What a picture is called, the screen that it shows, and how large."""

    name: str
    screen: Screen
    size: tuple[int, int] = DESK


PICTURES = (
    Picture("queue", Screen("incidents/", "agent", {}, "?phase=open&phase=paused&sort=priority"), (1440, 900)),
    Picture("portal", Screen("", "requester"), PHONE),
    Picture("case", Screen("cases/<str:number>/", "requester"), PHONE),
    Picture("case-solved", Screen("cases/<str:number>/", "requester", {"number": "solved"}), PHONE),
    Picture("incident", Screen("incidents/<number:number>/", "agent")),
    Picture("contact", Screen("desk/<number:number>/", "agent", {"number": "contact"})),
    Picture("phone", Screen("desk/phone/<uuid:caller>/", "agent", {"caller": "uuid"})),
    Picture("macro", Screen("desk/records/<number:number>/macros/<slug:key>/", "agent", {"key": "ask-the-caller"})),
    Picture("mails", Screen("incidents/<number:number>/mails/", "agent")),
    Picture("major", Screen("incidents/<number:number>/major/", "manager", {"number": "major"})),
    Picture("search", Screen("search/", "agent", {}, "?q=printer")),
    Picture("announcement", Screen("announcements/<uuid:uuid>/", "manager", {"uuid": "announcement"})),
    Picture("reports", Screen("reports/", "manager")),
    Picture("report", Screen("reports/<slug:report>/", "manager", {"report": "volume"}, "?range=last-12-months")),
    Picture("administration", Screen("administration/", "administrator")),
    Picture("mailbox", Screen("administration/mailboxes/<str:key>/", "administrator", {"key": "desk"})),
    Picture("mail-text", Screen("administration/mail-templates/<str:key>/", "administrator", {"key": RESOLVED})),
    Picture("rule", Screen("administration/incident-rules/<str:key>/", "administrator", {"key": "printers"}), LONG),
    Picture(
        "rule-tried",
        Screen("administration/incident-rules/tried/<uuid:uuid>/", "administrator", {"uuid": "tried_incidents"}),
    ),
    Picture(
        "calendar",
        Screen("administration/calendars/<str:key>/try/", "administrator", {"key": "office-hours"}, TRIED),
        (1280, 1000),
    ),
)


@pytest.mark.browser
def test_the_pictures_are_taken(browser: Any, server: str) -> None:
    """Run by `make pictures` alone: no file of the suite is called like this one."""
    stage = set_up()
    visitors = {actor: Visitor(browser, server, stage, actor) for actor in {each.screen.actor for each in PICTURES}}
    for picture in PICTURES:
        visitor = visitors[picture.screen.actor]
        visitor.page.set_viewport_size(dict(zip(("width", "height"), picture.size, strict=True)))
        visitor.open(picture.screen)
        visitor.page.screenshot(path=FOLDER / f"{picture.name}.png")
    assert [words for visitor in visitors.values() for words in visitor.complaints] == []
