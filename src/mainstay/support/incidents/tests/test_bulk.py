"""Histories written at once must leave the very rows that the single actions leave."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.actions import add_task, comment, complete_task, link, log_work, watch
from mainstay.kernel.records.models import Category, Comment, Link, Record, RecordNumber, Task, Watch, WorkLog
from mainstay.support.incidents import actions
from mainstay.support.incidents.actions.bulk import write_histories
from mainstay.support.incidents.engine.history import History, Impossible, Step
from mainstay.support.incidents.engine.replay import EFFECTS, Replay
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import HoldReason, Incident
from tests.world import World

START = datetime(2025, 3, 3, 8, 0, tzinfo=UTC)
#: What differs by nature: keys and numbers given by sequences, random identifiers, the database's clock.
GIVEN = {"id", "uuid", "number", "recorded", "record", "record_id", "record_ptr_id", "source_id", "target_id"}
MATRIX = {(impact, urgency): impact + urgency - 1 for impact in (1, 2, 3) for urgency in (1, 2, 3)}
BLANK = {
    **{field.name: field.get_default() for field in Incident._meta.concrete_fields},
    "version": 1,
}


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def story(world: World) -> tuple[Step, ...]:
    agent, requester = world.agent.pk, world.requester.pk
    printer = Category.objects.get(slug="hardware-printer").pk
    caller, vendor = (HoldReason.objects.get(slug=slug).pk for slug in ("caller", "vendor"))
    solved = {"solution": " A new cartridge. ", "closing_category": printer}
    return (
        Step("assign", at(1), agent, {"team": world.team.pk}),
        Step("assign", at(2), agent, {"team": world.team.pk, "person": agent}),
        Step("start", at(3), agent),
        Step("edit", at(4), agent, {"impact": 1, "title": " The  printer is dead ", "category": printer}),
        Step("edit", at(4.5), agent, {"impact": 1}),
        Step("edit", at(4.6), agent, {"description": "It smokes."}),
        Step("override_priority", at(5), None, {"priority": 4}, "The director has another one."),
        Step("comment", at(6), agent, {"body": " What do you see? ", "visibility": "public"}),
        Step("hold", at(7), agent, {"reason": caller}),
        Step("assign", at(8), agent, {"team": world.team.pk}),
        Step("comment", at(9), requester, {"body": "Nothing.", "visibility": "public"}),
        Step("resume", at(9), None, door="rule"),
        Step("comment", at(10), agent, {"body": "Third time.", "visibility": "internal"}),
        Step("edit", at(10.1), agent, {"access": "internal"}),
        Step("edit", at(10.2), agent, {"access": "public"}),
        Step("log_work", at(11), agent, {"minutes": 25, "note": "On site"}),
        Step("add_task", at(12), agent, {"title": "Order a cartridge", "mandatory": True}),
        Step("complete_task", at(13), agent, {"title": "Order a cartridge"}),
        Step("hold", at(14), agent, {"reason": vendor, "until": at(40)}),
        Step("resolve", at(15), agent, solved),
        Step("reopen", at(16), requester, reason="Still dead."),
        Step("start", at(17), agent),
        Step("resolve", at(18), agent, solved),
        Step("close", at(19), requester),
    )


def history(world: World, steps: tuple[Step, ...], **details: Any) -> History:
    return History(
        title="The printer does not print",
        description="Since today.",
        opened=START,
        requester=world.requester.pk,
        organisation=world.organisation.pk,
        opened_by=world.requester.pk,
        door="page",
        steps=steps,
        **details,
    )


def one_by_one(world: World, steps: tuple[Step, ...]) -> Incident:
    """Play the steps through the single actions, each at its own time."""
    with time_machine.travel(START, tick=False):
        incident = actions.create(
            by=world.as_requester(), title="The printer does not print", description="Since today."
        )
    for step in steps:
        if step.door == "rule":  # the requester's word has already set it going
            continue
        with time_machine.travel(step.occurred, tick=False):
            _play(world, incident.pk, step)
    return incident


def _play(world: World, key: int, step: Step) -> None:
    who: dict[int | None, Callable[[], Actor]] = {
        world.agent.pk: world.as_agent,
        world.requester.pk: world.as_requester,
        None: lambda: system("command"),
    }
    incident, by = Incident.objects.get(pk=key), who[step.by]()
    values = {name: _row(name, value, world) for name, value in step.values.items()}
    if step.verb in actions.MOVES:
        reason = {"reason": step.reason} if step.reason else {}
        actions.MOVES[step.verb](incident, by=by, **values, **reason)
    elif step.verb == "edit":
        actions.edit(incident, by=by, version=incident.version, values=values)
    elif step.verb == "override_priority":
        actions.override_priority(incident, by=by, version=incident.version, reason=step.reason, **values)
    elif step.verb == "complete_task":
        complete_task(Task.objects.get(record=incident, **values), by=by)
    else:
        {"comment": comment, "log_work": log_work, "add_task": add_task}[step.verb](incident, by=by, **values)


def _row(name: str, value: Any, world: World) -> Any:
    if name == "reason":
        return HoldReason.objects.get(pk=value)
    if name in ("category", "closing_category"):
        return Category.objects.get(pk=value)
    return {"team": world.team, "person": world.agent}.get(name, value)


def rows(model: type[models.Model], **of: Any) -> list[dict[str, Any]]:
    found = [
        {name: value for name, value in row.items() if name not in GIVEN}
        for row in model._default_manager.filter(**of).order_by("pk").values()
    ]
    for row in found:  # ids inside an event's data are given too; that they lead somewhere is asserted apart
        row.get("data", {}).pop("comment", None)
        row.get("data", {}).pop("task", None)
    return found


def doors_aside(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Whom an imported history concerns is not asked how satisfied they were."""
    told = [row for row in found if row["name"] != "incident.rating_asked"]
    return [{name: value for name, value in row.items() if name != "door"} for row in told]


