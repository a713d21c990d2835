"""What happened on a record, as an actor may see it: events, with the words of the comments among them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.records.models import Attachment, Category, Comment, Record
from mainstay.kernel.records.queries import reads_internal

#: Changed fields whose values are ids, and whose names they stand for.
NAMED = {"team": Team, "assignee": Person, "requester": Person, "category": Category, "closing_category": Category}
#: All that those who see only the public part learn of a change.
PUBLIC_FIELDS = ("state",)


@dataclass(frozen=True)
class Entry:
    """One entry of a timeline. `body` is a comment's text; `changes` maps a field to its old and new value."""

    id: UUID
    event: str
    occurred: datetime
    author: Person | None
    door: str
    public: bool
    reason: str = ""
    body: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Position:
    """Where a page of a timeline ends: pass it on to get the next."""

    occurred: datetime
    id: int


def timeline(
    actor: Actor, record: Record, *, limit: int = 100, after: Position | None = None, newest_first: bool = False
) -> tuple[list[Entry], Position | None]:
    """Return up to `limit` entries of a record that `actor` may see, and where the next page begins, if any.

    The caller has found `record` through `visible_to`. Four queries at most, whatever the length.
    """
    internal = reads_internal(actor, record)
    events = Event.objects.filter(record_id=record.pk)
    if not internal:
        events = events.filter(public=True)
    if after is not None:
        beyond = "lt" if newest_first else "gt"
        events = events.filter(
            Q(**{f"occurred__{beyond}": after.occurred}) | Q(occurred=after.occurred, **{f"id__{beyond}": after.id})
        )
    order = ("-occurred", "-id") if newest_first else ("occurred", "id")
    rows = list(events.order_by(*order)[: limit + 1])
    more, rows = rows[limit:], rows[:limit]
    entries = _entries(rows, internal)
    return entries, Position(rows[-1].occurred, rows[-1].id) if more else None


def _entries(rows: list[Event], internal: bool) -> list[Entry]:
    comments = Comment.objects.prefetch_related("attachments").in_bulk(
        [row.data["comment"] for row in rows if "comment" in row.data]
    )
    names = _names(rows) if internal else {}
    people = Person.objects.in_bulk({row.actor_id for row in rows if row.actor_id is not None})
    return [_entry(row, comments.get(row.data.get("comment")), people, names, internal) for row in rows]


def _entry(
    row: Event, comment: Comment | None, people: dict[int, Person], names: dict[tuple[str, int], str], internal: bool
) -> Entry:
    changes = {
        name: [names.get((name, value), value) for value in values] if values else values
        for name, values in row.changes.items()
        if internal or name in PUBLIC_FIELDS
    }
    return Entry(
        id=row.uuid,
        event=row.name.partition(".")[2],
        occurred=row.occurred,
        author=people.get(row.actor_id) if row.actor_id is not None else None,
        door=row.door,
        public=row.public,
        reason=row.reason,
        body=comment.body if comment else None,
        changes=changes,
        data=row.data if internal else {},
        attachments=tuple(comment.attachments.all()) if comment else (),
    )


def _names(rows: list[Event]) -> dict[tuple[str, int], str]:
    """Return the names behind the ids of changed fields, one query for each kind of thing."""
    wanted: dict[str, set[int]] = {name: set() for name in NAMED}
    for row in rows:
        for name in NAMED.keys() & row.changes.keys():
            wanted[name].update(value for value in row.changes[name] or () if isinstance(value, int))
    return {
        (name, key): str(found)
        for name, model in NAMED.items()
        if wanted[name]
        for key, found in model._default_manager.in_bulk(wanted[name]).items()
    }
