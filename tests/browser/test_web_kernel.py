"""The frame, the components and the scripts of every page, in a real browser under the real policy."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.web.models import Draft
from tests.browser.axe import in_both_themes

pytestmark = pytest.mark.browser
PAGES = ["components", "portal", "plain", "form", "missing"]
WIDTHS = [1280, 390]


@pytest.fixture
def trial(settings: Any) -> None:
    """Serve the pages of `web_pages` instead of the product's."""
    settings.ROOT_URLCONF = "tests.browser.web_pages"
    folder = str(Path(__file__).parent / "jinja2")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [folder]}, *settings.TEMPLATES[1:]]


@pytest.fixture
def ann(trial: None, page: Any, server: str, django_db_blocker: Any) -> Any:
    """A page in which Ann is signed in."""
    with django_db_blocker.unblock():
        organisation = Organisation.objects.create(slug="trial", name="Trial")
        person = Person.objects.create(name="Ann Archer", email="ann@trial.example", organisation=organisation)
        client = Client()
        client.force_login(person)
        cookie = client.cookies["session"].value
    page.context.add_cookies([{"name": "session", "value": cookie, "url": server}])
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_either_theme(ann: Any, name: str, width: int) -> None:
    ann.set_viewport_size({"width": width, "height": 900})
    ann.goto(f"/{name}")
    assert in_both_themes(ann) == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(ann: Any, name: str) -> None:
    ann.set_viewport_size({"width": 390, "height": 844})
    ann.goto(f"/{name}")
    assert ann.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_swapped_menu_and_dialog_work_under_the_strict_policy(ann: Any) -> None:
    answer = ann.goto("/form")
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert re.search(r"script-src 'nonce-[^']+'(;|$)", policy)
    ann.click("#load")
    ann.get_by_text("Choices").click()
    assert ann.get_by_role("link", name="One").is_visible()
    ann.keyboard.press("Escape")
    assert not ann.get_by_role("link", name="One").is_visible()
    ann.get_by_role("button", name="Details").click()
    assert ann.get_by_role("dialog", name="Inner dialog").is_visible()
    ann.get_by_role("button", name="Again").click()
    ann.get_by_role("heading", name="Fragment 2").wait_for()
    ann.get_by_role("button", name="Details").click()
    ann.get_by_role("dialog", name="Inner dialog").wait_for()


def test_nothing_in_a_swapped_fragment_can_run_as_a_script(trial: None, browser: Any, ann: Any) -> None:
    hostile = ann.context.new_page()  # its own page: the policy's complaints are what is expected here
    hostile.goto("/form")
    hostile.click("#hostile")
    for button in ("on", "js", "vals", "trigger"):
        hostile.click(f"#{button}")
        hostile.wait_for_timeout(50)
    assert hostile.evaluate("window.__pwned") is None
    hostile.click("#load")
    hostile.get_by_role("heading", name="Fragment 1").wait_for()


def test_a_refused_form_keeps_what_was_typed_and_leads_to_the_first_mistake(ann: Any) -> None:
    ann.goto("/form")
    ann.fill("#id_description", "typed with care")
    ann.click("#report button")
    ann.wait_for_selector("#id_title[aria-invalid=true]")
    assert ann.input_value("#id_description") == "typed with care"
    assert ann.evaluate("document.activeElement.id") == "id_title"
    assert ann.get_attribute("#id_title", "aria-describedby") == "id_title-errors id_title-help"


def test_a_form_that_was_accepted_leads_to_the_next_page_with_its_message(ann: Any) -> None:
    ann.goto("/form")
    ann.fill("#id_title", "Printer")
    ann.fill("#id_description", "It blinks")
    ann.check("[name=reach][value=me]")
    ann.click("#report button")
    ann.wait_for_url("**/components")
    assert ann.locator("[data-toast]").inner_text().startswith("Saved “Printer”")
    assert ann.get_by_role("button", name="Undo").is_visible()


def test_an_answer_to_htmx_carries_its_message_as_text(ann: Any) -> None:
    ann.goto("/form")
    ann.click("#touch")
    ann.locator("[data-toast] p").wait_for()
    assert ann.locator("[data-toast] p").inner_text() == "Touched <b>it</b>"
    assert ann.locator("#place").inner_text() == "touched"


