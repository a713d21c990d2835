"""The rows that references are filled with: categories and teams."""

from typing import Literal

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.records.models import Category
from mainstay.kernel.records.schemas.record import CategoryShown, TeamShown, category_shown, team_shown
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import known_teams
from mainstay.kernel.rest.schemas import Paging, page_of

router = Router(tags=["References"])

BY_NAME = Order("name", "id")


class CategoryFilter(Paging):
    """Categories, if wanted only those that may be chosen when a record is opened, or closed."""

    chosen_when: Literal["opening", "closing"] | None = None


@router.get("/categories", response=page_of(CategoryShown), operation_id="list_categories", summary="List categories")
@door(SIGNED_IN)
def list_categories(request: ActingRequest, filters: Query[CategoryFilter]) -> HttpResponse:
    """The categories in use, by name."""
    wanted = {None: {}, "opening": {"opens": True}, "closing": {"closes": True}}[filters.chosen_when]
    items, following = page(
        Category.objects.filter(retired=None, **wanted).select_related("parent"),
        BY_NAME,
        limit=filters.limit,
        cursor=filters.cursor,
        scope="categories",
    )
    return answer({"items": [category_shown(category) for category in items], "next": following})


@router.get("/teams", response=page_of(TeamShown), operation_id="list_teams", summary="List teams")
@door("people.read")
def list_teams(request: ActingRequest, paging: Query[Paging]) -> HttpResponse:
    """The teams of the organisations whose people the caller may see, by name."""
    items, following = page(
        known_teams(request.actor).select_related("organisation"),
        BY_NAME,
        limit=paging.limit,
        cursor=paging.cursor,
        scope="teams",
    )
    return answer({"items": [team_shown(team) for team in items], "next": following})
