"""What happened on a record, as an actor may see it: events, with the words of the comments among them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Exists, Model, OuterRef, Q, QuerySet

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.statements import Statement
from mainstay.kernel.records.merged import Parts, parts_of
from mainstay.kernel.records.models import Attachment, Category, Comment, Excerpt, Record
from mainstay.kernel.records.queries import visible_to

Thing = TypeVar("Thing", bound=Model)

#: Changed fields whose values are ids, and whose names they stand for.
NAMED: dict[str, type[Model]] = {
    "team": Team,
    "owner": Team,
    "assignee": Person,
    "requester": Person,
    "category": Category,
    "closing_category": Category,
}
FILES = Attachment.objects.filter(comment_id=OuterRef("pk"))
EXCERPTS = Excerpt.objects.filter(comment_id=OuterRef("pk")).order_by("record_id")
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
    #: The kind of record that it was then.
    kind: str = ""
    #: The record (id) that it happened to, and its number where that is one merged into the record asked for.
    record: int = 0
    number: str = ""
    #: The person that it was escalated to.
    whom: Person | None = None
    #: The numbers of the records that a comment was split off into.
    goes_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Position:
    """Where a page of a timeline ends: pass it on to get the next."""

    occurred: datetime
    id: int


def timeline(
    actor: Actor,
    record: Record,
    *,
    limit: int = 100,
    after: Position | None = None,
    newest_first: bool = False,
    parts: Parts | None = None,
) -> tuple[list[Entry], Position | None]:
    """Return up to `limit` entries of a record that `actor` may see, and where the next page begins, if any.

    What happened to those merged into it is among them, as far as the actor may see each of those; `parts` says so
    where it is known already.

    The caller has found `record` through `visible_to`. Six queries at most, whatever the length.
    """
    parts = parts or parts_of(actor, record)
    if after is None and parts.ids == (record.pk,) and not parts.taken:
        rows = _end(newest_first, bool(parts.whole), limit + 1)(record=record.pk)
    else:
        events = _in_order(Event.objects.filter(_known(parts)), newest_first)
        rows = list((_beyond(after, events, newest_first) if after else events)[: limit + 1])
    more, rows = rows[limit:], rows[:limit]
    entries = _entries(actor, rows, parts)
    return entries, Position(rows[-1].occurred, rows[-1].id) if more else None


def is_longer(actor: Actor, record: Record, most: int) -> bool:
    """Return whether the timeline has more than `most` entries that `actor` may see, counting no further."""
    return Event.objects.filter(_known(parts_of(actor, record)))[: most + 1].count() > most


def _events(record: Any, newest_first: bool, internal: bool) -> QuerySet[Event]:
    events = _in_order(Event.objects.filter(record_id=record), newest_first)
    return events if internal else events.filter(public=True)


def _in_order(events: QuerySet[Event], newest_first: bool) -> QuerySet[Event]:
    return events.order_by(*(("-occurred", "-id") if newest_first else ("occurred", "id")))


def _known(parts: Parts) -> Q:
    seen = Q(record_id__in=parts.whole) | Q(record_id__in=parts.public, public=True)
    # What was passed on to the callers of the merged ones stands here already.
    seen &= ~Q(record_id__in=list(parts.numbers), data__has_key="relayed")
    return seen | Q(pk__in=list(parts.taken.values())) if parts.taken else seen


def _beyond(place: Position, events: QuerySet[Event], newest_first: bool) -> QuerySet[Event]:
    beyond = "lt" if newest_first else "gt"
    return events.filter(
        Q(**{f"occurred__{beyond}": place.occurred}) | Q(occurred=place.occurred, **{f"id__{beyond}": place.id})
    )


def _entries(actor: Actor, rows: list[Event], parts: Parts) -> list[Entry]:
    said = [row.data["comment"] for row in rows if "comment" in row.data]
    comments = list(_comments(ids=said)) if said else []
    with_files = [key for key, _body, has_files, _excerpts in comments if has_files]
    files: dict[int | None, tuple[Attachment, ...]] = defaultdict(tuple)
    for file in _attachments(comments=with_files) if with_files else ():
        files[file.comment_id] += (file,)
    named = _named([row for row in rows if row.record_id in parts.whole])
    authors = {row.actor_id for row in rows if row.actor_id is not None}
    whom = {row.data["to"] for row in rows if "to" in row.data}
    people = _found(Person, authors | whom | named.pop(Person, set()))
    things = {Person: people} | {model: _found(model, keys) for model, keys in named.items()}
    bodies = {key: body for key, body, _has_files, _excerpts in comments}
    going_on = _going_on(actor, {key: excerpts for key, _body, _has_files, excerpts in comments if excerpts}, parts)
    return [_entry(row, bodies, files, things, parts, going_on) for row in rows]


def _going_on(actor: Actor, excerpts: Mapping[int, list[int]], parts: Parts) -> dict[int, tuple[str, ...]]:
    """Return the numbers of the other records that comments (ids) were split off into, if the actor sees those."""
    wanted = {key for keys in excerpts.values() for key in keys if key not in parts.ids}
    numbers = dict(visible_to(actor).filter(pk__in=wanted).values_list("pk", "number")) if wanted else {}
    return {comment: tuple(numbers[key] for key in keys if key in numbers) for comment, keys in excerpts.items()}


def _found(model: type[Thing], keys: Collection[int]) -> dict[int, Thing]:
    return {row.pk: row for row in _by_ids(model)(ids=list(keys))} if keys else {}


def _entry(
    row: Event,
    bodies: Mapping[int, str],
    files: Mapping[int | None, tuple[Attachment, ...]],
    things: Mapping[type[Model], Mapping[int, Any]],
    parts: Parts,
    going_on: Mapping[int, tuple[str, ...]],
) -> Entry:
    internal, record = row.record_id in parts.whole, row.record_id or 0
    changes = {
        name: [_name(things, name, value) for value in values] if values else values
        for name, values in row.changes.items()
        if internal or name in PUBLIC_FIELDS
    }
    return Entry(
        id=row.uuid,
        event=row.name.partition(".")[2],
        kind=row.name.partition(".")[0],
        occurred=row.occurred,
        author=things[Person].get(row.actor_id) if row.actor_id is not None else None,
        door=row.door,
        public=row.public,
        # The reason of a rule is its name, which administrators chose for themselves.
        reason=row.reason if internal or row.door != "rule" else "",
        body=bodies.get(row.data.get("comment", 0)),
        changes=changes,
        data=row.data if internal else {},
        attachments=files.get(row.data.get("comment"), ()),
        record=record,
        number=parts.numbers.get(record) or parts.origins.get(record, ""),
        whom=things[Person].get(row.data.get("to", 0)) if internal else None,
        goes_on=going_on.get(row.data.get("comment", 0), ()),
    )


def _name(things: Mapping[type[Model], Mapping[int, Any]], field: str, value: Any) -> Any:
    """Return the name behind the id in a changed field; any other value as it is."""
    found = things[NAMED[field]].get(value) if field in NAMED and isinstance(value, int) else None
    return value if found is None else str(found)


def _named(rows: list[Event]) -> dict[type[Model], set[int]]:
    """Return the ids in changed fields by what they stand for."""
    wanted: dict[type[Model], set[int]] = {model: set() for model in NAMED.values()}
    for row in rows:
        for name in NAMED.keys() & row.changes.keys():
            wanted[NAMED[name]].update(value for value in row.changes[name] or () if isinstance(value, int))
    return wanted


@lru_cache(maxsize=64)
def _end(newest_first: bool, internal: bool, limit: int) -> Statement[Event]:
    return Statement(lambda record: _events(record, newest_first, internal)[:limit], record=BigIntegerField())


@cache
def _by_ids(model: type[Thing]) -> Statement[Thing]:
    return Statement(lambda ids: model._default_manager.filter(id__equals_any=ids), ids=ArrayField(BigIntegerField()))


_comments = Statement(
    lambda ids: Comment.objects.filter(id__equals_any=ids).values_list(
        "id", "body", Exists(FILES), ArraySubquery(EXCERPTS.values("record_id"))
    ),
    ids=ArrayField(BigIntegerField()),
)
_attachments = Statement(
    lambda comments: Attachment.objects.filter(comment_id__equals_any=comments), comments=ArrayField(BigIntegerField())
)
