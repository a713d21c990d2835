"""What the interface takes and shows of contacts."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.queries import moves_for, reads_internal
from mainstay.kernel.records.schemas.case import CaseShown, case_shown, shape_of_move
from mainstay.kernel.rest.schemas import (
    WITHOUT_NUL,
    AttributeName,
    Body,
    Email,
    Line,
    Paging,
    PersonReference,
    Slug,
    Text,
    Value,
    Words,
    closed,
    person_reference,
)
from mainstay.support.service_desk.lifecycle import LIFECYCLE
from mainstay.support.service_desk.models import Broadcast, Checklist, Contact, Macro, Runbook
from mainstay.support.service_desk.queries.broadcasts import Progress
from mainstay.support.service_desk.queries.following import Progress as Following
from mainstay.support.service_desk.queries.guiding import Followed
from mainstay.support.service_desk.queries.macros import Plan

CallBack = Annotated[
    str, Field(max_length=200, pattern=WITHOUT_NUL, description="How the caller wants to be reached about it.")
]
Attributes = dict[AttributeName, Value]
Level = Annotated[int, Field(ge=1, le=3, description="1 (high), 2 (medium) or 3 (low).")]
SourceName = Literal["portal", "phone", "mail", "walk_in", "api"]
TypeName = Literal["case", "complaint"]
if TYPE_CHECKING:
    StateName = str
else:
    StateName = Literal[tuple(LIFECYCLE.states)]


class ContactFilter(Paging):
    """Which contacts, and in which order: `-` means descending."""

    state: StateName | None = None
    type: TypeName | None = None
    team: Slug | None = None
    owner: Slug | None = None
    sort: Literal["updated", "-updated", "opened", "-opened"] = "-updated"


class NewContact(Body):
    """A contact to take in. Without `requester` it is the caller's own."""

    title: Line
    description: Text = ""
    requester: Email | None = None
    source: SourceName = "api"
    type: TypeName = "case"
    category: Slug | None = None
    call_back: CallBack = ""
    attributes: Attributes = {}


class ContactChanges(Body):
    """Fields to change; what is left out stays. `category` null takes it away; another type gives another owner."""

    title: Line = ""
    description: Text = ""
    type: TypeName = "case"
    category: Slug | None = None
    call_back: CallBack = ""
    access: Literal["public", "internal", "confidential"] = "public"
    attributes: Attributes = {}


class AsIncident(Body):
    """What an incident has beyond the contact it was; impact and urgency give the priority."""

    impact: Level = 3
    urgency: Level = 3
    team: Slug | None = None
    category: Slug | None = None
    attributes: Attributes = {}


#: What the values are that a move takes, with an example of each.
VALUES: dict[str, Any] = {
    "team": Annotated[Slug, Field(examples=["desk"])],
    "person": Annotated[Email, Field(examples=["adam@acme.example"])],
    "reason": Words,
    "solution": Words,
}


def values_of(verb: str) -> type[Body]:
    """Return the shape of what a verb of the lifecycle takes."""
    return shape_of_move(LIFECYCLE, verb, f"{verb.title()}Contact", VALUES.__getitem__)


@closed
class ContactShown(CaseShown):
    """A contact; `owner` is the team that answers for it until it is closed."""

    type: str
    owner: str | None


def contact_shown(contact: Contact, actor: Actor) -> ContactShown:
    """Return a contact as `actor` may see it."""
    internal = reads_internal(actor, contact)
    return {
        **case_shown(contact, internal=internal, moves=moves_for(actor, contact)),
        "type": contact.type,
        "owner": contact.owner.slug if contact.owner else None,
    }


class NewBroadcast(Body):
    """One public message to the open children of `parent`, or to the cases with the numbers in `cases`."""

    body: Words
    parent: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z]+-[0-9]+$")] | None = None
    cases: Annotated[list[Annotated[str, Field(max_length=20)]], Field(max_length=500)] = []


@closed
class BroadcastShown(TypedDict):
    """A message to many cases, and how far it is at those that the caller works on."""

    id: str
    body: str
    author: str
    created: datetime
    total: int
    written: int
    left_out: int


def broadcast_shown(row: Broadcast, progress: Progress) -> BroadcastShown:
    """Return a message to many cases as the interface shows it."""
    return {
        "id": str(row.uuid),
        "body": row.body,
        "author": row.author.name,
        "created": row.created,
        "total": progress.total,
        "written": progress.written,
        "left_out": progress.left_out,
    }


