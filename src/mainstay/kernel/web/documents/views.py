"""A record as a document: made at once, or ordered where its history is long."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.documents.engine.names import file_name
from mainstay.kernel.documents.rendering import FORMATS
from mainstay.kernel.documents.responses import to_save
from mainstay.kernel.files.responses import to_save as stored_to_save
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.models import Record
from mainstay.kernel.web.documents import actions, queries
from mainstay.kernel.web.documents.description import document_of
from mainstay.kernel.web.pages import redirect, render
from mainstay.kernel.web.queries import layout_for
from mainstay.kernel.web.records.pages import Pages


def of_record(pages: Pages, request: ActingRequest, number: str, ending: str) -> HttpResponse:
    """Answer the document of a record in the console."""
    return answer(request, request.actor, pages.find(request.actor, number), ending)


def answer(request: ActingRequest, actor: Actor, record: Record, ending: str) -> HttpResponse:
    """Answer the document of a record as `actor` may see it; where the history is long, a POST orders it."""
    if ending not in FORMATS:
        raise Http404
    if request.method == "POST":
        return redirect(request, "documents:show", uuid=actions.order(record, by=actor, ending=ending).uuid)
    if queries.takes_long(actor, record):
        context = {"layout": layout_for(request.actor), "record": record, "ordered": None}
        return render(request, "web/documents/ordered.html", context)
    return to_save(document_of(actor, record), ending)


@require_GET
@door(SIGNED_IN)
def show(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Show whether an ordered document is ready; the page looks again by itself."""
    document = queries.ordered(request.actor, uuid)
    context: dict[str, Any] = {
        "layout": layout_for(request.actor),
        "record": document.record,
        "ordered": document,
        "file": reverse("documents:file", kwargs={"uuid": uuid}),
    }
    response = render(request, "web/documents/ordered.html", context, fragment="web/documents/_ordered.html")
    if document.content is None:
        response.headers["Refresh"] = "5"
    return response


@require_GET
@door(SIGNED_IN)
def file(request: ActingRequest, uuid: UUID) -> FileResponse:
    """Answer an ordered document."""
    return fetched(request.actor, uuid)


def fetched(actor: Actor, uuid: UUID) -> FileResponse:
    """Answer a document that `actor` ordered. Raises NotPossible while it is being made."""
    document = queries.ordered(actor, uuid)
    if document.content is None:
        raise NotPossible(_("This document is not ready yet. Try again in a moment."))
    name = file_name(document.record.number, document.ending)
    return stored_to_save(document.content, name, FORMATS[document.ending])
