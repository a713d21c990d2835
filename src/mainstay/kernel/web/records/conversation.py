"""Writing on a record of any kind, and listening to it."""

from functools import partial

from django.http import HttpResponse

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.web.pages import is_fragment, render
from mainstay.kernel.web.records.asking import asked
from mainstay.kernel.web.records.pages import Pages, content, done


def comment(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Write to the caller or to colleagues, with files. What is refused comes back as it was typed."""
    record = pages.find(request.actor, number)
    body, visibility = request.POST.get("body", ""), request.POST.get("visibility", "internal")
    files = [actions.Upload(name=file.name or "", stream=file) for file in request.FILES.getlist("files")]
    try:
        also = asked(request.actor, record, "comment")
        write = partial(actions.comment_with_files, record, by=request.actor, body=body)
        also.do(lambda: write(visibility=visibility, files=files), request.POST)
    except Refusal as refusal:
        typed = {"text": body, "visibility": visibility, "errors": [refusal.message]}
        context = {**content(pages, request, record), "typed": typed}
        template = "web/records/_record.html" if is_fragment(request) else "web/records/record.html"
        return render(request, template, context, status=422)
    return done(pages, request, number)


def watch(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Hear of every change from now on."""
    actions.watch(pages.find(request.actor, number), by=request.actor)
    return done(pages, request, number)


def unwatch(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Hear of it no longer."""
    actions.unwatch(pages.find(request.actor, number), by=request.actor)
    return done(pages, request, number)
