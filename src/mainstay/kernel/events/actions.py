"""Writing an event, and letting those above react to it."""

from collections.abc import Collection, Iterable, Mapping
from contextvars import ContextVar
from datetime import date, datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import reactions_to
from mainstay.kernel.practice.errors import Invalid

#: The id of the HTTP request or job at work, so that all it did can be found together.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class Author(Protocol):
    """Who did it, as far as an event needs to know."""

    @property
    def person_id(self) -> int | None: ...
    @property
    def on_behalf_of_id(self) -> int | None: ...
    @property
    def door(self) -> str: ...


def emit(
    name: str,
    *,
    by: Author,
    record_id: int | None = None,
    subject: str = "",
    changes: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
    reason: str = "",
    public: bool = False,
    occurred: datetime | None = None,
) -> Event:
    """Write one event and run the reactions to it, all in the caller's transaction.

    `changes` maps a field to its old and new value; `occurred` (UTC) defaults to now. Raises LookupError for
    an event nobody declared, and RuntimeError outside a transaction: what happened and its event stand or
    fall together.
    """
    _require_transaction()
    reactions = reactions_to(name)
    event = Event.objects.create(
        name=name,
        record_id=record_id,
        subject=subject,
        actor_id=by.person_id,
        on_behalf_of_id=by.on_behalf_of_id,
        door=by.door,
        changes=dict(changes or {}),
        data=dict(data or {}),
        reason=reason,
        public=public,
        request_id=request_id.get(),
        occurred=occurred or timezone.now(),
    )
    for reaction in reactions:
        reaction(event)
    return event


def emit_for_each(name: str, *, by: Author, subjects: Iterable[str]) -> None:
    """Write one event about each of many subjects and run the reactions to each, as `emit` does for one."""
    _require_transaction()
    reactions = reactions_to(name)
    about = {"name": name, "actor_id": by.person_id, "on_behalf_of_id": by.on_behalf_of_id, "door": by.door}
    about["request_id"] = request_id.get()
    for event in Event.objects.bulk_create([Event(subject=subject, **about) for subject in subjects], 1000):
        for reaction in reactions:
            reaction(event)


def _require_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event must be written in the transaction of what it tells")


@transaction.atomic
def write_row(
    row: models.Model,
    values: Mapping[str, Any],
    *,
    by: Author,
    subject: str,
    unnamed: Collection[str] = (),
    parted: Collection[str] = (),
    reason: str = "",
) -> bool:
    """Set fields of a row that is not a record, new or not, and tell it in one event; return whether anything changed.

    `subject` is `kind:name`; the event is `kind.created`, `kind.retired` when `retired` gets its time, or
    `kind.edited`. Of the fields in `unnamed` (contact data, secrets) the event keeps no values; what is mapped by the
    fields in `parted` is told part by part. Raises Invalid.
    """
    is_new = row._state.adding
    changed = {name: value for name, value in values.items() if is_new or getattr(row, name) != value}
    if not changed:
        return False
    changes = {
        name: None if name in unnamed else [None if is_new else plain(getattr(row, name)), plain(value)]
        for name, value in changed.items()
        if name not in parted
    }
    for name in changed.keys() & set(parted):
        old, new = {} if is_new else getattr(row, name), changed[name]
        changes |= {part: [old.get(part), new.get(part)] for part in {**old, **new} if old.get(part) != new.get(part)}
    for name, value in changed.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as refused:
        raise Invalid({name: " ".join(messages) for name, messages in refused.message_dict.items()}) from refused
    if is_new:
        row.save(force_insert=True)
    else:
        row.save(update_fields=list(changed))
    past = "created" if is_new else "retired" if changed.get("retired") else "edited"
    emit(f"{subject.partition(':')[0]}.{past}", by=by, subject=subject, changes=changes, reason=reason)
    return True


def plain(value: Any) -> Any:
    """Return a value as an event keeps it: rows by their id, instants in ISO 8601."""
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def retirement(row: Any, wanted: bool) -> datetime | None:
    """Return what `row.retired` becomes: the time it has, now, or None."""
    return (row.retired or timezone.now()) if wanted else None
