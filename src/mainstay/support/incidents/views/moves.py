"""Moving an incident: one view for every verb of the lifecycle."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.lifecycle import Move
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.web.records.forms import refuse, values_of
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.forms import FollowUpForm, move_form
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident, Source
from mainstay.support.incidents.views.record import CONSOLE, done, in_dialog


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def move(request: ActingRequest, number: str, verb: str) -> HttpResponse:
    """Ask for what the verb takes, and make the move. What is refused comes back with all that was typed."""
    if verb not in LIFECYCLE.verbs:
        raise Http404
    incident = queries.get_in_console(request.actor, number)
    chosen = LIFECYCLE.move(verb, incident.state) or LIFECYCLE.example(verb)
    if request.method == "GET":
        shown = {"team": incident.team.slug if incident.team else ""}
        return _ask(request, incident, chosen, move_form(chosen, [incident.organisation], initial=shown))
    form = move_form(chosen, [incident.organisation], _given(request))
    if not form.is_valid():
        return _ask(request, incident, chosen, form, 422)
    undo = _undo(incident, verb)
    try:
        actions.MOVES[verb](incident, by=request.actor, **values_of(form))
    except Refusal as refusal:
        if not form.fields:
            return done(request, number, refusal.message, kind="error")
        refuse(form, refusal)
        return _ask(request, incident, chosen, form, 422)
    return done(request, number, _("%(label)s: done.") % {"label": chosen.label}, undo=undo)


def _given(request: ActingRequest) -> QueryDict:
    """Return what was given in the form or, for taking a move back, in the address."""
    given = request.GET.copy()
    for name, values in request.POST.lists():
        given.setlist(name, values)
    return given


def _ask(request: ActingRequest, incident: Incident, chosen: Move, form: object, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "title": chosen.label,
        "address": reverse("incidents:move", kwargs={"number": incident.number, "verb": chosen.verb}),
        "record": incident,
    }
    return in_dialog(request, "incidents/_form.html", context, status)


def _undo(incident: Incident, verb: str) -> str:
    """Return the address that takes a move back, where another move does just that."""
    address = {"number": incident.number}
    if verb == "hold" and incident.state == "in_progress":
        return reverse("incidents:move", kwargs={**address, "verb": "resume"})
    if verb == "assign" and incident.team is not None and incident.state in ("assigned", "pending"):
        holder = {"team": incident.team.slug} | ({"person": incident.assignee.uuid} if incident.assignee else {})
        return f"{reverse('incidents:move', kwargs={**address, 'verb': verb})}?{urlencode(holder)}"
    return ""


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
            return done(request, follower.number, _("%(number)s is open.") % {"number": follower.number})
    context = {
        "form": form,
        "title": _("It happened again"),
        "address": reverse("incidents:follow_up", kwargs={"number": number}),
        "record": incident,
    }
    return in_dialog(request, "incidents/_form.html", context, 422 if form.is_bound else 200)
