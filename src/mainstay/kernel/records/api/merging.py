"""What goes on as part of a record."""

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.records import actions, queries
from mainstay.kernel.records.api.finding import address, record_for
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.schemas.record import RecordShown, record_shown
from mainstay.kernel.records.schemas.work import Merged
from mainstay.kernel.rest.answers import answer, nothing
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import existing
from mainstay.kernel.rest.schemas import Number, Paging, page_of

router = Router(tags=["Records"])

OLDEST_FIRST = Order("opened", "id")


@router.get(
    "/records/{number}/merged",
    response=page_of(RecordShown),
    operation_id="list_merged",
    summary="List what was merged into a record",
)
@door("*.read_internal", on_record=True)
def list_merged(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """The records that go on as part of this one, as far as the caller may see them."""
    record = record_for(request, number)
    queries.require(request.actor, "read_internal", record)
    rows = queries.merged_into(request.actor, record)
    scope = f"merged {record.pk}"
    items, following = page(rows, OLDEST_FIRST, limit=paging.limit, cursor=paging.cursor, scope=scope)
    shown = [record_shown(row, internal=queries.reads_internal(request.actor, row)) for row in items]
    return answer({"items": shown, "next": following})


@router.post(
    "/records/{number}/merged", response={201: RecordShown}, operation_id="merge", summary="Merge another into a record"
)
@door("*.merge", on_record=True)
def merge(request: ActingRequest, number: Number, values: Merged) -> HttpResponse:
    """Let another record go on as part of this one; its number leads here, and everybody sees what they saw."""
    into = record_for(request, number)
    queries.require(request.actor, "merge", into)
    try:
        record = _itself(request, values.record)
    except Missing as missing:
        raise Invalid({"record": missing.message}) from None
    actions.merge(record, into, by=request.actor)
    record = _itself(request, record.number)
    shown = record_shown(record, internal=queries.reads_internal(request.actor, record))
    return answer(shown, status=201, location=f"{address(into)}/merged")


@router.delete(
    "/records/{number}/merged/{merged}", response={204: None}, operation_id="unmerge", summary="Take a merge back"
)
@door("*.merge", on_record=True)
def unmerge(request: ActingRequest, number: Number, merged: Number) -> HttpResponse:
    """Let a record that was merged into this one go on by itself again, in the state that it had."""
    into = record_for(request, number)
    found = queries.merged_into(request.actor, into).filter(number=merged.upper()).first()
    actions.unmerge(existing(found), by=request.actor)
    return nothing()


def _itself(request: ActingRequest, number: str) -> Record:
    """Return the record that has this number, even if it goes on in another. Raises Missing if there is none to see."""
    related = ("organisation", "requester", "team", "assignee", "category")
    return existing(queries.visible_to(request.actor).select_related(*related).filter(number=number.upper()).first())
