"""The interface to how satisfied requesters are."""

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.records.api.finding import record_for
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import existing
from mainstay.kernel.rest.schemas import Number, page_of
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.ratings import rating_of, ratings
from mainstay.support.service_desk.schemas.ratings import GivenRating, RatingFilter, RatingShown, rating_shown

router = Router(tags=["Records"])

NEWEST_FIRST = Order("-answered", "-id")


@router.get("/ratings", response=page_of(RatingShown), operation_id="list_ratings", summary="List ratings")
@door("contact.read_internal")
def list_ratings(request: ActingRequest, values: Query[RatingFilter]) -> HttpResponse:
    """How satisfied requesters are with the records that the caller works on or oversees, the newest answer first."""
    rows, following = page(
        ratings(request.actor).filter(score__lte=values.at_most),
        NEWEST_FIRST,
        limit=values.limit,
        cursor=values.cursor,
        scope=f"ratings {values.at_most}",
    )
    return answer({"items": [rating_shown(each, request.actor) for each in rows], "next": following})


@router.get("/records/{number}/rating", response=RatingShown, operation_id="get_rating", summary="Show a rating")
@door("*.read", on_record=True)
def get_rating(request: ActingRequest, number: Number) -> HttpResponse:
    """How satisfied the requester is with the record: for themselves, and for those who see its internal part."""
    found = existing(rating_of(request.actor, record_for(request, number)))
    return answer(rating_shown(found, request.actor))


@router.put("/records/{number}/rating", response=RatingShown, operation_id="rate", summary="Rate")
@door("*.comment", on_record=True)
def rate(request: ActingRequest, number: Number, values: GivenRating) -> HttpResponse:
    """Say how satisfied the caller is, who must be its requester, with a record that was solved not long ago."""
    record = record_for(request, number)
    rating = actions.rate(record, by=request.actor, score=values.score, words=values.words)
    return answer(rating_shown(rating, request.actor))
