"""Taking down a new incident."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.records.forms import refuse
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.forms import OpeningForm
from mainstay.support.incidents.models import Source


@door("incident.read_internal")
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Ask for a new incident, and open it. What is refused comes back with all that was typed."""
    form = OpeningForm(request.actor, request.POST if request.method == "POST" else None, _prefilled(request))
    if form.is_valid():
        try:
            caller = queries.caller_called(request.actor, form.cleaned_data["requester"])
            incident = actions.create(by=request.actor, requester=caller, source=Source.CONSOLE, **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _("%(number)s is open.") % {"number": incident.number})
            return redirect(request, "incidents:record", number=incident.number)
    return render(request, "incidents/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _prefilled(request: ActingRequest) -> dict[str, str]:
    names = ("requester", "title", "description", "category", "team", "impact", "urgency", "call_back")
    return {name: request.GET[name] for name in names if name in request.GET}


@door("incident.read_internal")
@require_GET
def attributes(request: ActingRequest) -> HttpResponse:
    """Answer the custom fields of the category that was just chosen."""
    form = OpeningForm(request.actor, initial=_prefilled(request))
    return render(request, "incidents/_attributes.html", {"form": form})


@door("incident.read_internal")
@require_GET
def callers(request: ActingRequest) -> HttpResponse:
    """Answer the people whose name or address begins as typed."""
    found = queries.callers(request.actor, request.GET.get("requester", "")[:100])
    return render(request, "incidents/_callers.html", {"callers": found})
