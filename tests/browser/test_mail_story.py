"""A mail's way through the desk: it comes in, a rule gives it to a team, it is talked about, solved, and rated."""

import re
import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.actor import system
from mainstay.kernel.accounts.actions import set_password
from mainstay.kernel.mail import intake
from mainstay.kernel.mail.tests.dovecot import free_ports
from mainstay.kernel.mail.tests.server import Keeper, mail_server
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.support.service_desk.models import Rating
from tests.browser.test_printer_story import PASSWORD, sign_in
from tests.world import World, build

pytestmark = pytest.mark.browser
BY = system("command")
DESK = "desk@acme.example"


class Post:
    """The mail of a company: what is handed in at its door, and what went out."""

    def __init__(self, port: int, keeper: Keeper) -> None:
        self.port, self.keeper = port, keeper

    def hand_in(self, sender: str, subject: str, text: str, answers: str = "") -> None:
        """Let somebody write to the desk, and let the worker do what follows."""
        reference = f"In-Reply-To: {answers}\r\n" if answers else ""
        mail = f"From: {sender}\r\nTo: {DESK}\r\nSubject: {subject}\r\n{reference}\r\n{text}\r\n"
        for _ in range(200):  # its door opens a moment after it was asked to
            try:
                with smtplib.LMTP("127.0.0.1", self.port, timeout=30) as client:
                    client.sendmail(sender, [DESK], mail.encode())
                break
            except ConnectionRefusedError:
                threading.Event().wait(0.05)
        run("mail.handle")

    def find(self, address: str, words: str) -> Any:
        """Let what waits go out; return the last mail to somebody that holds some words."""
        run("notify.deliver", "service_desk.relay", "mail.send")
        found = zip(self.keeper.recipients, self.keeper.messages, strict=True)
        return [each for recipients, each in found if recipients == [address] and words in text_of(each)][-1]


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


@pytest.fixture
def company(server: str, django_db_blocker: Any, settings: Any, tmp_path: Any) -> World:
    """A company with a mailbox, a rule that knows whose printers are, and a macro for what is always done first."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "files"
    with django_db_blocker.unblock():
        world = build()
        set_password(world.agent, by=BY, password=PASSWORD)
        put(
            kinds()["mailboxes"],
            "desk",
            {"name": "Desk", "address": DESK, "organisation": "acme", "role": "requester"},
            by=BY,
        )
        rule = {"name": "Printers", "occasions": ["created"], "condition": 'title.contains("rint")', "team": "desk"}
        put(kinds()["contact-rules"], "printers", rule, by=BY)
        macro = {"name": "Take it up", "kind": "incident", "comment": "Dear {{ caller }}, we are on our way."}
        macro |= {"visibility": "public", "takes": True, "verb": "start", "impact": "high"}
        put(kinds()["macros"], "take", macro, by=BY)
    return world


@pytest.fixture
def post(company: World, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    monkeypatch.setattr(intake, "INTERVAL", 0.05)
    stop = threading.Event()
    with django_db_blocker.unblock(), mail_server() as keeper:
        (port,) = free_ports(1)
        change_setting(by=BY, key="mail.lmtp_port", value=port)
        running = threading.Thread(target=intake.Intake().run, args=(stop,))
        running.start()
        yield Post(port, keeper)
        stop.set()
        running.join()


def test_a_mail_is_assigned_by_rule_talked_about_merged_solved_and_rated(
    post: Post, page: Any, browser: Any, server: str
) -> None:
    post.hand_in("rita@acme.example", "The printer is silent", "Since this morning.")
    post.hand_in("Bob <bob@elsewhere.example>", "It does not print", "Nothing comes out.")

    page.set_viewport_size({"width": 1280, "height": 900})
    sign_in(page, "adam@acme.example").goto("/desk/?kind=contact")
    expect(page.get_by_role("row", name="The printer is silent")).to_contain_text("Service desk")
    page.get_by_role("link", name="The printer is silent").click()
    expect(page.get_by_text("Printers").first).to_be_attached()  # the account of the rules
    page.get_by_role("button", name="Turn into an incident").click()
    page.locator("dialog[open]").get_by_role("button", name="Turn into an incident").click()
    page.wait_for_url("**/incidents/INC-*/")
    incident = page.url.rstrip("/").rpartition("/")[2]

    page.get_by_text("Macros", exact=True).click()
    page.get_by_role("button", name="Take it up", exact=True).click()
    page.locator("dialog[open]").get_by_text("we are on our way.").wait_for()
    page.locator("dialog[open]").get_by_role("button", name="Apply").click()
    expect(page.get_by_text("In progress").first).to_be_visible()

    said = post.find("rita@acme.example", "we are on our way.")
    post.hand_in("rita@acme.example", f"Re: {said['Subject']}", "It is on the third floor.", said["Message-ID"])
    page.reload()
    expect(page.get_by_text("It is on the third floor.").first).to_be_visible()

    page.goto("/desk/?kind=contact")
    page.get_by_role("link", name="It does not print").click()
    page.wait_for_load_state("networkidle")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Merge into another").click()
    page.locator("dialog[open]").get_by_label("Number of the case in which it goes on").fill(incident)
    page.locator("dialog[open]").get_by_role("button", name="Merge into another").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The printer is silent")
    expect(page.get_by_text("Nothing comes out.").first).to_be_visible()

    page.get_by_role("button", name="Resolve", exact=True).first.click()
    page.get_by_label("Solution").fill("The queue was stopped; it runs again.")
    page.get_by_label("Closing category").select_option("hardware-printer")
    page.locator("dialog[open]").get_by_role("button", name="Resolve").click()
    page.locator("#content .chip-resolved").first.wait_for()
    told = post.find("rita@acme.example", "it runs again.")
    assert post.find("bob@elsewhere.example", "it runs again.")["Subject"]

    phone = browser.new_context(base_url=server, viewport={"width": 390, "height": 844})
    rita = phone.new_page()
    rita.goto(re.search(r"/letters/[\w-]+/", text_of(told))[0])
    rita.get_by_role("button", name="Yes, it works again").click()
    asked = post.find("rita@acme.example", "?score=4")
    rita.goto(re.search(r"/letters/[\w-]+/\?score=4", text_of(asked))[0])
    expect(rita.locator("[name=score][value='4']")).to_be_checked()
    rita.locator("[name=words]").fill("Quick and kind.")
    rita.get_by_role("button", name="Send my answer").click()
    rita.get_by_text("Thank you for your answer.").wait_for()
    assert rita.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    phone.close()
    rating = Rating.objects.get()
    assert (rating.record.number, rating.score, rating.words) == (incident, 4, "Quick and kind.")
