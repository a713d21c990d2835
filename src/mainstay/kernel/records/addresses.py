"""Where a record is shown. Everything that points to a record points to `/records/NUMBER`, which knows the way."""

from collections.abc import Callable

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import reads_internal

#: Returns the address of the page that shows the record to the actor, who may see it.
Address = Callable[[Actor, Record], str]

_addresses: dict[str, Address] = {}
#: Stands for the page on which requesters see a record, whatever its kind.
REQUESTERS = "*"


def address(kind: str) -> Callable[[Address], Address]:
    """Register the page that shows a record of `kind` to those who work on it, or to its requester (REQUESTERS)."""

    def register(function: Address) -> Address:
        _addresses[kind] = function
        return function

    return register


def address_of(actor: Actor, record: Record) -> str:
    """Return the address of the page that shows `record`, which `actor` may see, to them."""
    found = _addresses[record.kind if reads_internal(actor, record) else REQUESTERS]
    return found(actor, record)
