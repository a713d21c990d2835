"""The interface to announcements and planned outages."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.access.queries import managed
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import by_slug
from mainstay.kernel.rest.schemas import page_of
from mainstay.kernel.rest.versions import check_version
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Announcement
from mainstay.support.service_desk.queries import announcements as queries
from mainstay.support.service_desk.schemas.announcements import (
    AnnouncementChanges,
    AnnouncementFilter,
    AnnouncementShown,
    Cancelling,
    CoverageShown,
    NewAnnouncement,
    announcement_shown,
    coverage_shown,
)

router = Router(tags=["Announcements"])

LATEST_FIRST = Order("-begins", "-id")


def _with_rows(actor: Actor, given: dict[str, Any]) -> dict[str, Any]:
    """Return what was given with the rows that its slugs name, among those that `actor` may announce to."""
    here = managed(actor, queries.ANNOUNCE)
    teams = Team.objects.filter(retired=None, organisation__in=here.values("pk"))
    for name, rows in (("organisations", here), ("teams", teams)):
        if name in given:
            given[name] = [by_slug(rows, slug, name) for slug in given[name]]
    return given


def _answered(request: ActingRequest, row: Announcement, status: int = 200, location: str = "") -> HttpResponse:
    row.refresh_from_db()
    shown = announcement_shown(row, request.actor)
    return answer(shown, status=status, location=location, version=row.version)


@router.get(
    "/announcements",
    response=page_of(AnnouncementShown),
    operation_id="list_announcements",
    summary="List announcements",
)
@door(SIGNED_IN)
def list_announcements(request: ActingRequest, values: Query[AnnouncementFilter]) -> HttpResponse:
    """The announcements and planned outages that concern the caller or those they work for, the latest first."""
    rows = queries.visible_to(request.actor)
    if values.state is not None:
        rows = queries.STATES[values.state](rows)
    found, following = page(
        rows.order_by(),
        LATEST_FIRST,
        limit=values.limit,
        cursor=values.cursor,
        scope=f"announcements {values.state or ''}",
    )
    return answer({"items": [announcement_shown(each, request.actor) for each in found], "next": following})


@router.post("/announcements", response={201: AnnouncementShown}, operation_id="announce", summary="Announce something")
@door(queries.ANNOUNCE)
def announce(request: ActingRequest, values: NewAnnouncement) -> HttpResponse:
    """Announce something, or plan an outage; those whom it concerns are told in the background."""
    row = actions.announce(by=request.actor, **_with_rows(request.actor, values.model_dump()))
    return _answered(request, row, 201, f"{BASE}/announcements/{row.uuid}")


@router.get(
    "/announcements/{announcement}",
    response=AnnouncementShown,
    operation_id="get_announcement",
    summary="Show an announcement",
)
@door(SIGNED_IN)
def get_announcement(request: ActingRequest, announcement: UUID) -> HttpResponse:
    """One announcement."""
    return _answered(request, queries.announcement(request.actor, announcement))


@router.patch(
    "/announcements/{announcement}",
    response=AnnouncementShown,
    operation_id="change_announcement",
    summary="Change an announcement",
)
@door(queries.ANNOUNCE, versioned="optional")
def change_announcement(request: ActingRequest, announcement: UUID, values: AnnouncementChanges) -> HttpResponse:
    """Change an announcement; where its time moves, all are told again."""
    row = queries.announcement(request.actor, announcement)
    given = {name: value for name, value in values.model_dump(exclude_unset=True).items() if value is not None}
    version = check_version(request, row.version)
    changed = _with_rows(request.actor, given)
    return _answered(request, actions.change_announcement(row, by=request.actor, version=version, **changed))


@router.post(
    "/announcements/{announcement}/actions/cancel",
    response=AnnouncementShown,
    operation_id="cancel_announcement",
    summary="Cancel an announcement",
)
@door(queries.ANNOUNCE)
def cancel_announcement(request: ActingRequest, announcement: UUID, values: Cancelling) -> HttpResponse:
    """Cancel what is not over; those who had heard of it are told."""
    row = queries.announcement(request.actor, announcement)
    actions.cancel_announcement(row, by=request.actor, reason=values.reason)
    return _answered(request, row)


@router.get(
    "/announcements/{announcement}/coverage",
    response=CoverageShown,
    operation_id="get_coverage",
    summary="Show who was told",
)
@door(queries.ANNOUNCE)
def get_coverage(request: ActingRequest, announcement: UUID) -> HttpResponse:
    """How many of those whom it concerns were told, and how long before; for who may change it."""
    row = queries.announcement(request.actor, announcement)
    if not queries.may_change(request.actor, row):
        raise Missing("")
    return answer(coverage_shown(queries.coverage(row)))
