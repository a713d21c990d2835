"""Which events exist and who reacts to them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mainstay.kernel.events.models import Event

Reaction = Callable[["Event"], None]

_declared: set[str] = set()
_reactions: dict[str, list[Reaction]] = defaultdict(list)


def declare(kind: str, pasts: Iterable[str]) -> None:
    """Declare the events of a kind, by their past participles: `declare("incident", ["created", "edited"])`."""
    _declared.update(f"{kind}.{past}" for past in pasts)


def declared() -> frozenset[str]:
    """Return every declared event name."""
    return frozenset(_declared)


def on(name: str) -> Callable[[Reaction], Reaction]:
    """Register a reaction to an event, run in the event's own transaction.

    `name` is a declared event, or `*.past` for that event of every kind.
    """

    def register(reaction: Reaction) -> Reaction:
        _reactions[name].append(reaction)
        return reaction

    return register


def reactions_to(name: str) -> list[Reaction]:
    """Return the reactions to a declared event, those to its own name first. Raises LookupError if undeclared."""
    if name not in _declared:
        raise LookupError(f"event {name} is not declared")
    return [*_reactions[name], *_reactions["*." + name.rpartition(".")[2]]]


def listened_to() -> frozenset[str]:
    """Return every name that somebody reacts to."""
    return frozenset(name for name, reactions in _reactions.items() if reactions)
