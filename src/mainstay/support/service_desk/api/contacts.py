"""The interface to contacts; what every record has (timeline, comments, files, links) is in `kernel.records.api`."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Router

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.access.engine.decision import Place
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.records.api.finding import address
from mainstay.kernel.records.api.moves import Moves, offer_moves
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.records.queries import find_internal, require, visible_details
from mainstay.kernel.records.schemas.record import COLUMNS, RecordShown, record_row
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.cursors import Order, page
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.errors import InvalidParameter
from mainstay.kernel.rest.references import by_slug, known_people, known_teams, person_by_email
from mainstay.kernel.rest.schemas import Number, page_of
from mainstay.kernel.rest.versions import check_version
from mainstay.support.incidents.queries import assignable_teams as teams_for_incidents
from mainstay.support.incidents.queries import opening_categories
from mainstay.support.service_desk import actions, queries
from mainstay.support.service_desk.lifecycle import LIFECYCLE
from mainstay.support.service_desk.models import Contact
from mainstay.support.service_desk.queries import broadcasts, desk
from mainstay.support.service_desk.schemas import (
    AsIncident,
    BroadcastShown,
    ContactChanges,
    ContactFilter,
    ContactShown,
    NewBroadcast,
    NewContact,
    broadcast_shown,
    contact_shown,
    values_of,
)

router = Router(tags=["Contacts"])

#: Each order as an index has it, forwards or backwards.
ORDERS = {
    "updated": Order("updated", "id"),
    "-updated": Order("-updated", "-id"),
    "opened": Order("opened", "id"),
    "-opened": Order("-opened", "-id"),
}


def shown(request: ActingRequest, contact: Contact, *, status: int = 200) -> HttpResponse:
    """Answer a contact as the caller may see it; with 201, also where it is."""
    location = f"{BASE}/contacts/{contact.number}" if status == 201 else ""
    return answer(contact_shown(contact, request.actor), status=status, location=location, version=contact.version)


@router.get("/contacts", response=page_of(RecordShown), operation_id="list_contacts", summary="List contacts")
@door("contact.read")
def list_contacts(request: ActingRequest, filters: Query[ContactFilter]) -> HttpResponse:
    """The contacts that the caller may see, by page; one query, however long the list is."""
    given: dict[str, Any] = {name: getattr(filters, name) for name in ("state",) if getattr(filters, name)}
    if filters.type:
        given["contact__type"] = filters.type
    for name in ("team", "owner"):
        if slug := {"team": filters.team, "owner": filters.owner}[name]:
            given[f"{name}_id"] = _known_team(request.actor, slug, name).pk
    rows = _rows(request.actor).filter(**given)
    scope = f"contacts {filters.sort}"
    items, following = page(rows, ORDERS[filters.sort], limit=filters.limit, cursor=filters.cursor, scope=scope)
    return answer({"items": [_row(request, row) for row in items], "next": following})


def _known_team(actor: Actor, slug: str, field: str) -> Team:
    try:
        return by_slug(known_teams(actor), slug, field)
    except Invalid as refused:
        raise InvalidParameter(refused.errors) from None


def _rows(actor: Actor) -> QuerySet[Record, dict[str, Any]]:
    rows: QuerySet[Record, dict[str, Any]]
    rows = visible_details(Record, queries.KIND, actor).filter(kind=queries.KIND).values(*COLUMNS)
    return rows


def _row(request: ActingRequest, row: dict[str, Any]) -> RecordShown:
    place = Place(row["organisation_id"], row["access"], row["requester_id"], row["team_id"])
    return record_row(row, internal=request.actor.can("contact.read_internal", place))


@router.post("/contacts", response={201: ContactShown}, operation_id="create_contact", summary="Take in a contact")
@door("contact.create")
def create_contact(request: ActingRequest, values: NewContact) -> HttpResponse:
    """Take in what a requester, by default the caller, turns to the desk with; what it is, is found out later."""
    requester = _requester(request.actor, values.requester) if values.requester else request.actor.person
    contact = actions.create(
        by=request.actor,
        title=values.title,
        description=values.description,
        requester=requester,
        category=by_slug(opening_categories(), values.category, "category") if values.category else None,
        attributes=values.attributes,
        source=values.source,
        type=values.type,
        call_back=values.call_back,
    )
    return shown(request, contact, status=201)


def _requester(actor: Actor, email: str) -> Person:
    own = Person.objects.filter(pk=actor.person_id or 0, is_active=True)
    return person_by_email(known_people(actor, "contact.create") | own, email, "requester")


@router.get("/contacts/{number}", response=ContactShown, operation_id="get_contact", summary="Show a contact")
@door("contact.read", on_record=True)
def get_contact(request: ActingRequest, number: Number) -> HttpResponse:
    """One contact; its ETag is what a change must send back in If-Match. What it became is at /records/{number}."""
    return shown(request, queries.get(request.actor, number))


@router.patch("/contacts/{number}", response=ContactShown, operation_id="edit_contact", summary="Edit a contact")
@door("contact.edit", on_record=True, versioned="required")
def edit_contact(request: ActingRequest, number: Number, changes: ContactChanges) -> HttpResponse:
    """Change fields. State, team and person change by their own operations."""
    contact = queries.get(request.actor, number)
    require(request.actor, "edit", contact)
    version = check_version(request, contact.version)
    values = changes.model_dump(exclude_unset=True)
    if values.get("category"):
        values["category"] = _category(contact, values["category"])
    actions.edit(contact, by=request.actor, version=version, values=values)
    return shown(request, queries.get(request.actor, number))


def _category(contact: Contact, slug: str) -> Category:
    """Return the category: the one it has may stay although it is no longer chosen anew."""
    if contact.category is not None and contact.category.slug == slug:
        return contact.category
    return by_slug(opening_categories(), slug, "category")


@router.post(
    "/contacts/{number}/actions/turn-into-incident",
    response={201: RecordShown},
    operation_id="turn_into_incident",
    summary="Turn a contact into an incident",
)
@door("contact.convert", on_record=True, versioned="optional")
def turn_into_incident(request: ActingRequest, number: Number, values: AsIncident | None = None) -> HttpResponse:
    """Let the contact go on as an incident, with its conversation, files and watchers; its number leads there."""
    contact = queries.still_contact(request.actor, number)
    require(request.actor, "convert", contact)
    version = check_version(request, contact.version)
    given = values or AsIncident()
    incident = actions.turn_into_incident(
        contact,
        by=request.actor,
        version=version,
        impact=given.impact,
        urgency=given.urgency,
        team=by_slug(teams_for_incidents(contact.organisation), given.team, "team") if given.team else None,
        category=_category(contact, given.category) if given.category else None,
        attributes=given.attributes,
    )
    (row,) = Record.objects.filter(pk=incident.pk).values(*COLUMNS)
    internal = request.actor.can("incident.read_internal", incident)
    shown_now = record_row(row, internal=internal)
    return answer(shown_now, status=201, location=address(incident), version=incident.version)


#: How a value that refers to a row is found; a verb may mean another by it.
REFERENCES: dict[str, Callable[[Contact, str], Any]] = {
    "team": lambda contact, slug: by_slug(queries.assignable_teams(contact.organisation), slug, "team"),
    "person": lambda contact, email: person_by_email(
        Person.objects.filter(
            pk__in=Person.objects.filter(teams__in=queries.assignable_teams(contact.organisation)), is_active=True
        ),
        email,
        "person",
    ),
    "escalate.person": lambda contact, email: person_by_email(
        desk.superiors_for([contact.organisation]), email, "person"
    ),
}


offer_moves(
    router,
    Moves(
        kind=queries.KIND,
        path="/contacts",
        lifecycle=LIFECYCLE,
        shape_of=values_of,
        find=queries.get,
        references=REFERENCES,
        actions=actions.MOVES,
        response=ContactShown,
        shown=shown,
    ),
)


@router.post(
    "/broadcasts", response={201: BroadcastShown}, operation_id="create_broadcast", summary="Write to many cases"
)
@door("contact.read_internal")
def create_broadcast(request: ActingRequest, values: NewBroadcast) -> HttpResponse:
    """Let one public message be written to many open cases, by a job; each requester is told once.

    Cases that the caller may not write to, or that nobody works on any more, are left out.
    """
    actor, parent = request.actor, None
    if values.parent is not None:
        try:
            parent = find_internal(actor, values.parent)
        except Missing as missing:
            raise Invalid({"parent": missing.message}) from None
    cases = broadcasts.children(actor, parent) if parent else broadcasts.chosen(actor, values.cases)
    row = actions.broadcast(by=actor, body=values.body, cases=cases, parent=parent)
    shown = broadcast_shown(row, broadcasts.progress(actor, row))
    return answer(shown, status=201, location=f"{BASE}/broadcasts/{row.uuid}")


@router.get(
    "/broadcasts/{broadcast}",
    response=BroadcastShown,
    operation_id="get_broadcast",
    summary="Show a message to many cases",
)
@door("contact.read_internal")
def get_broadcast(request: ActingRequest, broadcast: UUID) -> HttpResponse:
    """A message to many cases, and how far it is at those that the caller works on."""
    row = broadcasts.broadcast(request.actor, broadcast)
    return answer(broadcast_shown(row, broadcasts.progress(request.actor, row)))
