"""What a macro would do to a case, and why it cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.lifecycle import Move
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.registry import kinds, refusals
from mainstay.kernel.records.declarations import RECORD_CAPABILITIES
from mainstay.kernel.records.models import Visibility, Watch
from mainstay.kernel.records.queries import category_path
from mainstay.support.incidents.models import Level, Priority
from mainstay.support.incidents.queries import priority_for
from mainstay.support.service_desk.models import Macro
from mainstay.support.service_desk.queries.prepared import filled


@dataclass(frozen=True)
class Effect:
    """A field before and after; `before` is empty where something is done rather than changed."""

    label: str
    after: str
    before: str = ""


@dataclass(frozen=True)
class Plan:
    """What a macro does to one case for one person: `edits`, `assigns` and `move` are what the actions are given."""

    effects: list[Effect] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    edits: dict[str, Any] = field(default_factory=dict)
    comment: str = ""
    words: str = ""
    watches: bool = False
    assigns: tuple[Team | None, Person | None] | None = None
    move: str = ""
    #: What is refused because a right is missing, among `refusals`.
    forbidden: list[str] = field(default_factory=list)


def plan(macro: Macro, case: Any, actor: Actor) -> Plan:
    """Return what `macro` would do to `case` for `actor`, and every reason known beforehand why it cannot."""
    edits, assigns = _edits(macro, case), _assigns(macro, case, actor)
    state = _after("assign", case.kind, case.state) if assigns else case.state
    planned = Plan(
        edits=edits,
        comment=filled(macro.comment, case, actor),
        words=filled(macro.words, case, actor),
        watches=macro.watches and not Watch.objects.filter(record_id=case.pk, person=actor.person).exists(),
        assigns=assigns,
        move=macro.verb,
    )
    planned.effects.extend(_effects(macro, case, planned, state))
    planned.forbidden.extend(_forbidden(macro, case, planned, actor))
    planned.refusals.extend([*planned.forbidden, *_impossible(macro, case, planned, state)])
    return planned


def _edits(macro: Macro, case: Any) -> dict[str, Any]:
    wanted = {"category": macro.category, "impact": macro.impact, "urgency": macro.urgency}
    return {name: value for name, value in wanted.items() if value is not None and getattr(case, name) != value}


def _assigns(macro: Macro, case: Any, actor: Actor) -> tuple[Team | None, Person | None] | None:
    if not macro.assign_to and not macro.takes:
        return None
    team, person = macro.assign_to, actor.person if macro.takes else None
    unchanged = (team is None or team == case.team) and case.assignee == person
    return None if unchanged else (team, person)


def _after(verb: str, kind: str, state: str) -> str:
    move = kinds[kind].lifecycle.move(verb, state)
    return move.target.slug if move else state


def _move(macro: Macro, kind: str, state: str) -> Move | None:
    found: Move | None = kinds[kind].lifecycle.move(macro.verb, state)
    return found


def _effects(macro: Macro, case: Any, planned: Plan, state: str) -> Iterator[Effect]:
    edits, states = planned.edits, kinds[case.kind].lifecycle.states
    if "category" in edits:
        yield Effect(_("Category"), category_path(edits["category"]), _path(case.category))
    for name, label in (("impact", _("Impact")), ("urgency", _("Urgency"))):
        if name in edits:
            yield Effect(label, str(Level(edits[name]).label), str(Level(getattr(case, name)).label))
    if {"impact", "urgency"} & set(edits):
        priority = priority_for(edits.get("impact", case.impact), edits.get("urgency", case.urgency))
        if priority != case.priority:
            yield Effect(_("Priority"), str(Priority(priority).label), str(Priority(case.priority).label))
    if planned.comment:
        public = macro.visibility == Visibility.PUBLIC
        yield Effect(_("Reply to the caller") if public else _("Internal note"), planned.comment)
    if planned.watches:
        yield Effect(_("Watching"), _("You hear of every change."))
    if planned.assigns:
        team, person = planned.assigns
        if team is not None and team != case.team:
            yield Effect(_("Team"), team.name, case.team.name if case.team else "–")
        if person != case.assignee:
            yield Effect(_("Assignee"), person.name if person else "–", case.assignee.name if case.assignee else "–")
    if planned.move and (move := _move(macro, case.kind, state)):
        yield Effect(str(move.label), str(move.target.label), str(states[case.state].label))
        if macro.hold_reason:
            yield Effect(_("Reason for the hold"), macro.hold_reason.name)
        if planned.words:
            yield Effect(_("Solution") if "solution" in move.requires else _("Reason"), planned.words)
        if macro.closing_category:
            yield Effect(_("Closing category"), category_path(macro.closing_category))


def _path(category: Any) -> str:
    return category_path(category) if category else "–"


def _forbidden(macro: Macro, case: Any, planned: Plan, actor: Actor) -> Iterator[str]:
    """Yield the rights that `actor` would need and does not have here."""
    comment = "comment" if macro.visibility == Visibility.PUBLIC else "note"
    verb = kinds[case.kind].lifecycle.example(planned.move).label if planned.move else ""
    needed = (
        ("edit", bool(planned.edits), RECORD_CAPABILITIES["edit"]),
        (comment, bool(planned.comment), RECORD_CAPABILITIES[comment]),
        ("assign", planned.assigns is not None, _("Assign")),
        (planned.move, bool(planned.move), verb),
    )
    for name, wanted, label in needed:
        if wanted and not actor.can(f"{case.kind}.{name}", case):
            yield _("You do not have the right here: %(what)s.") % {"what": label}


def _impossible(macro: Macro, case: Any, planned: Plan, state: str) -> Iterator[str]:
    """Yield why nobody could do it now: a move that the state does not allow, a guard's reason."""
    if not planned.effects and not planned.move:
        yield _("It changes nothing here.")
    if planned.assigns and kinds[case.kind].lifecycle.move("assign", case.state) is None:
        yield _("It cannot be assigned in the state %(state)s.") % {"state": _label(case.kind, case.state)}
    if planned.move:
        move = _move(macro, case.kind, state)
        if move is None:
            yield _("Not possible: its state is %(state)s.") % {"state": _label(case.kind, state)}
        else:
            yield from refusals(f"{case.kind}.{planned.move}", case)


def _label(kind: str, state: str) -> str:
    return str(kinds[kind].lifecycle.states[state].label)
