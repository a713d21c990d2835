"""The interface to the mails that went out about a record."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.mail import actions
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.mail.queries import deliveries, names_of_events
from mainstay.kernel.mail.schemas import DeliveryShown, delivery_shown
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find, require
from mainstay.kernel.rest.answers import answer, nothing
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import existing
from mainstay.kernel.rest.schemas import Number, Paging, page_of

router = Router(tags=["Records"])

NEWEST_FIRST = Order("-created", "-id")


def _record(request: ActingRequest, number: str) -> Record:
    record = find(request.actor, number)
    require(request.actor, "read_internal", record)
    return record


def _shown(rows: list[Delivery]) -> list[DeliveryShown]:
    events = names_of_events(rows)
    return [delivery_shown(row, events.get(row.event_id, ("", ""))[0]) for row in rows]


@router.get(
    "/records/{number}/mails", response=page_of(DeliveryShown), operation_id="list_mails", summary="List mails sent"
)
@door("*.read_internal", on_record=True)
def list_mails(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """The mails that went out about the record or are to, the newest first."""
    record = _record(request, number)
    rows, following = page(
        deliveries(request.actor, record),
        NEWEST_FIRST,
        limit=paging.limit,
        cursor=paging.cursor,
        scope=f"mails {record.pk}",
    )
    return answer({"items": _shown(rows), "next": following})


@router.post(
    "/records/{number}/mails/{mail}/actions/resend",
    response=DeliveryShown,
    operation_id="resend_mail",
    summary="Send a mail again",
)
@door("*.comment", on_record=True)
def resend_mail(request: ActingRequest, number: Number, mail: UUID) -> HttpResponse:
    """Let a mail that was sent, failed or came back go out again, to the address that its reader has now."""
    record = _record(request, number)
    found = existing(deliveries(request.actor, record).filter(uuid=mail).first())
    actions.resend(found, by=request.actor)
    found.refresh_from_db()
    return answer(_shown([found])[0])


@router.delete(
    "/records/{number}/mail-links",
    response={204: None},
    operation_id="revoke_mail_links",
    summary="Revoke the links in mails",
)
@door("*.comment", on_record=True)
def revoke_mail_links(request: ActingRequest, number: Number) -> HttpResponse:
    """Let links in mails about the record open nothing any more: one's own, or all for those who may write to its
    requester. The next mail carries a new one."""
    actions.revoke_links(find(request.actor, number), by=request.actor)
    return nothing()