def test_a_history_written_at_once_leaves_the_rows_that_the_single_actions_leave(world: World) -> None:
    steps = story(world)
    single = one_by_one(world, steps)
    write_histories([history(world, steps)], by=system())
    bulk = Incident.objects.exclude(pk=single.pk).get()
    assert rows(Incident, pk=bulk.pk) == rows(Incident, pk=single.pk)
    for model in (Comment, Task, WorkLog):
        assert rows(model, record=bulk.pk) == rows(model, record=single.pk)
    assert doors_aside(rows(Event, record_id=bulk.pk)) == doors_aside(rows(Event, record_id=single.pk))
    told = Event.objects.filter(record_id=bulk.pk, name="incident.commented").order_by("id")
    said = Comment.objects.filter(record=bulk.pk).order_by("id")
    assert [event.data["comment"] for event in told] == [entry.pk for entry in said]
    assert bulk.number != single.number


def test_links_and_watchers_of_a_history_are_those_of_the_single_actions(world: World) -> None:
    first, second = (one_by_one(world, ()) for _ in range(2))
    with time_machine.travel(at(1), tick=False):
        link(first, "parent_of", second, by=world.as_agent())
        watch(first, by=world.as_agent())
    ends = [
        Step("link", at(1), world.agent.pk, {"kind": "parent_of", "other": other, "outward": outward})
        for other, outward in (("child", True), ("parent", False))
    ]
    write_histories(
        [
            history(world, (ends[0],), key="parent", watchers=(world.agent.pk,)),
            history(world, (ends[1],), key="child"),
        ],
        by=system(),
    )
    parent, child = Incident.objects.exclude(pk__in=(first.pk, second.pk)).order_by("pk")
    assert rows(Link, source=parent, target=child) == rows(Link, source=first, target=second)
    assert [watch.record_id for watch in Watch.objects.order_by("pk")] == [first.pk, parent.pk]
    told = list(Event.objects.filter(name="incident.linked").order_by("id").values_list("record_id", "data"))
    assert told[2:] == [
        (parent.pk, {"kind": "parent_of", "other": child.pk, "outward": True}),
        (child.pk, {"kind": "parent_of", "other": parent.pk, "outward": False}),
    ]


def test_a_former_number_is_written_once_and_found_for_ever(world: World) -> None:
    log = [history(world, (), former_number=f"INC000000{i}") for i in range(3)]
    assert write_histories(log[:2], by=system()) == (2, 0)
    assert write_histories(log, by=system()) == (1, 2)
    assert Record.objects.count() == RecordNumber.objects.count() == 3


def test_one_impossible_step_leaves_nothing_of_its_batch(world: World) -> None:
    with pytest.raises(Invalid, match="reopen is not possible in state new"):
        write_histories([history(world, ()), history(world, (Step("reopen", at(1), reason="Why not"),))], by=system())
    assert not Record.objects.exists()
    assert not Event.objects.filter(name="incident.created").exists()


def test_only_the_product_itself_writes_histories(world: World) -> None:
    with pytest.raises(NotPermitted):
        write_histories([history(world, ())], by=world.as_agent())


def test_every_verb_of_the_lifecycle_has_its_effect_on_a_history() -> None:
    assert EFFECTS.keys() == set(LIFECYCLE.verbs) == actions.MOVES.keys()


VALUES: dict[str, dict[str, Any]] = {
    "assign": {"team": 1, "person": 2},
    "hand_over": {"team": 2},
    "hold": {"reason": 1},
    "resolve": {"solution": "Done", "closing_category": 1},
}


@given(st.lists(st.sampled_from(LIFECYCLE.verbs), max_size=12))
def test_a_replay_takes_exactly_the_moves_that_the_lifecycle_has(verbs: list[str]) -> None:
    state, steps = LIFECYCLE.initial.slug, []
    for verb in verbs:
        steps.append(Step(verb, at(len(steps)), 2, VALUES.get(verb, {}), "Because"))
        move = LIFECYCLE.move(verb, state)
        if move is None:
            with pytest.raises(Impossible):
                replayed(steps)
            return
        state = move.target.slug
    replay = replayed(steps)
    assert (replay.fields["state"], replay.fields["version"]) == (state, 1 + len(verbs))
    assert len(replay.events) == 1 + len(verbs)


def test_steps_that_run_backwards_in_time_are_refused() -> None:
    with pytest.raises(Impossible, match="comes before"):
        replayed([Step("start", at(2), 2), Step("resolve", at(1), 2, VALUES["resolve"])])


def replayed(steps: list[Step]) -> Replay:
    told = History("No network", START, 1, 1, steps=tuple(steps))
    return Replay(told, LIFECYCLE, blank=BLANK, matrix=MATRIX, allot=lambda what: 1)
