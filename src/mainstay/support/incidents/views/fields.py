"""Editing an incident's fields, when others may be editing too."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal, Stale
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.web.records.forms import refuse
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.forms import EditForm, PriorityForm
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.views.record import CONSOLE, done, in_dialog
from mainstay.support.incidents.views.wording import Line, lines


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def edit(request: ActingRequest, number: str) -> HttpResponse:
    """Edit fields; whoever saves second sees what the first changed, with their own text kept."""
    incident = queries.get_in_console(request.actor, number)
    form = EditForm(incident, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, incident, form, 422 if form.is_bound else 200)
    try:
        actions.edit(incident, by=request.actor, version=form.cleaned_data["version"], values=form.touched())
    except Stale:
        since = _changed_since(request, incident, form.cleaned_data["version"])
        return _ask(request, incident, form.merged(incident), 409, since)
    except Refusal as refusal:
        refuse(form, refusal)
        return _ask(request, incident, form, 422)
    return done(request, number, _("Saved."))


def _changed_since(request: ActingRequest, incident: Incident, version: int) -> list[Line]:
    """Return what changed the incident after `version`: every edit and every move counts one."""
    counted = {"edited", *(move.past for move in LIFECYCLE.moves)}
    entries, _more = timeline(request.actor, incident, limit=100, newest_first=True)
    changing = [entry for entry in entries if entry.event in counted]
    return list(reversed(lines(request.actor, changing[: max(incident.version - version, 0)])))


def _ask(
    request: ActingRequest, incident: Incident, form: EditForm, status: int, since: list[Line] | None = None
) -> HttpResponse:
    address = reverse("incidents:edit", kwargs={"number": incident.number})
    context = {
        "form": form,
        "title": _("Edit"),
        "submit": _("Save"),
        "address": address,
        "record": incident,
        "since": since or [],
    }
    return in_dialog(request, "incidents/_form.html", context, status)


@door("incident.override_priority")
@require_http_methods(["GET", "POST"])
def priority(request: ActingRequest, number: str) -> HttpResponse:
    """Set a priority that differs from the matrix, with the reason why."""
    incident = queries.get_in_console(request.actor, number)
    shown = {"priority": incident.priority, "reason": incident.priority_reason, "version": incident.version}
    form = PriorityForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_valid():
        try:
            actions.override_priority(incident, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(request, number, _("The priority is set."))
    address = reverse("incidents:priority", kwargs={"number": number})
    context = {"form": form, "title": _("Set the priority"), "address": address, "record": incident}
    return in_dialog(request, "incidents/_form.html", context, 422 if form.is_bound else 200)
