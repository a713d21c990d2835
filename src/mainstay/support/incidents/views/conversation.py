"""Writing on an incident, and listening to it."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records.actions import Upload, comment_with_files
from mainstay.kernel.records.actions import unwatch as stop_watching
from mainstay.kernel.records.actions import watch as start_watching
from mainstay.kernel.web.pages import is_fragment, render
from mainstay.support.incidents import queries
from mainstay.support.incidents.views.record import CONSOLE, content, done


@door(CONSOLE)
@require_POST
def comment(request: ActingRequest, number: str) -> HttpResponse:
    """Write to the caller or to colleagues, with files. What is refused comes back as it was typed."""
    incident = queries.get_in_console(request.actor, number)
    body, visibility = request.POST.get("body", ""), request.POST.get("visibility", "internal")
    files = [Upload(name=file.name or "", stream=file) for file in request.FILES.getlist("files")]
    try:
        comment_with_files(incident, by=request.actor, body=body, visibility=visibility, files=files)
    except Refusal as refusal:
        typed = {"text": body, "visibility": visibility, "errors": [refusal.message]}
        context = {**content(request, incident), "typed": typed}
        template = "incidents/_record.html" if is_fragment(request) else "incidents/record.html"
        return render(request, template, context, status=422)
    return done(request, number)


@door(CONSOLE)
@require_POST
def watch(request: ActingRequest, number: str) -> HttpResponse:
    """Hear of every change from now on."""
    start_watching(queries.get_in_console(request.actor, number), by=request.actor)
    return done(request, number)


@door(CONSOLE)
@require_POST
def unwatch(request: ActingRequest, number: str) -> HttpResponse:
    """Hear of it no longer."""
    stop_watching(queries.get_in_console(request.actor, number), by=request.actor)
    return done(request, number)
