"""What those above ask along with a deed on a record: they know the deed, it does not know them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms

from mainstay.kernel.access.actor import Actor

#: The deed itself, all it takes given.
Deed = Callable[[], Any]


def _only(deed: Deed, answers: Mapping[str, Any]) -> Any:
    return deed()


@dataclass(frozen=True)
class Asked:
    """Further fields of the form of a deed, and what does the deed together with what was answered in them."""

    fields: Mapping[str, forms.Field] = field(default_factory=dict)
    do: Callable[[Deed, Mapping[str, Any]], Any] = _only


NOTHING = Asked()
#: Given the actor, the record and the verb of a move or `comment`; nothing to ask is None.
Asker = Callable[[Actor, Any, str], Asked | None]
_askers: list[Asker] = []


def asks(asker: Asker) -> Asker:
    """Register who may have something to ask. The first that has is heard."""
    _askers.append(asker)
    return asker


def asked(actor: Actor, record: Any, verb: str) -> Asked:
    """Return what is asked along with a deed."""
    return next((found for ask in _askers if (found := ask(actor, record, verb)) is not None), NOTHING)
