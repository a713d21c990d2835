"""Cases as the interface shows them, records that somebody has a word in, and what their moves take."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import create_model

from mainstay.kernel.lifecycle import Lifecycle, Move
from mainstay.kernel.records.attributes import definitions
from mainstay.kernel.records.schemas.record import RecordShown, record_shown
from mainstay.kernel.rest.schemas import Body, closed


@closed
class CaseShown(RecordShown):
    """What every case has. Fields of the internal side are null for those who see only the public one.

    `moves` are the verbs that the caller may use now.
    """

    description: str
    source: str
    call_back: str
    solution: str
    hand_overs: int | None
    escalations: int | None
    reopenings: int | None
    attributes: dict[str, Any]
    moves: list[str]


def case_shown(case: Any, *, internal: bool, moves: Iterable[Move]) -> CaseShown:
    """Return a case from its object, with its internal fields or without, and what can be done with it."""
    return {
        **record_shown(case, internal=internal),
        "description": case.description,
        "source": case.source,
        "call_back": case.call_back,
        "solution": case.solution,
        "hand_overs": case.hand_overs if internal else None,
        "escalations": case.escalations if internal else None,
        "reopenings": case.reopenings if internal else None,
        "attributes": case.attributes if internal else _public_attributes(case),
        "moves": [move.verb for move in moves],
    }


def _public_attributes(case: Any) -> dict[str, Any]:
    if not case.attributes:
        return {}
    public = definitions(case.kind, case.category, public_only=True).values_list("slug", flat=True)
    return {slug: case.attributes[slug] for slug in public if slug in case.attributes}


def shape_of_move(lifecycle: Lifecycle, verb: str, name: str, type_of: Callable[[str], Any]) -> type[Body]:
    """Return the shape, called `name`, of what a verb takes: the values it requires and accepts, each of its type."""
    move = lifecycle.example(verb)
    fields: dict[str, Any] = {value: (type_of(value), ...) for value in move.requires}
    fields |= {value: (type_of(value) | None, None) for value in move.accepts}
    shape: type[Body] = create_model(name, __base__=Body, __doc__=str(move.label), **fields)
    return shape
