"""The demo organisation with what its people add in time: files, links, views, tokens, second factors."""

import io
import json
import time
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.utils import timezone
from fido2 import webauthn
from fido2.cose import ES256

from mainstay.kernel.access.actions import change_setting, create_token
from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.models import Grant
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.accounts.actions import new_one_time_token
from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.automation.actions.replaying import try_rule
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.actions import handle, issue_link, take_in
from mainstay.kernel.mail.actions.mailboxes import note_failure
from mainstay.kernel.mail.announcements import announcements
from mainstay.kernel.mail.engine import read
from mainstay.kernel.mail.models import Delivery, FailingAddress, Mailbox
from mainstay.kernel.notify.actions import deliver
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.actions import (
    add_task,
    attach,
    call_for_news,
    comment,
    complete_task,
    link,
    log_work,
    promise,
    watch,
)
from mainstay.kernel.records.actions.scheduling import schedule_reply
from mainstay.kernel.records.actions.view import save_view
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.reports.actions import save_report
from mainstay.kernel.search.actions.learning import learn
from mainstay.kernel.web.documents.actions import order
from mainstay.site.demo import company, seed
from mainstay.site.demo.distributions import SIZES, Size
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.actions import major
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions as desk_actions
from mainstay.support.service_desk.actions import start_runbook
from mainstay.support.service_desk.models import Contact, FollowingTarget, Runbook, Telling

#: Enough for every list to go on on a second page.
SMALL = Size(250, 60, 250, 1.0)


@dataclass
class Stage:
    """What stands in the gaps of an address, and who is signed in by which cookies."""

    gaps: dict[str, str]
    passwords: dict[str, str]

    def cookies(self, actor: str) -> dict[str, str]:
        """Return the cookies of a browser in which somebody is signed in; of `newcomer`, half signed in."""
        client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
        email = f"{'manager' if actor == 'newcomer' else actor}@{company.DOMAIN}"
        if actor == "manager":  # who has a second factor
            client.force_login(person(actor))
        elif actor != "anonymous":
            client.post("/accounts/sign-in/", {"login": email, "password": self.passwords[email]})
        if actor in company.SIGN_INS:
            _confirm(client, email)
        return {name: morsel.value for name, morsel in client.cookies.items()}


def _confirm(client: Client, email: str) -> None:
    """Let somebody have given the password again just now, and for an hour to come: the crawl may take long."""
    session = client.session
    again = {"method": "password", "at": time.time() + 3600, "email": email, "reauthenticated": True}
    session["account_authentication_methods"] = [again]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def person(name: str) -> Person:
    return Person.objects.get(email=f"{name}@{company.DOMAIN}")


def acting(name: str) -> Actor:
    return actor_for(person(name), door="page")


