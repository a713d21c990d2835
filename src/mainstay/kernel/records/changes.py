"""Who is told, in the transaction, that a record was made or that its own fields were changed.

Unlike a reaction to an event, a follower gets the record itself as the action holds it: what it changes further, the
caller of the action sees.
"""

from collections.abc import Callable, Collection
from typing import Any

#: Takes the record, the names of the fields that were set, whether it is new of its kind, and which of its fields were
#: not decided by anybody but merely have a value for want of a better one.
Follower = Callable[[Any, frozenset[str], bool, frozenset[str]], None]

_followers: list[Follower] = []


def follows(function: Follower) -> Follower:
    """Register a follower; it runs after the event and all reactions to it."""
    _followers.append(function)
    return function


def tell(record: Any, names: Collection[str], *, new: bool = False, undecided: Collection[str] = ()) -> None:
    """Tell all followers."""
    for follower in _followers:
        follower(record, frozenset(names), new, frozenset(undecided))
