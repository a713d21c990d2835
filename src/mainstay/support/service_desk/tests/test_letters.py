import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.kernel.access.actions import change_setting, create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.mail.models import SignedLink
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_person, deactivate, join_team
from mainstay.kernel.records.actions import comment, watch
from mainstay.kernel.records.models import Comment
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import closing_categories
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer does not print", description="Since noon.")


def say(world: World, incident: Incident, body: str = "Is it switched on?", visibility: str = "public") -> None:
    comment(incident, by=world.as_agent(), body=body, visibility=visibility)
    run("notify.deliver", "mail.send")


def link_in(keeper: Keeper, number: int = -1) -> str:
    text = str(keeper.messages[number].get_body(("plain",)).get_content())
    found = re.search(r"https?://\S+(/letters/[\w-]+/)", text)
    return found[1] if found else ""


def test_a_link_opens_the_public_conversation_and_takes_an_answer_without_any_session(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    say(world, incident)
    comment(incident, by=world.as_agent(), body="Third time this year", visibility="internal")
    stranger = Client()
    page = stranger.get(link_in(keeper))
    text = page.content.decode()
    assert "Is it switched on?" in text
    assert "Since noon." in text
    assert "Third time this year" not in text
    assert page.headers["X-Robots-Tag"].startswith("noindex")
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    sent = stranger.post(link_in(keeper), {"deed": "say", "body": "Yes, it is."})
    assert "Thank you, it is sent." in stranger.get(sent.headers["Location"]).content.decode()
    written = Comment.objects.get(body="Yes, it is.")
    assert (written.author_id, written.visibility, written.record_id) == (world.requester.pk, "public", incident.pk)
    assert "sessionid" not in stranger.cookies
    assert not [name for name in stranger.cookies if "session" in name]
    assert stranger.get(f"/cases/{incident.number}/").status_code == 302, "nobody is signed in by it"


def test_the_requester_confirms_by_it_and_nothing_else(world: World, incident: Incident, keeper: Keeper) -> None:
    category = closing_categories().first()
    assert category is not None
    incidents.resolve(incident, by=world.as_agent(), solution="A new fuser.", closing_category=category)
    run("notify.deliver", "mail.send")
    stranger, link = Client(), link_in(keeper)
    assert "A new fuser." in stranger.get(link).content.decode()
    stranger.post(link, {"deed": "reopen", "reason": "x"})
    incident.refresh_from_db()
    assert incident.state == "resolved"
    stranger.post(link, {"deed": "confirm"})
    incident.refresh_from_db()
    assert incident.state == "closed"
    assert "Your answer" not in stranger.get(link).content.decode()


def test_only_the_requesters_mails_carry_one(world: World, incident: Incident, keeper: Keeper) -> None:
    by = system("command")
    colleague = create_person(by=by, name="Wanda", email="wanda@acme.example", organisation=world.organisation)
    join_team(colleague, world.team, by=by)
    watch(incident, by=actor_for(colleague, door="page"))
    say(world, incident)
    carried = {message["To"]: link_in(keeper, at) != "" for at, message in enumerate(keeper.messages)}
    assert carried == {
        "Rita Requester <rita@acme.example>": True,
        "Wanda <wanda@acme.example>": False,
    }


def test_what_is_stored_opens_nothing(world: World, incident: Incident, keeper: Keeper) -> None:
    say(world, incident)
    link = SignedLink.objects.get()
    token = link_in(keeper).split("/")[2]
    stored = [str(value) for value in SignedLink.objects.values_list().get()]
    assert token not in stored
    for wrong in (link.digest, str(link.uuid), token[:-1], token + "x", token.lower(), "x"):
        assert Client().get(f"/letters/{wrong}/").status_code == 404


def test_it_is_good_for_14_days_after_the_last_mail(world: World, incident: Incident, keeper: Keeper) -> None:
    say(world, incident)
    first = link_in(keeper)
    ends = SignedLink.objects.get().expires
    assert abs(ends - timezone.now() - timedelta(days=14)) < timedelta(hours=1)
    SignedLink.objects.update(expires=timezone.now() + timedelta(minutes=1))
    say(world, incident)
    assert (link_in(keeper), SignedLink.objects.get().expires >= ends) == (first, True)
    SignedLink.objects.update(expires=timezone.now())
    assert Client().get(first).status_code == 404
    say(world, incident)
    assert link_in(keeper) != first
    assert (Client().get(first).status_code, Client().get(link_in(keeper)).status_code) == (404, 200)


@pytest.mark.parametrize("who", ["agent", "requester", "link", "program"])
def test_those_whom_it_concerns_revoke_it_and_the_next_mail_has_another(
    world: World, incident: Incident, keeper: Keeper, who: str
) -> None:
    say(world, incident)
    link = link_in(keeper)
    if who == "agent":
        page = signed_in(world.agent)
        assert (
            "can read and answer without signing in until"
            in page.get(f"/incidents/{incident.number}/mails/").content.decode()
        )
        page.post(f"/incidents/{incident.number}/mails/revoke-links/")
    elif who == "requester":
        page = signed_in(world.requester)
        assert "Make these links invalid" in page.get(f"/cases/{incident.number}/").content.decode()
        page.post(f"/cases/{incident.number}/revoke-links/")
    elif who == "link":
        Client().post(link, {"deed": "revoke"})
    else:
        token = create_token(world.requester, by=system("command"), name="test", scopes=None)[1]
        headers = {"Authorization": f"Bearer {token}"}
        answer = Client().delete(f"/api/v1/records/{incident.number}/mail-links", headers=headers)
        assert answer.status_code == 204
    assert Client().get(link).status_code == 404
    say(world, incident)
    assert Client().get(link_in(keeper)).status_code == 200
    assert link_in(keeper) != link


def test_a_stranger_revokes_nothing(world: World, incident: Incident, keeper: Keeper) -> None:
    say(world, incident)
    signed_in(world.stranger).post(f"/cases/{incident.number}/revoke-links/")
    signed_in(world.stranger).post(f"/incidents/{incident.number}/mails/revoke-links/")
    assert Client().get(link_in(keeper)).status_code == 200


def test_whoever_lost_the_case_or_left_opens_it_no_longer(world: World, incident: Incident, keeper: Keeper) -> None:
    say(world, incident)
    link = link_in(keeper)
    incidents.edit(incident, by=world.as_agent(), version=incident.version, values={"access": "internal"})
    assert Client().get(link).status_code == 404
    incidents.edit(incident, by=world.as_agent(), version=incident.version, values={"access": "public"})
    assert Client().get(link).status_code == 200
    deactivate(world.requester, by=system("command"), reason="Left")
    assert Client().get(link).status_code == 404


def test_an_empty_answer_comes_back_and_its_address_stands_in_no_log(
    world: World, incident: Incident, keeper: Keeper, caplog: pytest.LogCaptureFixture
) -> None:
    say(world, incident)
    token = link_in(keeper).split("/")[2]
    answer = Client().post(link_in(keeper), {"deed": "say", "body": " "})
    assert "Write something first." in answer.content.decode()
    assert token not in caplog.text


def test_trying_often_is_stopped(world: World, incident: Incident, keeper: Keeper) -> None:
    say(world, incident)
    answers = [Client().get("/letters/guess/").status_code for _ in range(61)]
    assert (set(answers[:60]), answers[60]) == ({404}, 429)
    assert Client().get(link_in(keeper)).status_code == 429


def test_administrators_can_do_without(world: World, incident: Incident, keeper: Keeper) -> None:
    change_setting(by=system("command"), key="mail.links", value=False)
    say(world, incident)
    assert (link_in(keeper), SignedLink.objects.exists()) == ("", False)