def set_up() -> Stage:
    """Write the stage into the current database."""
    _fill_the_demo()
    agent, requester = acting("agent"), acting("requester")
    desk = Team.objects.get(slug=company.DESK)
    rule = {
        "name": "Printers to the desk",
        "condition": 'category == "hardware-printer" && source == "api"',
        "team": company.DESK,
        "assignee": "round_robin",
    }
    put(kinds()["incident-rules"], "printers", rule, by=acting("administrator"))
    complaint = {"name": "Complaints are called out", "condition": 'type == "complaint"', "call": company.DESK}
    put(kinds()["contact-rules"], "complaints", complaint, by=acting("administrator"))
    put(kinds()["skills"], "printing", {"name": "Printing", "categories": ["hardware"]}, by=acting("administrator"))
    same = {"words": ["laptop", "notebook"], "organisation": Organisation.objects.get(parent=None).slug}
    put(kinds()["synonyms"], "laptop", same, by=acting("administrator"))
    slow = {"name": "Low: within a working day", "priority": "4", "minutes": 480, "calendar": "office-hours"}
    put(kinds()["update-promises"], "low", slow, by=acting("administrator"))
    body = "Dear {{ caller }},\n\nwhich device is it about?\n\n{{ agent }}"
    values = {"name": "Ask for the device", "body": body}
    put(kinds()["canned-answers"], "which-device", values, by=acting("administrator"))
    values = {"name": "Ask the caller", "kind": "incident", "comment": body, "visibility": "public", "takes": True}
    values |= {"verb": "hold", "hold_reason": "caller"}
    put(kinds()["macros"], "ask-the-caller", values, by=acting("administrator"))
    values = {"name": "New device", "items": ["! Label it", "Hand it over"]}
    put(kinds()["checklists"], "new-device", values, by=acting("administrator"))
    text = "[light] Does it show a light?\n- Yes -> paper\n- No -> power\n[paper] Clear the paper.\n[power] Plug it in."
    values = {"name": "Silent printer", "category": "hardware-printer", "text": text}
    put(kinds()["runbooks"], "silent-printer", values, by=acting("administrator"))
    printer, solved, closed = _printer(agent, requester, desk), *_solved(agent, requester, desk)
    save_view(by=agent, kind="incident", name="My printers", query="state=in_progress&q=printer")
    save_view(by=agent, kind="incident", name="New at the desk", query="state=new", team=desk)
    create_token(agent.person, by=agent, name="Monitoring", scopes=["incident.read"])
    for key, value in (("mail.host", "mail.demo.example"), ("mail.sender", "desk@demo.example")):
        change_setting(by=acting("administrator"), key=key, value=value)
    for event in Event.objects.filter(record_id__in=[printer.pk, solved.pk], name__in=list(announcements)):
        deliver(event.pk)
    contact, complaint = _contacts(agent, requester)
    mailed, nobodys = _mails()
    _followed(solved, agent, requester)
    passkey = _second_factors(person("manager"))
    _sent(printer)
    _what_became(printer, agent)
    broadcast = desk_actions.broadcast(by=agent, body="The printers rest until noon.", cases=[printer, contact])
    for target in broadcast.targets.all()[:1]:
        desk_actions.write_to(target)
    gaps = {
        "number": printer.number,
        "solved": solved.number,
        "contact": contact.number,
        "complaint": complaint.number,
        "mailed": mailed,
        "nobodys": nobodys,
        "closed": closed.number,
        "major": _major(agent).number,
        "tried_incidents": _tried("incident", 'title.contains("print")'),
        "tried_contacts": _tried("contact", 'title.contains("no such words")'),
        "document": str(order(printer, by=agent, ending="pdf").uuid),
        "uuid": str(requester.person.uuid),
        "broadcast": str(broadcast.uuid),
        "announcement": _announced(),
        "letter": issue_link(printer.record_ptr, person("requester")),
        "letter_solved": issue_link(solved.record_ptr, person("requester")),
        "grant": str(Grant.objects.earliest("pk").uuid),
        "pk": str(passkey.pk),
        "token": new_one_time_token(OneTimeToken.Purpose.FIRST_ADMINISTRATOR),
        "new_password": new_one_time_token(OneTimeToken.Purpose.NEW_PASSWORD, person=agent.person),
    }
    return Stage(gaps, seed.passwords())


def _announced() -> str:
    """Plan an outage and announce something that holds now; return what stands for the first in addresses."""
    now, root = timezone.now(), Organisation.objects.get(parent=None)
    outage = desk_actions.announce(
        by=acting("manager"),
        title="No mail on Sunday evening",
        body="The disks of the mail server are renewed.\n\nMails that arrive meanwhile are kept.",
        severity="critical",
        outage=True,
        begins=now + timedelta(days=3),
        ends=now + timedelta(days=3, hours=4),
        organisations=[root],
    )
    slow = desk_actions.announce(
        by=acting("manager"),
        title="Printing in Leeds is slow today",
        severity="warning",
        begins=now - timedelta(minutes=5),
        ends=now + timedelta(hours=6),
        organisations=[root],
    )
    desk_actions.tell(slow.pk)
    Telling.objects.filter(announcement=slow).update(mail="failed", error="550 5.1.1 Recipient address rejected")
    return str(outage.uuid)


def _followed(solved: Incident, agent: Actor, requester: Actor) -> None:
    """Let a duplicate be chosen to follow what is solved, and be too late for that."""
    duplicate = actions.create(by=requester, title="The calendar of my team stays shut")
    link(duplicate, "duplicates", solved, by=agent)
    desk_actions.let_follow(solved, by=agent, records=[duplicate])
    actions.cancel(duplicate, by=agent, reason="It opened by itself.")
    for target in FollowingTarget.objects.filter(record=duplicate):
        desk_actions.follow(target)