def test_a_problem_is_explained_where_the_answer_was_expected(ann: Any) -> None:
    ann.goto("/form")
    ann.click("#gone")
    ann.locator("#place").get_by_role("heading", name="There is nothing here for you").wait_for()


def test_text_that_was_not_sent_is_there_again(ann: Any, django_db_blocker: Any) -> None:
    ann.goto("/components")
    with ann.expect_response("**/web/draft/"):
        ann.fill("#composer-body", "half a sentence")
    ann.goto("/plain")
    ann.goto("/components")
    expect(ann.locator("#composer-body")).to_have_value("half a sentence")
    ann.get_by_role("button", name="Send", exact=True).first.click()
    ann.wait_for_url("**/touch")
    with ann.expect_request(lambda request: request.method == "POST" and "draft" in request.url):
        ann.goto("/components")
    ann.goto("/plain")
    with django_db_blocker.unblock():
        assert Draft.objects.count() == 0


def test_the_keyboard_walks_selects_peeks_and_opens(ann: Any) -> None:
    ann.goto("/components")
    ann.keyboard.press("j")
    ann.keyboard.press("j")
    assert ann.locator("tr.current .number").inner_text() == "INC-000123"
    ann.keyboard.press("x")
    assert ann.locator("[data-selected]").inner_text() == "1 selected"
    ann.keyboard.press("p")
    ann.locator("#peek").get_by_role("heading", name="Fragment 1").wait_for()
    ann.keyboard.press("Escape")
    ann.keyboard.press("r")
    assert ann.evaluate("document.activeElement.id") == "composer-body"
    ann.keyboard.type("jx?")
    assert ann.input_value("#composer-body") == "jx?"
    with ann.expect_response("**/web/draft/"):
        pass
    ann.evaluate("document.activeElement.blur()")
    ann.keyboard.press("n")
    assert ann.is_checked("[name=visibility][value=internal]")
    ann.evaluate("document.activeElement.blur()")
    ann.keyboard.press("/")
    assert ann.evaluate("document.activeElement.name") == "q"
    ann.evaluate("document.activeElement.blur()")
    ann.keyboard.press("Enter")
    ann.wait_for_url("**/plain?INC-000123")


def test_single_keys_can_be_switched_off_and_stay_off(ann: Any) -> None:
    ann.goto("/components")
    ann.keyboard.press("?")
    with ann.expect_response("**/web/preference/"):
        ann.get_by_role("button", name="Single keys off").click()
    ann.reload()
    ann.keyboard.press("j")
    assert ann.locator("tr.current").count() == 0
    ann.keyboard.press("Control+k")
    assert ann.get_by_role("dialog", name="Command palette").is_visible()


def test_the_palette_finds_a_page_and_goes_there(ann: Any) -> None:
    ann.goto("/components")
    ann.keyboard.press("Control+k")
    ann.keyboard.type("nothing is called like this")
    ann.locator("#palette-results").get_by_text("Nothing found").wait_for()


def test_the_theme_follows_the_device_until_one_is_chosen(ann: Any) -> None:
    ann.emulate_media(color_scheme="dark")
    ann.goto("/components")
    background = "getComputedStyle(document.body).backgroundColor"
    dark = ann.evaluate(background)
    ann.locator("details", has=ann.get_by_text("Ann Archer")).locator("summary").first.click()
    with ann.expect_response("**/web/preference/"):
        ann.get_by_role("button", name="Light").click()
    light = ann.evaluate(background)
    assert light != dark
    ann.reload()
    assert ann.evaluate(background) == light


def test_a_server_error_shows_its_number_and_nothing_else(ann: Any) -> None:
    answer = ann.goto("/broken")
    assert answer.status == 500
    assert answer.headers["x-request-id"] in ann.inner_text("main")
    assert "secret detail" not in ann.content()


def test_an_impossible_move_is_said_in_its_own_words(ann: Any) -> None:
    assert ann.goto("/impossible").status == 409
    assert "It is closed already. Reopen it first." in ann.inner_text("main")
