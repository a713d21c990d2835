"""The interface to records as documents."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from typing_extensions import TypedDict

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.documents.responses import to_save
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.api.finding import record_for
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.errors import InvalidHeader
from mainstay.kernel.rest.problems import Problem
from mainstay.kernel.rest.schemas import Body, Number, closed
from mainstay.kernel.web.documents import actions, queries
from mainstay.kernel.web.documents.description import document_of
from mainstay.kernel.web.documents.views import fetched
from mainstay.kernel.web.models import OrderedDocument

router = Router(tags=["Records"])

ENDINGS = {"application/pdf": "pdf", "text/html": "html"}
BINARY = {"schema": {"type": "string", "format": "binary"}}
#: Of an operation that answers a document.
DOCUMENT = {"responses": {200: {"description": "The document.", "content": dict.fromkeys(ENDINGS, BINARY)}}}


def preferred(request: HttpRequest) -> str:
    """Return `pdf` or `html`, as `Accept` prefers. Raises InvalidHeader where it takes neither."""
    wanted = request.get_preferred_type(list(ENDINGS))
    if wanted is None:
        raise InvalidHeader({"Accept": _("Accept application/pdf or text/html.")})
    return ENDINGS[wanted]


class DocumentOrder(Body):
    """What the document is to be."""

    format: Literal["pdf", "html"] = "pdf"


@closed
class DocumentShown(TypedDict):
    """A document that was ordered. `ready` says whether it can be fetched."""

    id: UUID
    number: str
    format: str
    ordered: datetime
    ready: bool


def document_shown(document: OrderedDocument) -> DocumentShown:
    """Return an ordered document as the interface shows it."""
    return {
        "id": document.uuid,
        "number": document.record.number,
        "format": document.ending,
        "ordered": document.ordered,
        "ready": document.content is not None,
    }


@router.get(
    "/records/{number}/document",
    operation_id="get_document_of_record",
    summary="Download a record as a document",
    response={409: Problem},
    openapi_extra=DOCUMENT,
)
@door("*.read", on_record=True)
def get_document_of_record(request: ActingRequest, number: Number) -> HttpResponse:
    """All that the caller may see of a record: PDF, or HTML where `Accept` prefers `text/html`.

    A record with a long history is refused with 409: order its document.
    """
    record = record_for(request, number)
    ending = preferred(request)
    if queries.takes_long(request.actor, record):
        raise NotPossible(_("This record has a long history: order its document, and fetch it when it is ready."))
    return to_save(document_of(request.actor, record), ending)


@router.post(
    "/records/{number}/documents",
    response={202: DocumentShown},
    operation_id="order_document",
    summary="Order a record as a document",
)
@door("*.read", on_record=True)
def order_document(request: ActingRequest, number: Number, values: DocumentOrder) -> HttpResponse:
    """Let a job make the document of a record. `Location` says where it will be for a week, for the caller alone."""
    document = actions.order(record_for(request, number), by=request.actor, ending=values.format)
    return answer(document_shown(document), status=202, location=f"{BASE}/documents/{document.uuid}")


@router.get(
    "/documents/{document}",
    response=DocumentShown,
    operation_id="get_document",
    summary="Show an ordered document",
)
@door(SIGNED_IN)
def get_document(request: ActingRequest, document: UUID) -> HttpResponse:
    """Whether a document that the caller ordered is ready."""
    return answer(document_shown(queries.ordered(request.actor, document)))


@router.get(
    "/documents/{document}/content",
    operation_id="get_document_content",
    summary="Download an ordered document",
    response={409: Problem},
    openapi_extra=DOCUMENT,
)
@door(SIGNED_IN)
def get_document_content(request: ActingRequest, document: UUID) -> FileResponse:
    """The document, once it is ready; 409 while it is not."""
    return fetched(request.actor, document)
