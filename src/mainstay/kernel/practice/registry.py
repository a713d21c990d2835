"""Where a folder contributes to another that stands below it and must not know it.

A registry is filled while Django starts (see `Room.ready`) and only read afterwards.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of record as its practice declares it (see `Practice`); `lifecycle` is its Lifecycle."""

    name: str
    prefix: str
    icon: str
    place: int
    lifecycle: Any


#: Every kind of record by name, filled by the practices while Django starts.
kinds: dict[str, Kind] = {}

#: Asked for an administrator's own name of a state, given kind, state and audience (`agents` or `requesters`).
Naming = Callable[[str, str, str], "str | None"]

_naming: list[Naming] = []


def names_states(function: Naming) -> Naming:
    """Register what knows the administrator's names of states; None means the one shipped."""
    _naming.append(function)
    return function


def name_of_state(kind: str, state: str, audience: str, shipped: Any) -> str:
    """Return what a state is called now, in the current language."""
    own = (naming(kind, state, audience) for naming in _naming)
    return next((name for name in own if name), None) or str(shipped)


#: Asked before a move: returns the reason why not, or None. Keyed by capability, such as `incident.resolve`.
Guard = Callable[[Any], "str | None"]

_guards: dict[str, list[Guard]] = defaultdict(list)


def guard(capability: str) -> Callable[[Guard], Guard]:
    """Register a function that may refuse a move: it takes the record and returns the reason, or None."""

    def register(function: Guard) -> Guard:
        _guards[capability].append(function)
        return function

    return register


def refusals(capability: str, record: Any) -> list[str]:
    """Return every reason why `capability` is refused on `record` now; the button, the API and the move all ask."""
    return [reason for ask in _guards[capability] if (reason := ask(record))]
