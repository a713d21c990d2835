"""What is done to an incident beside its moves: another priority, and a new one that follows."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import done, in_dialog
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.forms import FollowUpForm, PriorityForm
from mainstay.support.incidents.models import Source
from mainstay.support.incidents.views.pages import CONSOLE, PAGES


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
            return done(PAGES, request, number, _("The priority is set."))
    address = reverse("incidents:priority", kwargs={"number": number})
    context = {"form": form, "title": _("Set the priority"), "address": address, "record": incident}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def follow_up(request: ActingRequest, number: str) -> HttpResponse:
    """Open a new incident that follows a closed one."""
    incident = queries.get_in_console(request.actor, number)
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            follower = actions.follow_up(incident, by=request.actor, reason=reason, source=Source.CONSOLE)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(PAGES, request, follower.number, _("%(number)s is open.") % {"number": follower.number})
    context = {
        "form": form,
        "title": _("It happened again"),
        "address": reverse("incidents:follow_up", kwargs={"number": number}),
        "record": incident,
    }
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)
