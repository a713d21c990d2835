"""What those above add to the page of every record, whatever its kind: they know the page, it does not know them."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from mainstay.kernel.access.doors import ActingRequest

#: A button of the head, an entry under More, a card at the side, a control below the tasks, one of the composer, and a
#: button of the bar that acts on the selected rows of a list (there the record is None).
Place = Literal["buttons", "more", "side", "tasks", "composer", "bulk"]


@dataclass(frozen=True)
class Addition:
    """A template of the one who adds, and what it shows; there it is called `addition`."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


Adder = Callable[[ActingRequest, Any], Addition | None]
_adders: dict[Place, list[Adder]] = defaultdict(list)


def adds(place: Place) -> Callable[[Adder], Adder]:
    """Register what adds to a place of the page: asked with the request and the record, it may have nothing to add."""

    def register(adder: Adder) -> Adder:
        _adders[place].append(adder)
        return adder

    return register


def additions(request: ActingRequest, record: Any) -> Callable[[Place], list[Addition]]:
    """Return what gives the additions to a place, asked for when the page comes to it."""

    def to(place: Place) -> list[Addition]:
        return [found for add in _adders[place] if (found := add(request, record)) is not None]

    return to
