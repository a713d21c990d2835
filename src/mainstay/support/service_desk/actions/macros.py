"""Applying macros: several ordinary actions in one transaction, with the rights of the one who applies it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import NotPermitted, NotPossible
from mainstay.kernel.records.actions import comment, watch
from mainstay.kernel.records.actions.record import stale
from mainstay.kernel.records.models import Record
from mainstay.support.incidents import actions as incidents
from mainstay.support.service_desk.actions import fields, moves
from mainstay.support.service_desk.models import Macro
from mainstay.support.service_desk.queries.macros import Plan, plan
from mainstay.support.service_desk.queries.prepared import case_for_work

#: How the fields of each kind are edited, and its moves made.
EDIT: Mapping[str, Callable[..., Any]] = {"contact": fields.edit, "incident": incidents.edit}
MOVES: Mapping[str, Mapping[str, Callable[..., Any]]] = {"contact": moves.MOVES, "incident": incidents.MOVES}


@transaction.atomic
def apply_macro(macro: Macro, case: Record, *, by: Actor, version: int | None = None) -> None:
    """Do everything that `macro` does to a case, or nothing.

    `version` is that of the case whose plan the actor saw. Raises Stale when somebody else edited it since,
    NotPermitted when a right is missing, NotPossible with all reasons when something cannot be done, and what the
    actions raise.
    """
    Record.objects.select_for_update().get(pk=case.pk)
    case = case_for_work(by, case.number)
    if version is not None and version != case.version:
        raise stale()
    planned = plan(macro, case, by)
    if planned.forbidden:
        raise NotPermitted(" ".join(planned.forbidden))
    if planned.refusals:
        raise NotPossible(" ".join(planned.refusals))
    emit(f"{case.kind}.macro_applied", by=by, record_id=case.pk, data={"macro": macro.pk, "what": macro.name})
    for step in STEPS:
        step(macro, planned, case_for_work(by, case.number), by)


def _edit(macro: Macro, planned: Plan, case: Any, by: Actor) -> None:
    if planned.edits:
        EDIT[case.kind](case, by=by, version=case.version, values=planned.edits)


def _comment(macro: Macro, planned: Plan, case: Any, by: Actor) -> None:
    if planned.comment:
        comment(case, by=by, body=planned.comment, visibility=macro.visibility)


def _watch(macro: Macro, planned: Plan, case: Any, by: Actor) -> None:
    if planned.watches:
        watch(case, by=by)


def _assign(macro: Macro, planned: Plan, case: Any, by: Actor) -> None:
    if planned.assigns:
        team, person = planned.assigns
        if team is not None and case.team_id not in (None, team.pk):  # another team gets it with a reason only
            MOVES[case.kind]["hand_over"](case, by=by, team=team, person=person, reason=macro.name)
        else:
            MOVES[case.kind]["assign"](case, by=by, team=team, person=person)


def _move(macro: Macro, planned: Plan, case: Any, by: Actor) -> None:
    if planned.move:
        MOVES[case.kind][planned.move](case, by=by, **values_of_move(macro, planned.words))


def values_of_move(macro: Macro, words: str) -> dict[str, Any]:
    """Return what the move of a macro is given, `words` being its solution or reason."""
    if macro.verb == "hold":
        until = timezone.now() + timedelta(days=macro.hold_days) if macro.hold_days else None
        return {"reason": macro.hold_reason, "until": until}
    if macro.verb == "resolve":
        return {"solution": words, "closing_category": macro.closing_category}
    if macro.verb == "answer":
        return {"solution": words}
    return {"reason": words} if macro.verb in ("reopen", "cancel") else {}


#: What a macro does, in this order: each sees what the former changed, and the move comes last.
STEPS = (_edit, _comment, _watch, _assign, _move)
