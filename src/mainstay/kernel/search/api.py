"""The interface to search."""

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.errors import InvalidParameter
from mainstay.kernel.search import queries
from mainstay.kernel.search.schemas import FoundShown, SearchText, found_shown

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
