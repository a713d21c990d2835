"""Links, tasks and working time, as the interface takes and shows them."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Link, Task, WorkLog
from mainstay.kernel.rest.schemas import (
    WITHOUT_NUL,
    Body,
    Email,
    Instant,
    Line,
    PersonReference,
    Slug,
    closed,
    person_reference,
)

if TYPE_CHECKING:
    LinkKindName = str
else:
    LinkKindName = Literal[tuple(LINK_KINDS)]


class NewLink(Body):
    """A link from the record to another: `kind` reads from this one to `target`."""

    kind: LinkKindName
    target: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z]+-[0-9]+$")]


class Merged(Body):
    """Another record that is to go on as part of this one, by its present number."""

    record: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z]+-[0-9]+$")]


class NewTask(Body):
    """A task; `owner` is a person's e-mail address, `team` a team's slug."""

    title: Line
    owner: Email | None = None
    team: Slug | None = None
    due: Instant | None = None
    mandatory: bool = False


class NewWork(Body):
    """Working time; negative minutes correct an earlier entry."""

    minutes: Annotated[int, Field(ge=-1440, le=1440)]
    note: Annotated[str, Field(max_length=500, pattern=WITHOUT_NUL)] = ""
    worked: Instant | None = None


class NextUpdate(Body):
    """By when the requester hears next; null takes the promise back."""

    next_update: Instant | None


class Aside(Body):
    """Until when a record is put aside; null until somebody writes."""

    until: Instant | None = None


@closed
class LinkShown(TypedDict):
    """A link as it reads from one of its ends to the record `other`; `outward` tells which end that is."""

    id: str
    kind: str
    outward: bool
    other: str
    other_title: str


def link_shown(link: Link, here: Collection[int]) -> LinkShown:
    """Return a link as it reads from a record: from `here`, its id and those of what was merged into it."""
    outward = link.source_id in here
    other = link.target if outward else link.source
    return {
        "id": str(link.uuid),
        "kind": link.kind,
        "outward": outward,
        "other": other.number,
        "other_title": other.title,
    }


@closed
class TaskShown(TypedDict):
    """A task and, once it is done, when and by whom."""

    id: str
    title: str
    owner: PersonReference | None
    team: str | None
    due: datetime | None
    mandatory: bool
    done: datetime | None
    done_by: str | None


def task_shown(task: Task) -> TaskShown:
    """Return a task as the interface shows it."""
    return {
        "id": str(task.uuid),
        "title": task.title,
        "owner": person_reference(task.owner),
        "team": task.team.slug if task.team else None,
        "due": task.due,
        "mandatory": task.mandatory,
        "done": task.done,
        "done_by": task.done_by.name if task.done_by else None,
    }


@closed
class WorkShown(TypedDict):
    """Working time that somebody spent."""

    id: str
    person: str
    minutes: int
    note: str
    worked: datetime


def work_shown(entry: WorkLog) -> WorkShown:
    """Return an entry of the work log as the interface shows it."""
    return {
        "id": str(entry.uuid),
        "person": entry.person.name,
        "minutes": entry.minutes,
        "note": entry.note,
        "worked": entry.worked,
    }
