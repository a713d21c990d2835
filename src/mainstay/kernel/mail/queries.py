"""Asking about outgoing mail, and about who may hear of an event."""

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice import settings
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import reads_internal


def is_configured() -> bool:
    """Return whether mail is sent at all: a server and a sender are named."""
    return bool(settings.value("mail.host") and settings.value("mail.sender"))


def may_hear(actor: Actor, event: Event, record: Record) -> bool:
    """Return whether `actor` may know of an event now: asked when it is told, not when it happened."""
    if not actor.can(f"{record.kind}.read", record):
        return False
    return event.public or reads_internal(actor, record)
