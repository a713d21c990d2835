"""Asking which incidents wait for their callers' answers, and what they do next by themselves."""

from django.db.models import Q, QuerySet

from mainstay.kernel.events.models import Event
from mainstay.support.incidents.engine.waiting import Happening, Next, Rule, next_step
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import Incident


def awaiting_caller() -> QuerySet[Incident]:
    """Return the incidents on hold whose callers are reminded, whoever may see them: for the product itself."""
    held = Incident.objects.filter(state=S.PENDING.slug, hold_reason__reminder_days__gt=0, requester__is_active=True)
    return held.select_related("hold_reason", "requester")


def next_step_of(incident: Incident) -> Next | None:
    """Return what an incident on hold does next by itself: remind its caller, be resolved, or nothing.

    A hold with a date is never resolved by itself: it goes on at that date, as its caller was told.
    """
    reason = incident.hold_reason
    if reason is None:
        return None
    happened = Q(name__in=("incident.held", "incident.resumed", "incident.reminded"))
    answered = Q(name__in=("incident.commented", "incident.attached"), public=True, actor_id=incident.requester_id)
    events = Event.objects.filter(happened | answered, record_id=incident.pk).order_by("occurred", "pk")
    rows = events.values_list("name", "occurred")
    history = [Happening(name.removeprefix("incident."), occurred) for name, occurred in rows]
    resolves = bool(reason.solution) and incident.resume_at is None
    return next_step(history, Rule(reason.reminder_days, reason.reminders, resolves))
