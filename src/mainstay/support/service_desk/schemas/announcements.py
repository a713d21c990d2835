"""Announcements and planned outages, as the interface takes and shows them."""

from datetime import datetime
from typing import Annotated, Literal, cast

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.rest.schemas import WITHOUT_NUL, Body, Instant, Paging, Slug, closed
from mainstay.support.service_desk.models import Announcement
from mainstay.support.service_desk.queries.announcements import Coverage, may_change, state_of

SeverityName = Literal["info", "warning", "critical"]
StateName = Literal["coming", "running", "past"]
Title = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
Text = Annotated[str, Field(max_length=20_000, pattern=WITHOUT_NUL)]
Slugs = Annotated[list[Slug], Field(max_length=200)]


class AnnouncementFilter(Paging):
    """Which announcements: those that are coming, hold now, or are over or cancelled."""

    state: StateName | None = None


class NewAnnouncement(Body):
    """Something people are to know. It concerns `everybody`, or those of `organisations` and below, and of `teams`."""

    title: Title
    body: Text = ""
    severity: SeverityName = "info"
    outage: bool = False
    begins: Instant
    ends: Instant
    everybody: bool = False
    public: bool = False
    organisations: Slugs = []
    teams: Slugs = []


class AnnouncementChanges(Body):
    """Fields to change; what is left out stays. Other times are told to everybody again."""

    title: Title = ""
    body: Text = ""
    severity: SeverityName = "info"
    outage: bool = False
    begins: Instant | None = None
    ends: Instant | None = None
    everybody: bool = False
    public: bool = False
    organisations: Slugs = []
    teams: Slugs = []


class Cancelling(Body):
    """Why it does not take place; those who had heard of it read it."""

    reason: Annotated[str, Field(max_length=500, pattern=WITHOUT_NUL)] = ""


@closed
class AudienceShown(TypedDict):
    """Whom an announcement concerns: everybody, or the people of organisations and all below them, and of teams."""

    everybody: bool
    organisations: list[str]
    teams: list[str]


@closed
class AnnouncementShown(TypedDict):
    """An announcement. `audience` is null for those who may not change it."""

    id: str
    title: str
    body: str
    severity: SeverityName
    outage: bool
    begins: datetime
    ends: datetime
    state: Literal["coming", "running", "past", "cancelled"]
    reason: str
    public: bool
    version: int
    audience: AudienceShown | None


@closed
class CoverageShown(TypedDict):
    """How many of those whom it concerns now were told of its present time: `in_time` at least `hours` before."""

    people: int
    hours: int
    in_time: int
    later: int
    unwilling: int
    untold: int
    share: float | None


def announcement_shown(row: Announcement, actor: Actor) -> AnnouncementShown:
    """Return an announcement as the interface shows it to `actor`."""
    audience: AudienceShown | None = None
    if may_change(actor, row):
        audience = {
            "everybody": row.everybody,
            "organisations": [each.slug for each in row.organisations.all()],
            "teams": [each.slug for each in row.teams.all()],
        }
    return {
        "id": str(row.uuid),
        "title": row.title,
        "body": row.body,
        "severity": cast(SeverityName, row.severity),
        "outage": row.outage,
        "begins": row.begins,
        "ends": row.ends,
        "state": state_of(row),
        "reason": row.reason,
        "public": row.public,
        "version": row.version,
        "audience": audience,
    }


def coverage_shown(found: Coverage) -> CoverageShown:
    """Return how many were told as the interface shows it."""
    return {
        "people": found.people,
        "hours": found.hours,
        "in_time": found.in_time,
        "later": found.later,
        "unwilling": found.unwilling,
        "untold": found.untold,
        "share": found.share,
    }
