"""One action on many incidents: first what will happen, then each in its own transaction, then a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.errors import Invalid, Refusal
from mainstay.kernel.practice.registry import refusals
from mainstay.kernel.web.records.forms import move_form, values_of
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.forms import MOVE_FIELDS, BulkPriorityForm
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.views.pages import CONSOLE

#: The most incidents handled at once: what a person can look through.
MOST = 200
PRIORITY = "priority"


@dataclass(frozen=True)
class Outcome:
    """An incident and why it will not be, or was not, changed; empty when it will or was."""

    incident: Incident
    refusal: str = ""


@door(CONSOLE)
@require_POST
def bulk(request: ActingRequest) -> HttpResponse:
    """Show what a verb would do to the selected incidents or, when confirmed, do it and report."""
    verb, incidents = _verb(request.POST), _selected(request)
    organisations = list({incident.organisation_id: incident.organisation for incident in incidents}.values())
    confirmed = "confirmed" in request.POST
    form = _form(verb, organisations, request.POST if confirmed else None)
    if confirmed and form.is_valid():
        outcomes = [_apply(request, verb, incident, values_of(form)) for incident in incidents]
        return _answer(request, "incidents/_bulk_report.html", verb, outcomes, form)
    outcomes = [Outcome(incident, _refusal(request, verb, incident)) for incident in incidents]
    return _answer(request, "incidents/_bulk.html", verb, outcomes, form, 422 if confirmed else 200)


def _verb(given: QueryDict) -> str:
    verb = given.get("verb", "")
    if verb not in (*LIFECYCLE.verbs, PRIORITY):
        raise Invalid({"verb": _("Choose what to do with the selected incidents.")})
    return verb


def _selected(request: ActingRequest) -> list[Incident]:
    numbers = list(dict.fromkeys(request.POST.getlist("selected")))
    if not 0 < len(numbers) <= MOST:
        raise Invalid({"selected": _("Select 1 to %(number)d incidents.") % {"number": MOST}})
    found = queries.in_console(request.actor).select_related("organisation", "category", "team", "assignee")
    return list(found.filter(number__in=numbers).order_by("id"))


def _form(verb: str, organisations: Sequence[Organisation], data: QueryDict | None) -> forms.Form:
    if verb == PRIORITY:
        return BulkPriorityForm(data)
    return move_form(MOVE_FIELDS, LIFECYCLE.example(verb), organisations, data)


def _refusal(request: ActingRequest, verb: str, incident: Incident) -> str:
    """Return why an incident cannot take the verb now; what its values may still bring is seen when it is done."""
    capability = "incident.override_priority" if verb == PRIORITY else f"incident.{verb}"
    if not request.actor.can(capability, incident):
        return _("You do not have the right to do that here.")
    if verb != PRIORITY and LIFECYCLE.move(verb, incident.state) is None:
        return _("Not possible: its state is %(state)s.") % {"state": LIFECYCLE.states[incident.state].label}
    return " ".join(refusals(capability, incident))


def _apply(request: ActingRequest, verb: str, incident: Incident, values: dict[str, Any]) -> Outcome:
    try:
        if verb == PRIORITY:
            actions.override_priority(incident, by=request.actor, version=incident.version, **values)
        else:
            actions.MOVES[verb](incident, by=request.actor, **values)
    except Refusal as refusal:
        return Outcome(incident, refusal.message)
    return Outcome(incident)


def _answer(
    request: ActingRequest, template: str, verb: str, outcomes: list[Outcome], form: forms.Form, status: int = 200
) -> HttpResponse:
    context = {
        "verb": verb,
        "title": _("Set the priority") if verb == PRIORITY else LIFECYCLE.example(verb).label,
        "changed": [outcome for outcome in outcomes if not outcome.refusal],
        "refused": [outcome for outcome in outcomes if outcome.refusal],
        "form": form,
    }
    return in_dialog(request, template, context, status)
