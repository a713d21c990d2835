"""Records themselves and what they refer to, as the interface shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from mainstay.kernel.people.models import Team
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.rest.schemas import PersonReference, closed, person_reference


@closed
class RecordShown(TypedDict):
    """What every record has. `assignee` is null for those who see only the public part; `next_update` is by when the
    requester was promised news."""

    number: str
    kind: str
    title: str
    state: str
    state_category: str
    priority: int
    access: str
    organisation: str
    requester: PersonReference | None
    team: str | None
    assignee: PersonReference | None
    category: str | None
    opened: datetime
    updated: datetime
    due: datetime | None
    next_update: datetime | None
    resolved: datetime | None
    closed: datetime | None
    version: int


#: The columns that `record_row` reads: Record's own and the names they point to, by joins, in one query.
COLUMNS = (
    *("id", "number", "kind", "title", "state", "state_category", "priority", "access", "opened", "updated", "due"),
    "next_update",
    *("resolved", "closed", "version", "organisation_id", "requester_id", "team_id", "organisation__slug"),
    *("requester__name", "requester__email", "team__slug", "assignee__name", "assignee__email", "category__slug"),
)


def record_row(row: Mapping[str, Any], *, internal: bool) -> RecordShown:
    """Return a record from a row of `values(*COLUMNS)`, with its internal fields or without."""
    return {
        "number": row["number"],
        "kind": row["kind"],
        "title": row["title"],
        "state": row["state"],
        "state_category": row["state_category"],
        "priority": row["priority"],
        "access": row["access"],
        "organisation": row["organisation__slug"],
        "requester": _named(row["requester__name"], row["requester__email"]),
        "team": row["team__slug"],
        "assignee": _named(row["assignee__name"], row["assignee__email"]) if internal else None,
        "category": row["category__slug"],
        "opened": row["opened"],
        "updated": row["updated"],
        "due": row["due"],
        "next_update": row["next_update"],
        "resolved": row["resolved"],
        "closed": row["closed"],
        "version": row["version"],
    }


def _named(name: str | None, email: str | None) -> PersonReference | None:
    return None if name is None else {"name": name, "email": email}


def record_shown(record: Record, *, internal: bool) -> RecordShown:
    """Return a record from its object, with its internal fields or without."""
    return {
        "number": record.number,
        "kind": record.kind,
        "title": record.title,
        "state": record.state,
        "state_category": record.state_category,
        "priority": record.priority,
        "access": record.access,
        "organisation": record.organisation.slug,
        "requester": person_reference(record.requester),
        "team": record.team.slug if record.team else None,
        "assignee": person_reference(record.assignee) if internal else None,
        "category": record.category.slug if record.category else None,
        "opened": record.opened,
        "updated": record.updated,
        "due": record.due,
        "next_update": record.next_update,
        "resolved": record.resolved,
        "closed": record.closed,
        "version": record.version,
    }


@closed
class CategoryShown(TypedDict):
    """A category, with the slug of the one above it; what it may be chosen for."""

    slug: str
    name: str
    parent: str | None
    opens: bool
    closes: bool


def category_shown(category: Category) -> CategoryShown:
    """Return a category as the interface shows it."""
    return {
        "slug": category.slug,
        "name": category.name,
        "parent": category.parent.slug if category.parent else None,
        "opens": category.opens,
        "closes": category.closes,
    }


@closed
class TeamShown(TypedDict):
    """A team and the organisation it belongs to."""

    slug: str
    name: str
    organisation: str


def team_shown(team: Team) -> TeamShown:
    """Return a team as the interface shows it."""
    return {"slug": team.slug, "name": team.name, "organisation": team.organisation.slug}
