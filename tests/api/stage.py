"""A stage for whoever tries every operation: records in every state, and what hangs on them."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from mainstay.kernel.access.actions import create_token, give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.automation.actions.replaying import try_rule
from mainstay.kernel.automation.models import Replay
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.people.actions import create_team, take_leave
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.actions import (
    add_task,
    attach,
    comment,
    complete_task,
    link,
    log_work,
    merge,
    schedule_reply,
)
from mainstay.kernel.records.models import Category, ScheduledReply
from mainstay.kernel.web.documents.actions import order
from mainstay.kernel.web.models import OrderedDocument
from mainstay.kernel.web.tasks import make_document
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.actions import major
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions as desk
from mainstay.support.service_desk.lifecycle import LIFECYCLE as CONTACTS
from mainstay.support.service_desk.models import Contact, Runbook
from tests.world import World, build

#: How a verb's first state is reached from a new record.
PATHS = {
    "resume": ("hold",),
    "reopen": ("resolve",),
    "close": ("resolve",),
    "follow_up": ("cancel",),
}


@dataclass
class Stage:
    """Numbers to call each operation with, by its id; one record with everything on it; and a token that may do all."""

    token: str
    numbers: dict[str, list[str]]
    number: str
    other: str
    comment: str
    attachment: str
    link: str
    links_to_remove: list[str]
    #: Numbers of contacts to merge into it, and of others that are merged into it already.
    to_merge: list[str]
    merged: list[str]
    #: Replies that wait to be sent, to be shown and changed, and to be taken back.
    reply: str
    replies: list[str]
    #: Numbers of cases that were split off from it.
    splits: list[str]
    absences: list[str]
    open_task: str
    done_task: str
    entry: str
    mail: str
    broadcast: str
    #: What macro, checklist and runbook are called.
    prepared: str
    run: str
    document: str
    announcement: str
    to_cancel: str
    #: A rule that was tried.
    replay: str


def set_up(each: int) -> Stage:
    """Write a world in which an agent may do everything, with `each` records for every verb."""
    world = build()
    for role in ("manager", "administrator"):
        give(Role.objects.get(slug=role), by=system(), organisation=world.organisation, person=world.agent)
    second = create_team(by=system(), slug="second", name="Second line", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=system(), organisation=world.organisation, team=second)
    actor = actor_for(world.agent, door="api")
    numbers = {
        f"{verb}_incident": [_in_state(world, actor, verb).number for _ in range(each)] for verb in LIFECYCLE.verbs
    }
    for verb in (*CONTACTS.verbs, "convert"):
        name = "turn_into_incident" if verb == "convert" else f"{verb}_contact"
        numbers[name] = [_contact_for(world, actor, verb).number for _ in range(each)]
    numbers |= {name: [_contact_for(world, actor, "").number] for name in ("get_contact", "edit_contact")}
    numbers["rate"] = numbers["get_rating"] = [_rated(actor).number]
    numbers["follow_up"] = [_in_state(world, actor, "follow_up").number]
    numbers |= {
        f"{step}_major": [_major(world, actor, stage).number for _ in range(each)]
        for step, stage in {
            **dict.fromkeys(("get", "accept", "reject"), "candidate"),
            **dict.fromkeys(("appoint", "end"), "accepted"),
            "review": "ended",
        }.items()
    }
    numbers["propose_major"] = [_in_state(world, actor, "start").number for _ in range(each)]
    numbers["get_major_report"] = numbers["get_major"]
    furnished = _furnished(actor)
    numbers["let_follow"] = [_followed(world, actor, furnished["other"]).number]
    numbers["get_followers"] = numbers["let_follow"]
    return Stage(
        numbers=numbers,
        token=create_token(world.agent, by=actor, name="stage")[1],
        **furnished,
    )


def _followed(world: World, actor: Actor, other: str) -> Incident:
    """Return a resolved incident that another, which duplicates it, follows."""
    resolved, duplicate = _in_state(world, actor, "reopen"), Incident.objects.get(number=other)
    link(duplicate, "duplicates", resolved, by=actor)
    desk.let_follow(resolved, by=actor, records=[duplicate])
    return resolved


_titles = count(1)


def _in_state(world: World, actor: Actor, verb: str) -> Incident:
    incident = actions.create(by=actor, title=f"Record {next(_titles)}", requester=world.requester)
    category = Category.objects.get(slug="other")
    values = {
        "hold": {"reason": queries.hold_reasons()[0]},
        "resolve": {"solution": "Done.", "closing_category": category},
        "cancel": {"reason": "Not needed."},
    }
    for step in PATHS.get(verb, ()):
        actions.MOVES[step](incident, by=actor, **values[step])
    return incident


def _rated(actor: Actor) -> Incident:
    """Return an incident that is solved and whose requester, the actor, was satisfied with it."""
    incident = actions.create(by=actor, title=f"Record {next(_titles)}")
    actions.resolve(incident, by=actor, solution="Done.", closing_category=Category.objects.get(slug="other"))
    desk.rate(incident, by=actor, score=5)
    return incident


def _contact_for(world: World, actor: Actor, verb: str) -> Contact:
    """Return a contact on which the verb can be used."""
    contact = desk.create(by=actor, title=f"Contact {next(_titles)}", requester=world.requester)
    if verb in ("reopen", "close"):
        desk.answer(contact, by=actor, solution="Done.")
    return contact


def _absence(actor: Actor, year: int) -> str:
    begins = datetime(year, 1, 1, tzinfo=UTC)
    assert actor.person is not None
    return str(take_leave(actor.person, by=actor, begins=begins, ends=begins + timedelta(days=1)).uuid)


def _replay(actor: Actor) -> Replay:
    values = {"name": "Tried", "position": 0, "occasions": ["created"], "condition": "", "stops": False}
    found = {**values, "retired": False, "does": {"team": "desk"}}
    return try_rule(by=actor, kind="incident", slug="tried", values=found, number=5)


def _furnished(actor: Actor) -> dict[str, Any]:
    record, other, *others = (actions.create(by=actor, title=f"Furnished {number}") for number in range(12))
    task, done = (add_task(record, by=actor, title=title) for title in ("To do", "Done"))
    complete_task(done, by=actor)
    to_merge, merged = ([desk.create(by=actor, title=f"Same {number}") for number in range(12)] for _ in range(2))
    for each in merged:
        merge(each, record, by=actor)
    said = comment(record, by=actor, body="Hello", visibility="public")
    return {
        "number": record.number,
        "other": other.number,
        "comment": str(said.uuid),
        "attachment": str(attach(record, by=actor, name="note.txt", stream=io.BytesIO(b"Hello")).uuid),
        "link": str(link(record, "relates_to", other, by=actor).uuid),
        "links_to_remove": [
            str(link(record, kind, linked, by=actor).uuid) for kind in ("causes", "duplicates") for linked in others
        ],
        "replay": str(_replay(actor).uuid),
        "to_merge": [each.number for each in to_merge],
        "reply": str(_reply(record, actor).uuid),
        "replies": [str(_reply(record, actor).uuid) for _ in range(12)],
        "splits": [desk.split(record, by=actor, comments=[said], title="A part").number for _ in range(12)],
        "absences": [_absence(actor, year) for year in range(2040, 2052)],
        "merged": [each.number for each in merged],
        "open_task": str(task.uuid),
        "done_task": str(done.uuid),
        "entry": str(log_work(record, by=actor, minutes=5).uuid),
        "document": str(_document(record, actor).uuid),
        "announcement": _announcement(actor),
        "to_cancel": _announcement(actor),
        "mail": _mailed(record, actor),
        "broadcast": str(desk.broadcast(by=actor, body="Hello", cases=[other]).uuid),
        **_prepared(record, actor),
    }


def _reply(record: Incident, actor: Actor) -> ScheduledReply:
    return schedule_reply(record, by=actor, body="Hello", at=timezone.now() + timedelta(days=1))


def _mailed(record: Incident, actor: Actor) -> str:
    """Write a mail that could not be sent about a record; return its identifier."""
    event = Event.objects.filter(record_id=record.pk).earliest("pk")
    assert actor.person is not None
    row = Delivery(event_id=event.pk, record=record, person=actor.person, state="failed", error="550 no such user")
    row.save(force_insert=True)
    return str(row.uuid)


def _prepared(record: Incident, actor: Actor) -> dict[str, str]:
    """Prepare what can be used again and again, and follow a runbook that has no end."""
    macro = {"name": "Macro", "kind": "incident", "comment": "About {{ number }}"}
    put(kinds()["macros"], "prepared", macro, by=actor)
    put(kinds()["canned-answers"], "prepared", {"name": "Answer", "body": "About {{ number }}"}, by=actor)
    put(kinds()["checklists"], "prepared", {"name": "Checklist", "items": ["Look"]}, by=actor)
    put(kinds()["runbooks"], "prepared", {"name": "Runbook", "text": "[again] Again?\n- Yes -> again"}, by=actor)
    run = desk.start_runbook(Runbook.objects.get(), record, by=actor)
    return {"prepared": "prepared", "run": str(run.uuid)}


def _announcement(actor: Actor) -> str:
    """Announce something for years to come; return its identifier."""
    assert actor.person is not None
    begins = datetime(2040, 1, 1, tzinfo=UTC)
    row = desk.announce(
        by=actor,
        title="Outage",
        outage=True,
        begins=begins,
        ends=begins + timedelta(days=36_500),
        organisations=[actor.person.organisation],
    )
    return str(row.uuid)


def _document(record: Incident, actor: Actor) -> OrderedDocument:
    """Return the document of a record, ordered and made."""
    document = order(record, by=actor, ending="pdf")
    make_document(document.pk)
    return document


def _major(world: World, actor: Actor, stage: str) -> Incident:
    """Return an incident that is a major one at this stage."""
    incident = _in_state(world, actor, "start")
    found = actions.propose_major(incident, by=actor, reason="Many call.")
    if stage != "candidate":
        major.accept(found, by=actor, leader=world.agent)
    if stage == "ended":
        major.end(found, by=actor, reason="Restored.")
    return incident
