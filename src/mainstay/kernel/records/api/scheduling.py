"""Replies that are sent later."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.records import actions, queries
from mainstay.kernel.records.api.finding import address, record_for
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.schemas.scheduling import NewReply, ReplyChanges, ReplyShown, reply_shown
from mainstay.kernel.rest.answers import answer, nothing
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.schemas import Number, Paging, page_of

router = Router(tags=["Records"])

SOONEST_FIRST = Order("at", "id")


def _record(request: ActingRequest, number: str) -> Record:
    record = record_for(request, number)
    queries.require(request.actor, "read_internal", record)
    return record


@router.get(
    "/records/{number}/scheduled-replies",
    response=page_of(ReplyShown),
    operation_id="list_scheduled_replies",
    summary="List scheduled replies",
)
@door("*.read_internal", on_record=True)
def list_scheduled_replies(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """Replies that wait to be sent, the next first."""
    record = _record(request, number)
    rows, scope = queries.waiting_replies(record), f"replies {record.pk}"
    items, following = page(rows, SOONEST_FIRST, limit=paging.limit, cursor=paging.cursor, scope=scope)
    return answer({"items": [reply_shown(each) for each in items], "next": following})


@router.post(
    "/records/{number}/scheduled-replies",
    response={201: ReplyShown},
    operation_id="schedule_reply",
    summary="Schedule a reply",
)
@door("*.comment", on_record=True)
def schedule_reply(request: ActingRequest, number: Number, values: NewReply) -> HttpResponse:
    """Let a public comment of the caller be written later, unless something was written or the case closed by then."""
    record = _record(request, number)
    reply = actions.schedule_reply(record, by=request.actor, **values.model_dump())
    location = f"{address(record)}/scheduled-replies/{reply.uuid}"
    return answer(reply_shown(reply), status=201, location=location)


@router.get(
    "/records/{number}/scheduled-replies/{reply}",
    response=ReplyShown,
    operation_id="get_scheduled_reply",
    summary="Show a scheduled reply",
)
@door("*.read_internal", on_record=True)
def get_scheduled_reply(request: ActingRequest, number: Number, reply: UUID) -> HttpResponse:
    """A reply that waits to be sent."""
    return answer(reply_shown(queries.waiting_reply(_record(request, number), reply)))


@router.patch(
    "/records/{number}/scheduled-replies/{reply}",
    response=ReplyShown,
    operation_id="change_scheduled_reply",
    summary="Change a scheduled reply",
)
@door("*.comment", on_record=True)
def change_scheduled_reply(request: ActingRequest, number: Number, reply: UUID, values: ReplyChanges) -> HttpResponse:
    """Change a reply of the caller that still waits."""
    record = _record(request, number)
    found = queries.waiting_reply(record, reply)
    kept = {name: getattr(found, name) for name in ("body", "at", "even_if_answered")}
    actions.change_reply(found, by=request.actor, **{**kept, **values.model_dump(exclude_none=True)})
    return answer(reply_shown(queries.waiting_reply(record, reply)))


@router.delete(
    "/records/{number}/scheduled-replies/{reply}",
    response={204: None},
    operation_id="take_back_reply",
    summary="Take back a scheduled reply",
)
@door("*.comment", on_record=True)
def take_back_reply(request: ActingRequest, number: Number, reply: UUID) -> HttpResponse:
    """Let a reply that still waits not be sent, whoever wrote it."""
    actions.take_back_reply(queries.waiting_reply(_record(request, number), reply), by=request.actor)
    return nothing()
