"""What happened to rows, told from events and from the history that the database writes by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

from django.db import models
from django.db.models import QuerySet

from mainstay.kernel.access.actor import DOOR_NAMES
from mainstay.kernel.administration.wording import (
    changes_in_words,
    event_in_words,
    in_words,
    names_behind,
    subjects_in_words,
)
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import kinds
from mainstay.kernel.records.models import Record

#: As many as one page shows.
MOST = 100
#: Columns of the history itself, and those that mean nothing to a reader or must not be shown again.
#: (what a rule does is told by its events, action by action).
UNSHOWN = {"does", "id", "uuid", "pgh_id", "pgh_created_at", "pgh_label", "pgh_obj", "preferences", "joined"}


@dataclass(frozen=True)
class Line:
    """An event as the audit trail shows it."""

    event: Event
    author: Person | None
    #: The number of the record, the name of the person or of the row.
    about: str
    #: Field, old and new value in words; both None where only the change itself is kept.
    changes: list[tuple[str, str | None, str | None]]

    @property
    def through(self) -> str:
        """What people call the door."""
        return str(DOOR_NAMES.get(self.event.door, self.event.door))

    @property
    def happened(self) -> str:
        """What the event is called."""
        return event_in_words(self.event.name)


@dataclass(frozen=True)
class Version:
    """What a row was until an instant, and what then became of it: field, old value, new value."""

    until: datetime
    changes: list[tuple[str, Any, Any]]


@cache
def _labels() -> dict[str, Any]:
    """Return the labels of the fields that rows have on the screens, by the names of their columns."""
    return {field.name: field.label for kind in kinds().values() for field in kind.fields}


def called(name: str, otherwise: Any = None) -> str:
    """Return what people call a column: as on the screens, else `otherwise`, else by its name."""
    return str(_labels().get(name) or otherwise or name)


def lines_of(events: Iterable[Event]) -> list[Line]:
    """Return events in words with their authors; one query for each kind of thing they speak of."""
    found = list(events)
    authors = Person.objects.in_bulk({event.actor_id for event in found if event.actor_id})
    records = {event.record_id for event in found if event.record_id}
    numbers = dict(Record.objects.filter(pk__in=records).values_list("pk", "number"))
    subjects = subjects_in_words({event.subject for event in found})
    names = names_behind(found)
    return [
        Line(
            event,
            authors.get(event.actor_id or 0),
            numbers.get(event.record_id or 0) or subjects.get(event.subject, ""),
            changes_in_words(event, names),
        )
        for event in found
    ]


def events_of(subject: str) -> list[Line]:
    """Return the last events of what is no record, newest first."""
    return lines_of(Event.objects.filter(subject=subject).order_by("-id")[:MOST])


def versions_of(row: Any) -> list[Version]:
    """Return the former states of a row as its changes, newest first."""
    if row is None:
        return []
    history: QuerySet[Any] = row.history.order_by("-pgh_id")[:MOST]
    states = [row, *history]
    return [Version(before.pgh_created_at, _differences(before, after)) for after, before in pairwise(states)]


def _differences(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    names = [field.name for field in before._meta.concrete_fields if field.name not in UNSHOWN]
    return [
        (called(name, _label(after, name)), in_words(_shown(before, name)), in_words(_shown(after, name)))
        for name in names
        if _raw(before, name) != _raw(after, name)
    ]


def _label(row: models.Model, name: str) -> Any:
    return getattr(row._meta.get_field(name), "verbose_name", name)


def _raw(row: models.Model, name: str) -> Any:
    return row.serializable_value(name)


def _shown(row: models.Model, name: str) -> Any:
    """Return a value for people: rows by their names."""
    value = _raw(row, name)
    related = row._meta.get_field(name).related_model
    if value is None or not isinstance(related, type):
        return value
    return related._default_manager.filter(pk=value).first() or value