@closed
class CannedAnswerShown(TypedDict):
    """A canned answer as it reads on a record, its places filled in for the caller."""

    slug: str
    name: str
    body: str


@closed
class CannedAnswersShown(TypedDict):
    """The canned answers that fit a record."""

    items: list[CannedAnswerShown]


@closed
class EffectShown(TypedDict):
    """One thing that a macro does, in words: a field before and after."""

    field: str
    before: str
    after: str


@closed
class MacroShown(TypedDict):
    """A macro, what it would do to a record, and every reason known beforehand why it cannot."""

    slug: str
    name: str
    effects: list[EffectShown]
    refusals: list[str]


@closed
class MacrosShown(TypedDict):
    """The macros that fit a record."""

    items: list[MacroShown]


def macro_shown(macro: Macro, planned: Plan) -> MacroShown:
    """Return a macro with its plan for one record."""
    effects: list[EffectShown] = [
        {"field": effect.label, "before": effect.before, "after": effect.after} for effect in planned.effects
    ]
    return {"slug": macro.slug, "name": macro.name, "effects": effects, "refusals": planned.refusals}


@closed
class NamedShown(TypedDict):
    """Something prepared, by its name."""

    slug: str
    name: str


@closed
class ChecklistsShown(TypedDict):
    """Checklists that fit a record."""

    items: list[NamedShown]


@closed
class StepShown(TypedDict):
    """A step that was taken in a runbook; `by` is null for the product itself."""

    question: str
    answer: str
    by: PersonReference | None
    at: datetime


@closed
class RunShown(TypedDict):
    """A runbook as it is followed: the steps taken, the question it has come to, and its answers; none at an end."""

    id: str
    name: str
    taken: list[StepShown]
    question: str
    answers: list[str]


@closed
class RunbooksShown(TypedDict):
    """The runbooks that fit a record, and those followed on it."""

    items: list[NamedShown]
    runs: list[RunShown]


Place = Annotated[int, Field(ge=0, le=100_000)]


class GivenAnswer(Body):
    """An answer by its place, from 0. With `step` it is refused unless just so many answers have been given."""

    step: Place | None = None
    answer: Place


class SplitOff(Body):
    """A case to be made of comments (their ids) of a record. Without `requester` it has that of the record."""

    comments: Annotated[list[Annotated[UUID, Field(strict=False)]], Field(min_length=1, max_length=100)]
    title: Line
    description: Text = ""
    kind: Literal["contact", "incident"] = "contact"
    requester: Email | None = None


class NewFollowers(Body):
    """The numbers of children and duplicates that are to follow."""

    records: Annotated[list[Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z]+-[0-9]+$")]], Field(min_length=1)]


@closed
class LeftOut(TypedDict):
    """A record that did not follow, and why."""

    record: str
    why: str


@closed
class FollowersShown(TypedDict):
    """What was done (`resolve` or `close`, null where nothing followed) with how many that the caller sees."""

    deed: str | None
    total: int
    done: int
    left_out: list[LeftOut]


def followers_shown(progress: Following | None) -> FollowersShown:
    """Return how far a following is, as the interface shows it."""
    if progress is None:
        return {"deed": None, "total": 0, "done": 0, "left_out": []}
    left_out: list[LeftOut] = [{"record": each.record.number, "why": each.why} for each in progress.left_out]
    return {
        "deed": progress.following.deed,
        "total": progress.total,
        "done": progress.done,
        "left_out": left_out,
    }


class TakenBack(Body):
    """With `step` it is refused unless just so many answers have been given."""

    step: Place | None = None


def named(rows: Sequence[Checklist | Runbook]) -> list[NamedShown]:
    """Return what something prepared is called."""
    return [{"slug": row.slug, "name": row.name} for row in rows]


def run_shown(each: Followed) -> RunShown:
    """Return a run as the interface shows it."""
    taken: list[StepShown] = [
        {"question": step.question, "answer": step.answer, "by": person_reference(step.person), "at": step.at}
        for step in each.taken
    ]
    return {
        "id": str(each.run.uuid),
        "name": each.run.name,
        "taken": taken,
        "question": each.question,
        "answers": each.answers,
    }
