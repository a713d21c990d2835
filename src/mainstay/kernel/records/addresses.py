"""Where a record is shown. Everything that points to a record points to `/records/NUMBER`, which knows the way."""

from collections.abc import Callable

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.models import Record

#: Returns the address of the page that shows the record to the actor, who may see it.
Address = Callable[[Actor, Record], str]

addresses: dict[str, Address] = {}


def address(kind: str) -> Callable[[Address], Address]:
    """Register which page shows a record of `kind` to whom: agents and requesters have one each."""

    def register(function: Address) -> Address:
        addresses[kind] = function
        return function

    return register
