"""Notifications about other things than records: whoever stands above says how they read, and to whom."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from mainstay.kernel.access.actor import Actor


@dataclass(frozen=True)
class Subject:
    """What a notification is about: what it is called, and the address of its page."""

    title: str
    address: str


#: Returns those of some subjects that an actor may know of.
Describes = Callable[[Actor, Collection[str]], Mapping[str, Subject]]

_kinds: dict[str, tuple[Describes, Mapping[str, Any]]] = {}


def tells_of(kind: str, sentences: Mapping[str, Any]) -> Callable[[Describes], Describes]:
    """Register what describes subjects `kind:...`, and the sentence of each event about them."""

    def register(function: Describes) -> Describes:
        _kinds[kind] = (function, sentences)
        return function

    return register


def described(actor: Actor, subjects: Collection[str]) -> dict[str, Subject]:
    """Return those of some subjects that `actor` may know of, as they are now; one question for each kind."""
    found: dict[str, Subject] = {}
    for kind, (describes, _sentences) in _kinds.items():
        if own := [each for each in subjects if each.startswith(f"{kind}:")]:
            found |= describes(actor, own)
    return found


def sentence_of(event: str) -> str:
    """Return what a notification says about an event."""
    _describes, sentences = _kinds[event.partition(".")[0]]
    return str(sentences.get(event, ""))
