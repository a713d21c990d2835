"""Writing an event, and letting those above react to it."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import reactions_to

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
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event must be written in the transaction of what it tells")
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