def _fill_the_demo() -> None:
    size, SIZES["demo"] = SIZES["demo"], SMALL
    try:
        list(seed.fill("demo", now=timezone.now()))
    finally:
        SIZES["demo"] = size


def _what_became(printer: Incident, agent: Actor) -> None:
    """Let mail fail both ways, a runbook be followed, a report be kept and the words of the search be learnt."""
    FailingAddress.objects.create(person=person("requester"), address=person("requester").email, words="5.1.1 Unknown")
    note_failure(Mailbox.objects.earliest("pk"), "The server does not answer.")
    start_runbook(Runbook.objects.get(slug="silent-printer"), printer, by=agent)
    save_report(by=acting("manager"), name="Each month", report="volume", query="by=team", every="", form="csv")
    schedule_reply(printer.record_ptr, by=agent, body="We come tomorrow.", at=timezone.now() + timedelta(hours=8))
    while learn():
        continue


def _tried(kind: str, condition: str) -> str:
    """Return the address of a rule that was tried on past cases."""
    values = {"name": "Printers first", "position": 0, "occasions": ["created"], "condition": condition}
    found = {**values, "stops": False, "retired": False, "does": {"team": "service-desk"}}
    return str(try_rule(by=acting("administrator"), kind=kind, slug="first", values=found, number=200).uuid)


def _printer(agent: Actor, requester: Actor, desk: Team) -> Incident:
    """An incident on which there is everything that there can be."""
    incident = actions.create(
        by=requester,
        title="The printer beside the kitchen on the second floor prints every page twice",
        description="Since this morning, from every computer.\n\nThe manual: https://printer.example/manual",
        urgency=2,
        call_back="In the kitchen until noon, then 0341 5550100",
    )
    attach(incident, by=requester, name="two pages.txt", stream=io.BytesIO(b"The same page, two times."))
    actions.assign(incident, by=agent, team=desk, person=agent.person)
    actions.start(incident, by=agent)
    comment(incident, by=agent, body="Does it also do so when you print from the phone?")
    comment(incident, by=requester, body="Yes, from everywhere.")
    comment(incident, by=agent, body="The driver was renewed last night; I take it back.", visibility="internal")
    task = add_task(incident, by=agent, title="Take the new driver back", owner=agent.person, mandatory=True)
    complete_task(task, by=agent)
    add_task(incident, by=agent, title="Ask the maker when a better one comes")
    log_work(incident, by=agent, minutes=25, note="On the phone with the maker")
    watch(incident, by=acting("manager"))
    promise(incident, by=agent, at=timezone.now() + timedelta(hours=3))
    other = queries.visible_to(agent).filter(state_category="open").exclude(pk=incident.pk).earliest("pk")
    promise(other.record_ptr, by=agent, at=timezone.now() + timedelta(seconds=1))
    late = Record.objects.get(pk=other.pk)
    call_for_news(late, by=agent, now=timezone.now() + timedelta(minutes=1))
    link(incident, "relates_to", other.record_ptr, by=agent)
    incident.refresh_from_db()
    return incident


def _sent(incident: Incident) -> None:
    """Let mails have gone out, one of them in vain, and a text be written for the next."""
    words = {"subject": "Solved: {title}", "body": "Dear {reader},\n\n{sentence}\n\n{text}\n\n{following}"}
    about = {"event": "incident.resolved", "audience": "requester", "language": "en"}
    put(kinds()["mail-templates"], "incident.resolved.requester.en", {**about, **words}, by=acting("administrator"))
    first, *others = Delivery.objects.filter(record=incident).order_by("pk")
    values = {"subject": f"[{incident.number}] {incident.title}", "address": f"requester@{company.DOMAIN}"}
    Delivery.objects.filter(pk__in=[each.pk for each in others]).update(state="sent", sent=timezone.now(), **values)
    refused = "552 5.2.2 <requester@demo.example>: Recipient address rejected: mailbox is full"
    Delivery.objects.filter(pk=first.pk).update(state="failed", error=refused, **values)


