"""What a requester calls a case: a record of any kind that the desk took in or that came of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import within
from mainstay.kernel.practice import settings
from mainstay.kernel.records.merged import went_into
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find, visible_to
from mainstay.support.incidents import queries as incidents
from mainstay.support.incidents.engine.closing import closing_instant
from mainstay.support.service_desk import queries

#: All that anybody does in the portal. Whoever may do more meets it as a requester does, without internal parts.
DONE = ("read", "create", "comment", "attach", "close", "reopen")
#: How far along a case is, by its state: received, worked on, solved, done.
RECEIVED, WORKED_ON, SOLVED, OVER = range(4)
STAGES: Mapping[str, Mapping[str, int]] = {
    "contact": {
        "new": RECEIVED,
        "in_progress": WORKED_ON,
        "answered": SOLVED,
        "closed": OVER,
        "cancelled": OVER,
    },
    "incident": {
        "new": RECEIVED,
        "assigned": RECEIVED,
        "in_progress": WORKED_ON,
        "pending": WORKED_ON,
        "resolved": SOLVED,
        "closed": OVER,
        "cancelled": OVER,
    },
}
#: After how many days without objection a solved case closes by itself.
CLOSING = {"contact": "service_desk.close_after_days", "incident": "incidents.close_after_days"}
#: Finds a case as its own kind has it.
_OF_KIND: Mapping[str, Any] = {"contact": queries.get, "incident": incidents.get}
#: What a requester reads of what happened; what is not here is not told.
TOLD: Mapping[str, Any] = {
    "created": _("The case was opened"),
    "assigned": _("The case went to the right people"),
    "started": _("Someone began to work on it"),
    "held": _("The case waits"),
    "reminded": _("We reminded you that we need your answer"),
    "resumed": _("Work goes on"),
    "resolved": _("We think it is solved"),
    "answered": _("We have answered"),
    "converted": _("We know what it is and take care of it"),
    "reopened": _("The case was taken up again"),
    "closed": _("The case was closed"),
    "merged": _("We handle it together with another report about the same"),
    "unmerged": _("We handle it by itself again"),
    "cancelled": _("The case was withdrawn"),
    "attached": _("A file was added"),
}


class Waiting(NamedTuple):
    """Why a case waits, in the requester's words; whether for the requester's answer; and until when (UTC)."""

    reason: str = ""
    for_requester: bool = False
    until: datetime | None = None


def in_portal(actor: Actor) -> Actor:
    """Return the actor with what is done in the portal, and nothing else."""
    scopes = frozenset(f"{kind}.{name}" for kind in STAGES for name in DONE)
    return Actor(within(actor.standing, scopes), actor.door, actor.person, actor.on_behalf_of)


def mine(actor: Actor) -> QuerySet[Record]:
    """Return the actor's own cases of every kind, last changed first, without those that go on in another of them."""
    own = visible_to(in_portal(actor)).filter(kind__in=STAGES, requester_id=actor.person_id)
    return own.exclude(merged_into__in=own.values("pk")).order_by("-updated", "-id")


def going_on(case: Record) -> Record:
    """Return the record in which a case goes on, for where it stands and nothing else; itself if it was not merged."""
    above = went_into(case.pk) if case.merged_into_id is not None else []
    return Record.objects.get(pk=above[-1]) if above else case


def get(actor: Actor, number: str) -> Any:
    """Return the case with this number, present or former, as its own kind has it. Raises Missing if there is none."""
    here = in_portal(actor)
    record = find(here, number)
    return _OF_KIND[record.kind](here, record.number)


def closes(case: Record) -> datetime | None:
    """Return when a case that is solved closes by itself (UTC), if nobody objects."""
    if STAGES[case.kind].get(case.state) != SOLVED or case.resolved is None:
        return None
    return closing_instant(case.resolved, settings.value(CLOSING[case.kind]), case.organisation.zone)


def waiting(case: Any) -> Waiting:
    """Return why a case waits; all is empty where it does not."""
    reason = getattr(case, "hold_reason", None)
    if reason is None:
        return Waiting()
    return Waiting(reason.requester_label or reason.name, reason.slug == "caller", case.resume_at)
