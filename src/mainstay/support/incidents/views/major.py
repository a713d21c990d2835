"""Major incidents: the page of the response, what is decided on it, and the closing report."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.documents.rendering import FORMATS
from mainstay.kernel.documents.responses import to_save
from mainstay.kernel.practice.errors import Missing, Refusal
from mainstay.kernel.records.attention import ATTENTIONS
from mainstay.kernel.records.surroundings import surroundings
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.records.forms import refuse, values_of
from mainstay.kernel.web.records.pages import head, in_dialog, state_of
from mainstay.kernel.web.registry import related_deeds
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.actions import major as deeds
from mainstay.support.incidents.forms import MAJOR_TITLES, major_form
from mainstay.support.incidents.models import Incident, MajorIncident
from mainstay.support.incidents.queries.major import get_major, major_of, may, reach_of
from mainstay.support.incidents.queries.report import report_of
from mainstay.support.incidents.views.pages import CONSOLE, PAGES

#: The newest entries of the timeline that the page looks at.
ENTRIES = 100
#: Cases that hang on it and are shown at once; the others can be unfolded.
CASES = 10


@door(CONSOLE)
@require_GET
def show(request: ActingRequest, number: str) -> HttpResponse:
    """Show the response to a major incident: who leads, what happened, what is told to whom, what hangs on it."""
    return _page(request, get_major(request.actor, number))


def _page(request: ActingRequest, major: MajorIncident) -> HttpResponse:
    actor, incident = request.actor, major.incident
    newest, more = timeline(actor, incident, limit=ENTRIES, newest_first=True)
    around = surroundings(actor, incident)
    # Links are shown beside it; forty of them would leave no room for anything else.
    lines = [line for line in PAGES.lines(actor, newest) if line.entry.event not in ("linked", "unlinked")]
    context = {
        **head(PAGES, request, incident, around.watchers, "major"),
        "major": major,
        "steps": [(step, MAJOR_TITLES[step]) for step in may(actor, incident, major)],
        "reach": reach_of(incident, around.related),
        "at_once": CASES,
        "related_deeds": [entry for offer in related_deeds for entry in offer(actor, incident, around.related)],
        "tasks": around.tasks,
        "attentions": ATTENTIONS,
        "lines": lines,
        "more": more,
        "sent": [line for line in lines if line.entry.public and line.entry.body is not None],
        "state_of": state_of,
    }
    return render(request, "incidents/major/page.html", context)


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def act(request: ActingRequest, number: str, step: str) -> HttpResponse:
    """Ask for what a step takes, and make it. What is refused comes back with all that was typed."""
    incident = queries.get_in_console(request.actor, number)
    if step not in MAJOR_TITLES:
        raise Http404
    major = major_of(incident)
    if step != "propose" and major is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    form = major_form(step, incident, request.POST if request.method == "POST" else None, major)
    if form.is_valid():
        try:
            _do(step, incident, major, by=request.actor, **values_of(form))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _("%(label)s: done.") % {"label": MAJOR_TITLES[step]})
            return redirect(request, "incidents:major", number=incident.number)
    address = reverse("incidents:act_on_major", kwargs={"number": incident.number, "step": step})
    context = {"form": form, "title": MAJOR_TITLES[step], "address": address, "record": incident}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


def _do(step: str, incident: Incident, major: MajorIncident | None, **values: Any) -> None:
    if step == "propose":
        actions.propose_major(incident, **values)
    else:
        deeds.VERBS[step](major, **values)


@door(CONSOLE)
@require_GET
def report(request: ActingRequest, number: str, ending: str) -> HttpResponse:
    """Answer the report of a major incident as a document."""
    if ending not in FORMATS:
        raise Http404
    return to_save(report_of(request.actor, get_major(request.actor, number)), ending)
