"""What the interface takes and shows of incidents."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.queries import moves_for, reads_internal
from mainstay.kernel.records.schemas.case import CaseShown, case_shown, shape_of_move
from mainstay.kernel.rest.schemas import (
    WITH_WORDS,
    WITHOUT_NUL,
    AttributeName,
    Body,
    Email,
    Instant,
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
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import LEARNT, HoldReason, Incident, MajorIncident
from mainstay.support.incidents.queries.major import reach

Level = Annotated[int, Field(ge=1, le=3, description="1 (high), 2 (medium) or 3 (low).")]
Priority = Annotated[int, Field(ge=1, le=5, description="1 (critical) to 5 (planning).")]
CallBack = Annotated[
    str, Field(max_length=200, pattern=WITHOUT_NUL, description="How the caller wants to be reached about it.")
]
Attributes = dict[AttributeName, Value]
if TYPE_CHECKING:
    StateName = str
else:
    StateName = Literal[tuple(LIFECYCLE.states)]


class IncidentFilter(Paging):
    """Which incidents, and in which order: `-` means descending."""

    state: StateName | None = None
    team: Slug | None = None
    priority: Priority | None = None
    sort: Literal["updated", "-updated", "opened", "-opened", "priority", "-priority", "number", "-number"] = "-updated"


class NewIncident(Body):
    """An incident to open. Without `requester` it is the caller's own; impact and urgency give the priority."""

    title: Line
    description: Text = ""
    impact: Level = 3
    urgency: Level = 3
    requester: Email | None = None
    team: Slug | None = None
    category: Slug | None = None
    call_back: CallBack = ""
    attributes: Attributes = {}


class IncidentChanges(Body):
    """Fields to change; what is left out stays. `category` null takes it away."""

    title: Line = ""
    description: Text = ""
    impact: Level = 3
    urgency: Level = 3
    category: Slug | None = None
    call_back: CallBack = ""
    access: Literal["public", "internal", "confidential"] = "public"
    attributes: Attributes = {}


class PriorityOverride(Body):
    """A priority that differs from the matrix, and why."""

    priority: Priority
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=WITH_WORDS)]


class FollowUp(Body):
    """Why a closed incident needs a new one."""

    reason: Words


#: What the values are that a move takes, with an example of each; a verb may mean something else by a name.
VALUES: dict[str, Any] = {
    "team": Annotated[Slug, Field(examples=["desk"])],
    "person": Annotated[Email, Field(examples=["adam@acme.example"])],
    "until": Annotated[Instant, Field(examples=["2099-12-31T08:00:00Z"])],
    "reason": Words,
    "solution": Words,
    "closing_category": Annotated[Slug, Field(examples=["other"])],
}
VALUES_OF_VERB: dict[tuple[str, str], Any] = {("hold", "reason"): Annotated[Slug, Field(examples=["vendor"])]}


def values_of(verb: str) -> type[Body]:
    """Return the shape of what a verb of the lifecycle takes."""
    return shape_of_move(
        LIFECYCLE, verb, f"{verb.title()}Values", lambda name: VALUES_OF_VERB.get((verb, name), VALUES[name])
    )


@closed
class IncidentShown(CaseShown):
    """An incident. Fields of the internal side are null for those who see only the public one."""

    impact: int
    urgency: int
    priority_reason: str | None
    closing_category: str | None
    hold_reason: str | None
    resume_at: datetime | None


def incident_shown(incident: Incident, actor: Actor) -> IncidentShown:
    """Return an incident as `actor` may see it."""
    internal = reads_internal(actor, incident)
    return {
        **case_shown(incident, internal=internal, moves=moves_for(actor, incident)),
        "impact": incident.impact,
        "urgency": incident.urgency,
        "priority_reason": incident.priority_reason if internal else None,
        "closing_category": incident.closing_category.slug if internal and incident.closing_category else None,
        "hold_reason": incident.hold_reason.slug if incident.hold_reason else None,
        "resume_at": incident.resume_at,
    }


@closed
class HoldReasonShown(TypedDict):
    """A reason to put an incident on hold; `requester_label` is what its requester reads meanwhile."""

    slug: str
    name: str
    requester_label: str


def hold_reason_shown(reason: HoldReason) -> HoldReasonShown:
    """Return a reason as the interface shows it."""
    return {"slug": reason.slug, "name": reason.name, "requester_label": reason.requester_label}


class MajorReason(Body):
    """Why; of an end, how it was restored."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=WITH_WORDS)]


class MajorLead(Body):
    """Who leads; without `speaker` the same person tells people about it."""

    leader: Email
    speaker: Email | None = None


#: The action takes out what no text holds; a pattern here would make good examples of three texts hard to find.
Learnt = Annotated[str, Field(max_length=LEARNT)]


class MajorReview(Body):
    """What was learnt."""

    causes: Annotated[str, Field(min_length=1, max_length=LEARNT)]
    went_well: Learnt = ""
    to_improve: Learnt = ""


@closed
class MajorShown(TypedDict):
    """An incident handled as a major one. `linked_cases` and `people_affected` count what the caller may see."""

    number: str
    stage: str
    proposed: datetime
    proposal: str
    decided: datetime | None
    decision: str
    leader: PersonReference | None
    speaker: PersonReference | None
    ended: datetime | None
    outcome: str
    reviewed: datetime | None
    causes: str
    went_well: str
    to_improve: str
    linked_cases: int
    people_affected: int


def major_shown(major: MajorIncident, actor: Actor) -> MajorShown:
    """Return a major incident as the interface shows it."""
    reached = reach(actor, major.incident)
    return {
        "number": major.incident.number,
        "stage": major.stage,
        "proposed": major.proposed,
        "proposal": major.proposal,
        "decided": major.decided,
        "decision": major.decision,
        "leader": person_reference(major.leader),
        "speaker": person_reference(major.speaker),
        "ended": major.ended,
        "outcome": major.outcome,
        "reviewed": major.reviewed,
        "causes": major.causes,
        "went_well": major.went_well,
        "to_improve": major.to_improve,
        "linked_cases": len(reached.children),
        "people_affected": reached.people,
    }
