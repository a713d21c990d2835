"""The interface to search."""

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.queries import find, find_internal
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.errors import InvalidParameter
from mainstay.kernel.rest.schemas import Number
from mainstay.kernel.search import queries
from mainstay.kernel.search.queries.similar import similar_to
from mainstay.kernel.search.queries.suggestions import suggestions_for
from mainstay.kernel.search.schemas import (
    FoundShown,
    SearchText,
    SimilarShown,
    SuggestionsShown,
    alike_shown,
    found_shown,
    suggestion_shown,
)

router = Router(tags=["Search"])


@router.get("/search", response=FoundShown, operation_id="search", summary="Search")
@door(SIGNED_IN)
def search(request: ActingRequest, asked: Query[SearchText]) -> HttpResponse:
    """Records of every kind that the caller may see, best first."""
    try:
        found = queries.search(request.actor, asked.q, limit=asked.limit, cursor=asked.cursor)
    except Invalid as refused:
        raise InvalidParameter(refused.errors) from None
    return answer(found_shown(found))


@router.get(
    "/records/{number}/similar",
    response=SimilarShown,
    operation_id="list_similar",
    summary="List similar records",
)
@door("*.read", on_record=True)
def list_similar(request: ActingRequest, number: Number) -> HttpResponse:
    """Up to ten records that the caller may see and whose words are most like this one's, the most alike first.

    A job finds them, a minute or more after a record was written. Who sees only some records of an organisation is
    shown none: what they may not see would have had a say.
    """
    record = find(request.actor, number)
    return answer({"items": [alike_shown(each) for each in similar_to(request.actor, record)]})


@router.get(
    "/records/{number}/suggestions",
    response=SuggestionsShown,
    operation_id="list_suggestions",
    summary="List suggestions",
)
@door("*.read_internal", on_record=True)
def list_suggestions(request: ActingRequest, number: Number) -> HttpResponse:
    """What the empty category and team of an unfinished record probably should be.

    It is learnt each night from what the organisation has finished, and found out by a job, a minute or more after a
    record was written. Who sees only some records of an organisation is shown nothing: what they may not see would
    have had a say.
    """
    record = find_internal(request.actor, number)
    return answer({"items": [suggestion_shown(each) for each in suggestions_for(request.actor, record)]})
