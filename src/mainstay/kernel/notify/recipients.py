"""Whom an event concerns, where a folder above says so itself."""

from collections.abc import Callable

from mainstay.kernel.events.models import Event

#: Returns the ids of people; whether they may know of the event is asked when they are told.
Recipients = Callable[[Event], set[int]]

_named: dict[str, Recipients] = {}


def concerns(name: str) -> Callable[[Recipients], Recipients]:
    """Let a function say whom events of this name (`kind.past`) concern, instead of who works on their record."""

    def register(function: Recipients) -> Recipients:
        _named[name] = function
        return function

    return register


def named_by(event: Event) -> set[int] | None:
    """Return whom an event concerns, or None where nobody said so."""
    function = _named.get(event.name)
    return function(event) if function else None