def _mails() -> tuple[str, str]:
    """The number of a contact that a mail became, and a mail that became nothing, by its identifier."""
    values = {"name": "Desk", "address": "desk@demo.example", "organisation": company.ROOT, "language": "en"}
    put(kinds()["mailboxes"], "desk", values, by=acting("administrator"))
    mailbox, sender = Mailbox.objects.get(), f"From: requester@{company.DOMAIN}\nSubject: "
    first = take_in(mailbox, f"{sender}My screen flickers\n\nSince noon.".encode())
    handle(first.pk, read=read)
    first.refresh_from_db()
    assert first.record is not None
    answer = f"{sender}Re: [{first.record.number}]\n\nIt stopped.\n\n> Does it still?\n"
    nobodys = take_in(mailbox, b"Subject: Nobody wrote this\n\nHello.")
    for mail in (take_in(mailbox, answer.encode()), nobodys):
        handle(mail.pk, read=read)
    return first.record.number, str(nobodys.uuid)


def _contacts(agent: Actor, requester: Actor) -> tuple[Contact, Contact]:
    """A contact that somebody looks after, and a complaint that waits."""
    contact = desk_actions.create(by=requester, title="Where do I find the new travel form?", description="For Lyon.")
    desk_actions.start(contact, by=agent)
    comment(contact, by=agent, body="Which one do you mean?")
    add_task(contact, by=agent, title="Ask the travel office", owner=agent.person)
    complaint = desk_actions.create(by=requester, title="Nobody called me back for a week", type="complaint")
    return contact, complaint


def _solved(agent: Actor, requester: Actor, desk: Team) -> tuple[Incident, Incident]:
    """An incident whose solution waits for the requester, and one that is closed."""
    made = []
    for title in ("I cannot open the shared calendar of my team", "The second screen stays dark"):
        incident = actions.create(by=requester, title=title)
        actions.assign(incident, by=agent, team=desk, person=agent.person)
        actions.start(incident, by=agent)
        category = Category.objects.get(slug=queries.closing_categories().earliest("pk").slug)
        actions.resolve(incident, by=agent, solution="It works again: please try.", closing_category=category)
        made.append(incident)
    solved, closed = made
    actions.close(closed, by=requester)
    desk_actions.rate(closed, by=requester, score=2, words="It took a week, and nobody told me why.")
    return solved, closed


def _second_factors(owner: Person) -> Authenticator:
    """Let somebody have an app, recovery codes and a passkey; answer the passkey."""
    TOTP.activate(owner, generate_totp_secret())
    RecoveryCodes.activate(owner)
    kind = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=owner, type=kind, data={"name": "Phone", "credential": _credential()})


def _credential() -> dict[str, Any]:
    """What a device answers when a passkey is made."""
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    flags = webauthn.AuthenticatorData.FLAG.UP | webauthn.AuthenticatorData.FLAG.AT
    key = webauthn.AttestedCredentialData.create(bytes(16), b"phone", ES256.from_cryptography_key(public))
    data = webauthn.AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, key)
    answer = webauthn.AuthenticatorAttestationResponse(
        client_data=webauthn.CollectedClientData.create("webauthn.create", b"challenge", "http://localhost"),
        attestation_object=webauthn.AttestationObject.create("none", data, {}),
    )
    return json.loads(json.dumps(dict(webauthn.RegistrationResponse(raw_id=b"phone", response=answer))))


def _major(agent: Actor) -> Incident:
    """A major incident that is led now, with a plan and a linked case."""
    incident = actions.create(by=agent, title="No mail reaches anybody in Leeds", requester=agent.person)
    child = actions.create(by=agent, title="My mail does not come", requester=person("requester"))
    link(incident, "parent_of", child, by=agent)
    manager = acting("manager")
    found = actions.propose_major(incident, by=agent, reason="Twelve calls within ten minutes")
    major.accept(
        found, by=manager, leader=person("manager"), speaker=person("agent"), reason="The whole site is without"
    )
    add_task(incident, by=agent, title="Tell the site how it stands, every 30 minutes", owner=agent.person)
    comment(incident, by=agent, body="We know of it and are moving the mail store.")
    return incident
