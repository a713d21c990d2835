"""What the operations on records begin with: the record, as the caller may see it."""

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.records import queries
from mainstay.kernel.records.models import Record
from mainstay.kernel.rest.answers import BASE


def record_for(request: ActingRequest, number: str) -> Record:
    """Return the record with this number, now or once, that the caller may see; raise Missing if there is none."""
    return _found(request.actor, number)


_found = queries.Finder(
    lambda actor: queries.visible_to(actor).select_related("organisation", "requester", "team", "assignee", "category")
)


def address(record: Record) -> str:
    """Return where the interface has a record."""
    return f"{BASE}/records/{record.number}"
