"""The interface to incidents; what every record has (timeline, comments, files, links) is in `kernel.records.api`."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db.models import BigIntegerField, CharField, Field, IntegerField, QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.access.engine.decision import Place, Standing
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.api.moves import Moves, offer_moves
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.records.queries import require, visible_details
from mainstay.kernel.records.schemas.record import COLUMNS, RecordShown, record_row
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.cursors import Order, cut, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.errors import InvalidParameter
from mainstay.kernel.rest.references import by_slug, known_people, known_teams, person_by_email
from mainstay.kernel.rest.schemas import Number, Paging, page_of
from mainstay.kernel.rest.versions import check_version
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident, Source
from mainstay.support.incidents.schemas import (
    FollowUp,
    HoldReasonShown,
    IncidentChanges,
    IncidentFilter,
    IncidentShown,
    NewIncident,
    PriorityOverride,
    hold_reason_shown,
    incident_shown,
    values_of,
)

router = Router(tags=["Incidents"])

#: Each order as an index has it, forwards or backwards.
ORDERS = {
    "updated": Order("updated", "id"),
    "-updated": Order("-updated", "-id"),
    "opened": Order("opened", "id"),
    "-opened": Order("-opened", "-id"),
    "priority": Order("priority", "-id"),
    "-priority": Order("-priority", "id"),
    "number": Order("number", "id"),
    "-number": Order("-number", "-id"),
}


def shown(request: ActingRequest, incident: Incident, *, status: int = 200) -> HttpResponse:
    """Answer an incident as the caller may see it; with 201, also where it is."""
    location = f"{BASE}/incidents/{incident.number}" if status == 201 else ""
    return answer(incident_shown(incident, request.actor), status=status, location=location, version=incident.version)


@router.get("/incidents", response=page_of(RecordShown), operation_id="list_incidents", summary="List incidents")
@door("incident.read")
def list_incidents(request: ActingRequest, filters: Query[IncidentFilter]) -> HttpResponse:
    """The incidents that the caller may see, by page; one query, however long the list is."""
    given: dict[str, Any] = {name: getattr(filters, name) for name in ("state", "priority") if getattr(filters, name)}
    if filters.team is not None:
        try:
            given["team_id"] = by_slug(known_teams(request.actor), filters.team, "team").pk
        except Invalid as refused:
            raise InvalidParameter(refused.errors) from None
    order, scope, limit = ORDERS[filters.sort], f"incidents {filters.sort}", filters.limit
    if filters.cursor is None:
        found = _newest(request.actor.standing, order, limit + 1, tuple(given))(**given)
        items, following = cut(found, order, limit=limit, scope=scope)
    else:
        rows = _rows(request.actor).filter(**given)
        items, following = page(rows, order, limit=limit, cursor=filters.cursor, scope=scope)
    return answer({"items": [_row(request, row) for row in items], "next": following})


def _rows(actor: Actor) -> QuerySet[Record, dict[str, Any]]:
    rows: QuerySet[Record, dict[str, Any]]
    rows = visible_details(Record, queries.KIND, actor).filter(kind=queries.KIND).values(*COLUMNS)
    return rows


FILTERED: "dict[str, Field[Any, Any]]" = {
    "state": CharField(),
    "priority": IntegerField(),
    "team_id": BigIntegerField(),
}


@lru_cache(maxsize=KEPT)
def _newest(standing: Standing, order: Order, most: int, filters: tuple[str, ...]) -> Statement[dict[str, Any]]:
    """Return the question for the first page of a list with these filters."""
    rows = _rows(Actor(standing)).order_by(order.field, order.unique)
    return Statement(lambda **given: rows.filter(**given)[:most], **{name: FILTERED[name] for name in filters})


def _row(request: ActingRequest, row: dict[str, Any]) -> RecordShown:
    place = Place(row["organisation_id"], row["access"], row["requester_id"], row["team_id"])
    return record_row(row, internal=request.actor.can("incident.read_internal", place))


@router.post("/incidents", response={201: IncidentShown}, operation_id="create_incident", summary="Open an incident")
@door("incident.create")
def create_incident(request: ActingRequest, values: NewIncident) -> HttpResponse:
    """Open an incident for a requester, by default the caller."""
    requester = _requester(request.actor, values.requester) if values.requester else request.actor.person
    incident = actions.create(
        by=request.actor,
        title=values.title,
        description=values.description,
        impact=values.impact,
        urgency=values.urgency,
        requester=requester,
        team=_team(requester, values.team),
        category=by_slug(queries.opening_categories(), values.category, "category") if values.category else None,
        attributes=values.attributes,
        source=Source.API,
        call_back=values.call_back,
    )
    return shown(request, incident, status=201)


def _requester(actor: Actor, address: str) -> Person:
    found = _requesters_called(actor.standing)(address=address.lower())
    return found[0] if found else person_by_email(_requesters(actor), address, "requester")


@lru_cache(maxsize=KEPT)
def _requesters_called(standing: Standing) -> Statement[Person]:
    people = _requesters(Actor(standing)).alias(address=Lower("email")).select_related("organisation")
    return Statement(lambda address: people.filter(address=address), address=CharField())


def _requesters(actor: Actor) -> QuerySet[Person]:
    """Return the people for whom the caller may open incidents: those of its organisations, and itself."""
    own = Person.objects.filter(pk=actor.person_id or 0, is_active=True)
    return known_people(actor, "incident.create") | own


def _team(requester: Person | None, slug: str | None) -> Any:
    if slug is None or requester is None:
        return None
    return by_slug(queries.assignable_teams(requester.organisation), slug, "team")


@router.get("/incidents/{number}", response=IncidentShown, operation_id="get_incident", summary="Show an incident")
@door("incident.read", on_record=True)
def get_incident(request: ActingRequest, number: Number) -> HttpResponse:
    """One incident; its ETag is what a change must send back in If-Match."""
    return shown(request, queries.get(request.actor, number))


@router.patch("/incidents/{number}", response=IncidentShown, operation_id="edit_incident", summary="Edit an incident")
@door("incident.edit", on_record=True, versioned="required")
def edit_incident(request: ActingRequest, number: Number, changes: IncidentChanges) -> HttpResponse:
    """Change fields. State, team, person and priority change by their own operations."""
    incident = queries.get(request.actor, number)
    require(request.actor, "edit", incident)
    version = check_version(request, incident.version)
    values = changes.model_dump(exclude_unset=True)
    if values.get("category"):
        values["category"] = _category(incident, values["category"])
    actions.edit(incident, by=request.actor, version=version, values=values)
    return shown(request, incident)


def _category(incident: Incident, slug: str) -> Category:
    """Return the category: the one it has may stay although it is no longer chosen anew."""
    if incident.category is not None and incident.category.slug == slug:
        return incident.category
    return by_slug(queries.opening_categories(), slug, "category")


@router.post(
    "/incidents/{number}/priority",
    response=IncidentShown,
    operation_id="override_priority",
    summary="Override the priority",
)
@door("incident.override_priority", on_record=True, versioned="optional")
def override_priority(request: ActingRequest, number: Number, values: PriorityOverride) -> HttpResponse:
    """Set a priority that differs from the matrix, until impact or urgency change."""
    incident = queries.get(request.actor, number)
    require(request.actor, "override_priority", incident)
    version = check_version(request, incident.version)
    actions.override_priority(
        incident, by=request.actor, version=version, priority=values.priority, reason=values.reason
    )
    return shown(request, incident)


@router.post(
    "/incidents/{number}/follow-ups",
    response={201: IncidentShown},
    operation_id="follow_up",
    summary="Open an incident that follows a closed one",
)
@door("incident.create", on_record=True)
def follow_up(request: ActingRequest, number: Number, values: FollowUp) -> HttpResponse:
    """Open a new incident when it is too late to reopen the old one."""
    closed = queries.get(request.actor, number)
    follower = actions.follow_up(closed, by=request.actor, reason=values.reason, source=Source.API)
    return shown(request, follower, status=201)


#: How a value that refers to a row is found; a verb may mean another by it.
REFERENCES: dict[str, Callable[[Incident, str], Any]] = {
    "team": lambda incident, slug: by_slug(queries.assignable_teams(incident.organisation), slug, "team"),
    "person": lambda incident, email: person_by_email(
        Person.objects.filter(
            pk__in=Person.objects.filter(teams__in=queries.assignable_teams(incident.organisation)), is_active=True
        ),
        email,
        "person",
    ),
    "hold.reason": lambda incident, slug: by_slug(queries.hold_reasons(), slug, "reason"),
    "escalate.person": lambda incident, email: person_by_email(
        queries.superiors_for([incident.organisation]), email, "person"
    ),
    "closing_category": lambda incident, slug: by_slug(queries.closing_categories(), slug, "closing_category"),
}


offer_moves(
    router,
    Moves(
        kind=queries.KIND,
        path="/incidents",
        lifecycle=LIFECYCLE,
        shape_of=values_of,
        find=queries.get,
        references=REFERENCES,
        actions=actions.MOVES,
        response=IncidentShown,
        shown=shown,
    ),
)


@router.get(
    "/hold-reasons", response=page_of(HoldReasonShown), operation_id="list_hold_reasons", summary="List hold reasons"
)
@door("incident.read")
def list_hold_reasons(request: ActingRequest, paging: Query[Paging]) -> HttpResponse:
    """The reasons for which an incident may be put on hold."""
    items, following = page(
        queries.hold_reasons(),
        Order("position", "id"),
        limit=paging.limit,
        cursor=paging.cursor,
        scope="hold-reasons",
    )
    return answer({"items": [hold_reason_shown(reason) for reason in items], "next": following})
