"""The interface to splitting: some of what was said on a record as a case of its own."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.api.finding import address
from mainstay.kernel.records.models import Comment, Record
from mainstay.kernel.records.queries import comments_for, require
from mainstay.kernel.records.schemas.record import RecordShown, record_shown
from mainstay.kernel.rest.answers import answer, nothing
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import known_people, person_by_email
from mainstay.kernel.rest.schemas import Number
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.prepared import case_for_work
from mainstay.support.service_desk.schemas import SplitOff

router = Router(tags=["Records"])


@router.post(
    "/records/{number}/splits",
    response={201: RecordShown},
    operation_id="split",
    summary="Split off a new case",
)
@door("*.merge", on_record=True)
def split(request: ActingRequest, number: Number, values: SplitOff) -> HttpResponse:
    """Take in a new case in which comments of this record go on; they stay here, and nobody reads more than before."""
    case = case_for_work(request.actor, number)
    require(request.actor, "merge", case)
    people = known_people(request.actor, f"{values.kind}.create")
    made = actions.split(
        case,
        by=request.actor,
        comments=_comments(request, case, values.comments),
        title=values.title,
        description=values.description,
        kind=values.kind,
        requester=person_by_email(people, values.requester, "requester") if values.requester else None,
    )
    made = case_for_work(request.actor, made.number)
    return answer(record_shown(made, internal=True), status=201, location=address(made), version=made.version)


def _comments(request: ActingRequest, case: Record, wanted: list[UUID]) -> list[Comment]:
    found = list(comments_for(request.actor, case).filter(uuid__in=wanted))
    if len(found) < len(set(wanted)):
        raise Invalid({"comments": _("Choose messages of this record.")})
    return found


@router.post(
    "/records/{number}/splits/{made}/actions/undo",
    response={204: None},
    operation_id="unsplit",
    summary="Take a split back",
)
@door("*.merge", on_record=True)
def unsplit(request: ActingRequest, number: Number, made: Number) -> HttpResponse:
    """What was split off shows there no longer, and the case that was made for it is cancelled."""
    case = case_for_work(request.actor, number)
    require(request.actor, "merge", case)
    actions.unsplit(case, case_for_work(request.actor, made), by=request.actor)
    return nothing()
