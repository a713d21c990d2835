"""How a record reads to those who do not work on it: what the portal registers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mainstay.kernel.access.actor import Actor


@dataclass(frozen=True)
class Reading:
    """`find` returns a record as its requester may see it, or raises Missing; `told` says what events read like.

    An event that `told` does not name is not told.
    """

    find: Callable[[Actor, str], Any]
    told: Mapping[str, Any]


_readings: list[Reading] = []


def for_requesters(find: Callable[[Actor, str], Any], told: Mapping[str, Any]) -> None:
    """Register, once, how records read to requesters."""
    _readings[:] = [Reading(find, told)]


def reading() -> Reading:
    """Return how records read to requesters."""
    return _readings[0]
