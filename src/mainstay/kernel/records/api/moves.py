"""The operations of a lifecycle, one for each verb: what they take and are called comes from its moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from ninja import Router

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.lifecycle import Lifecycle
from mainstay.kernel.records.queries import require
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.schemas import Body, Number
from mainstay.kernel.rest.versions import check_version


@dataclass(frozen=True)
class Moves:
    """What one kind gives to its operations, which lie at `{path}/{number}/actions/{verb}`.

    `shape_of` returns the body of a verb, `find` the record that an actor may see. `references` tells how a value that
    refers to a row is found, by its name or by verb and name; the others are taken as they are. `actions` do it, and
    `shown` answers the record in the shape `response`.
    """

    kind: str
    path: str
    lifecycle: Lifecycle
    shape_of: Callable[[str], type[Body]]
    find: Callable[[Actor, str], Any]
    references: Mapping[str, Callable[[Any, str], Any]]
    actions: Mapping[str, Callable[..., Any]]
    response: Any
    shown: Callable[[ActingRequest, Any], HttpResponse]


def offer_moves(router: Router, moves: Moves) -> None:
    """Make the operation of every verb of a lifecycle."""
    for verb in moves.lifecycle.verbs:
        _offer(router, moves, verb)


def _offer(router: Router, moves: Moves, verb: str) -> None:
    shape, example = moves.shape_of(verb), moves.lifecycle.example(verb)

    def make_move(request: ActingRequest, number: Number, values: Any = None) -> HttpResponse:
        record = moves.find(request.actor, number)
        require(request.actor, verb, record)
        check_version(request, record.version)
        given = values.model_dump(exclude_none=True) if values else {}
        for name, value in given.items():
            if find := moves.references.get(f"{verb}.{name}") or moves.references.get(name):
                given[name] = find(record, value)
        moves.actions[verb](record, by=request.actor, **given)
        return moves.shown(request, record)

    make_move.__doc__ = f"Make the move `{verb}`: the {moves.kind} is {example.past}."
    if example.requires or example.accepts:
        make_move.__annotations__["values"], make_move.__defaults__ = shape, None
    else:  # nothing can be given, so the body may be left out
        make_move.__annotations__["values"] = shape | None
    router.post(
        f"{moves.path}/{{number}}/actions/{verb}",
        response=moves.response,
        operation_id=f"{verb}_{moves.kind}",
        summary=str(example.label),
    )(door(f"{moves.kind}.{verb}", on_record=True, versioned="optional")(make_move))
