"""The interface to one's own absences."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.accounts.schemas import AbsenceShown, NewAbsence, absence_shown
from mainstay.kernel.people.actions import end_leave, take_leave
from mainstay.kernel.people.models import Person
from mainstay.kernel.people.queries import absences_of, colleagues_of
from mainstay.kernel.practice.errors import NotPermitted
from mainstay.kernel.rest.answers import BASE, answer, nothing
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import existing, person_by_email
from mainstay.kernel.rest.schemas import Paging, page_of

router = Router(tags=["Absences"])

NEXT_FIRST = Order("begins", "id")


def caller(request: ActingRequest) -> Person:
    """Return who calls."""
    if request.actor.person is None:
        raise NotPermitted(_("Sign in first."))
    return request.actor.person


@router.get("/absences", response=page_of(AbsenceShown), operation_id="list_absences", summary="List your absences")
@door(SIGNED_IN)
def list_absences(request: ActingRequest, paging: Query[Paging]) -> HttpResponse:
    """When the caller is or will be away, the next one first."""
    rows = absences_of(caller(request)).order_by()
    items, following = page(rows, NEXT_FIRST, limit=paging.limit, cursor=paging.cursor, scope="absences")
    return answer({"items": [absence_shown(row) for row in items], "next": following})


@router.post("/absences", response={201: AbsenceShown}, operation_id="take_leave", summary="Say when you are away")
@door(SIGNED_IN)
def create_absence(request: ActingRequest, values: NewAbsence) -> HttpResponse:
    """Let the caller be away for some time, and a colleague of their teams stand in."""
    person = caller(request)
    named = person_by_email(colleagues_of(person), values.substitute, "substitute") if values.substitute else None
    taken = take_leave(person, by=request.actor, begins=values.begins, ends=values.ends, substitute=named)
    return answer(absence_shown(taken), status=201, location=f"{BASE}/absences")


@router.post(
    "/absences/{absence}/actions/end", response={204: None}, operation_id="end_leave", summary="Say that you are back"
)
@door(SIGNED_IN)
def end_absence(request: ActingRequest, absence: UUID) -> HttpResponse:
    """Let the caller be back now, or call off what has not begun."""
    end_leave(existing(absences_of(caller(request)).filter(uuid=absence).first()), by=request.actor)
    return nothing()
