"""What an incident on hold does by itself while the caller's answer is awaited."""

from datetime import datetime

from django.db import transaction

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.records.actions.conversation import touch
from mainstay.kernel.records.models import Category, Record
from mainstay.support.incidents import queries
from mainstay.support.incidents.actions.moves import resolve
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import waiting


@transaction.atomic
def go_on_waiting(incident: Incident, *, by: Actor, now: datetime) -> Event | None:
    """Remind the caller, or resolve the incident, if that is due at `now` (UTC); return the event of it, if any.

    Only a caller who may answer is waited for. Doing it again does nothing until the next days have passed. Raises
    NotPossible when a mandatory task keeps the incident from being resolved.
    """
    # Whoever answers, resumes or reminds at this very moment is waited for: their event decides.
    Record.objects.select_for_update().get(pk=incident.pk)
    held = waiting.awaiting_caller().filter(pk=incident.pk).first()
    due = waiting.next_step_of(held) if held is not None else None
    if held is None or due is None or due.at > now or not _may_answer(held):
        return None
    if due.step == "remind":
        touch(held)
        return emit("incident.reminded", by=by, record_id=held.pk, data={"last": due.last}, public=True)
    category = _closing_category(held)
    if category is None or held.hold_reason is None:
        return None
    return resolve(held, by=by, solution=held.hold_reason.solution, closing_category=category)


def _may_answer(incident: Incident) -> bool:
    person = incident.requester
    return person is not None and actor_for(person, door="job").can("incident.comment", incident)


def _closing_category(incident: Incident) -> Category | None:
    """Return the category it was opened with if that may close, else the first that may."""
    categories, own = queries.closing_categories(), incident.category
    return own if own is not None and categories.contains(own) else categories.first()
