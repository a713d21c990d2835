"""Replaying a history: what an incident is after all that happened to it, and the events that tell it.

This is the lifecycle for many at once. Every step is checked against the same Lifecycle data as a single action,
and changes the same fields; `tests/test_bulk.py` runs histories both ways and compares the rows.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from mainstay.kernel.lifecycle import Lifecycle
from mainstay.support.incidents.engine.history import NOTHING, History, Impossible, Step, Told

LONGEST_TITLE = 250
LONGEST_COMMENT = 100_000
MINUTES_OF_A_DAY = 1440
EDITABLE = frozenset({"title", "description", "impact", "urgency", "category", "access", "attributes"})
#: Bodies, of which an event says only that they changed.
UNTOLD = frozenset({"description", "solution"})
NOT_ON_HOLD: Mapping[str, Any] = MappingProxyType({"hold_reason": None, "resume_at": None})


class Replay:
    """One history, replayed: its `fields` by name, and the rows that hang on it.

    `blank` has every field with its default, `matrix` maps impact and urgency to a priority, and `allot` gives
    the next id for a new "comment" or "task". Raises Impossible.
    """

    def __init__(
        self,
        history: History,
        lifecycle: Lifecycle,
        *,
        blank: Mapping[str, Any],
        matrix: Mapping[tuple[int, int], int],
        allot: Callable[[str], int],
    ) -> None:
        self.history, self.lifecycle, self.matrix, self.allot = history, lifecycle, matrix, allot
        self.events: list[Told] = []
        self.comments: list[dict[str, Any]] = []
        self.work: list[dict[str, Any]] = []
        self.tasks: dict[str, dict[str, Any]] = {}
        self.links: list[tuple[str, str, datetime]] = []
        self.fields = self._opened(blank)
        self.clock = history.opened
        for step in history.steps:
            self._take(step)

    def _opened(self, blank: Mapping[str, Any]) -> dict[str, Any]:
        history = self.history
        title = self._title(history.title)
        opening = Step("create", history.opened, history.opened_by, {}, "", history.door)
        self._tell("created", opening, data={"source": history.source}, public=True)
        return {
            **blank,
            "title": title,
            "description": _clean(history.description),
            "impact": history.impact,
            "urgency": history.urgency,
            "priority": self._priority(history.impact, history.urgency),
            "requester": history.requester,
            "organisation": history.organisation,
            "category": history.category,
            "team": history.team,
            "access": history.access,
            "source": history.source,
            "attributes": dict(history.attributes),
            "opened": history.opened,
            "updated": history.opened,
            "state": self.lifecycle.initial.slug,
            "state_category": self.lifecycle.initial.category,
        }

    def _take(self, step: Step) -> None:
        if step.occurred < self.clock:
            raise self._impossible(f"{step.verb} at {step.occurred} comes before what happened at {self.clock}")
        self.clock = step.occurred
        handler = OTHER_STEPS.get(step.verb, Replay._move)
        handler(self, step)

    def _move(self, step: Step) -> None:
        """Make a move of the lifecycle; the event is public where that of the single action is."""
        move = self.lifecycle.move(step.verb, self.fields["state"])
        if move is None:
            raise self._impossible(f"{step.verb} is not possible in state {self.fields['state']}")
        reasoned = {"reason"} if step.reason.strip() and step.verb in REASONED else set()
        if missing := set(move.requires) - step.values.keys() - reasoned:
            raise self._impossible(f"{step.verb} needs {', '.join(sorted(missing))}")
        if unknown := step.values.keys() - {*move.requires, *move.accepts, *CLAIMS.get(step.verb, ())}:
            raise self._impossible(f"{step.verb} knows no {', '.join(sorted(unknown))}")
        changed = {
            **EFFECTS[step.verb](self, step),
            "state": move.target.slug,
            "state_category": move.target.category,
        }
        self._change(move.past, step, changed, public=step.verb not in INTERNAL, always=True)

    def _change(
        self,
        past: str,
        step: Step,
        values: Mapping[str, Any],
        *,
        data: Mapping[str, Any] = NOTHING,
        public: bool = False,
        always: bool = False,
    ) -> bool:
        """Set the fields that differ, count an edit and tell it; return whether, which is no without a difference."""
        fields = self.fields
        changed = {name: value for name, value in values.items() if fields[name] != value}
        if not changed and not always:
            return False
        changes = {
            name: None if name in UNTOLD else [_plain(fields[name]), _plain(value)]
            for name, value in changed.items()
            if name != "state_category"
        }
        fields.update(changed)
        fields["version"] += 1
        fields["updated"] = step.occurred
        self._tell(past, step, changes=changes, data=data, public=public)
        return True

    def _tell(
        self,
        past: str,
        step: Step,
        *,
        changes: Mapping[str, Any] = NOTHING,
        data: Mapping[str, Any] = NOTHING,
        public: bool = False,
    ) -> None:
        self.events.append(Told(past, step.occurred, step.by, step.door, changes, data, step.reason, public))

    def _edit(self, step: Step) -> None:
        if unknown := step.values.keys() - EDITABLE:
            raise self._impossible(f"{', '.join(sorted(unknown))} cannot be edited")
        values = dict(step.values)
        if "title" in values:
            values["title"] = self._title(values["title"])
        levels = tuple(values.get(name, self.fields[name]) for name in ("impact", "urgency"))
        if levels != (self.fields["impact"], self.fields["urgency"]):
            values |= {"priority": self._priority(*levels), "priority_reason": ""}
        self._change("edited", step, values)

    def _override_priority(self, step: Step) -> None:
        if not step.reason.strip() or step.values["priority"] not in range(1, 6):
            raise self._impossible("a priority is overridden with a number from 1 to 5 and a reason")
        values = {"priority": step.values["priority"], "priority_reason": step.reason[:500]}
        self._change("edited", step, values)

    def _comment(self, step: Step) -> None:
        body, visibility = _clean(step.values["body"]), step.values.get("visibility", "public")
        if not body or len(body) > LONGEST_COMMENT or visibility not in ("public", "internal"):
            raise self._impossible("a comment is public or internal and has 1 to 100,000 characters")
        key = self.allot("comment")
        self.comments.append(
            {"id": key, "author": step.by, "visibility": visibility, "body": body, "written": step.occurred}
        )
        self.fields["updated"] = step.occurred
        self._tell("commented", step, data={"comment": key, "visibility": visibility}, public=visibility == "public")

    def _log_work(self, step: Step) -> None:
        minutes = step.values["minutes"]
        if step.by is None or not minutes or abs(minutes) > MINUTES_OF_A_DAY:
            raise self._impossible("a person logs from 1 to 1440 minutes")
        note = step.values.get("note", "")[:500]
        self.work.append({"person": step.by, "minutes": minutes, "note": note, "worked": step.occurred})
        self._tell("work_logged", step, data={"minutes": minutes})

    def _add_task(self, step: Step) -> None:
        key = self.allot("task")
        self.tasks[step.values["title"]] = {"id": key, "position": len(self.tasks) + 1, **step.values}
        self._tell("task_added", step, data={"task": key})

    def _complete_task(self, step: Step) -> None:
        task = self.tasks.get(step.values["title"])
        if task is None or task.get("done"):
            raise self._impossible(f"there is no open task {step.values['title']}")
        task |= {"done": step.occurred, "done_by": step.by}
        self._tell("task_done", step, data={"task": task["id"]})

    def _link(self, step: Step) -> None:
        """`other` is the key of a history; whoever writes the events puts its id there."""
        if step.values["outward"]:
            self.links.append((step.values["kind"], step.values["other"], step.occurred))
        self._tell("linked", step, data=step.values)

    def _keep(self, step: Step) -> None:
        """Keep what the lifecycle cannot hold: an event, with the counters that the other system had counted."""
        counted = {name: self.fields[name] + 1 for name in step.values.get("counts", ())}
        kept = {name: step.values[name] for name in ("team", "assignee") if name in step.values}
        data = step.values.get("data", NOTHING)
        if not self._change("imported", step, {**counted, **kept}, data=data):
            self._tell("imported", step, data=data)

    def _title(self, title: str) -> str:
        title = " ".join(title.replace("\x00", "").split())
        if not title or len(title) > LONGEST_TITLE:
            raise self._impossible("a title has 1 to 250 characters")
        return title

    def _priority(self, impact: int, urgency: int) -> int:
        if (impact, urgency) not in self.matrix:
            raise self._impossible(f"the matrix has no priority for impact {impact} and urgency {urgency}")
        return self.matrix[impact, urgency]

    def _impossible(self, why: str) -> Impossible:
        return Impossible(f"{self.history.former_number or self.history.title}: {why}")


def _assigned(replay: Replay, step: Step) -> dict[str, Any]:
    fields, values = replay.fields, step.values
    team, person = values.get("team", fields["team"]), values.get("person")
    held = fields["team"] is not None or fields["assignee"] is not None
    counted = values.get("hand_over", held and (fields["team"], fields["assignee"]) != (team, person))
    return {"team": team, "assignee": person, "hand_overs": fields["hand_overs"] + counted}


def _escalated(replay: Replay, step: Step) -> dict[str, Any]:
    escalations = {"escalations": replay.fields["escalations"] + 1}
    if step.values.get("team") is None:
        return escalations
    return {**_assigned(replay, step), "assignee": None, **escalations}


def _started(replay: Replay, step: Step) -> dict[str, Any]:
    return {"assignee": step.by} if replay.fields["assignee"] is None and step.by is not None else {}


def _held(replay: Replay, step: Step) -> dict[str, Any]:
    return {"hold_reason": step.values["reason"], "resume_at": step.values.get("until")}


def _resolved(replay: Replay, step: Step) -> dict[str, Any]:
    return {
        **NOT_ON_HOLD,
        "solution": _clean(step.values["solution"]),
        "closing_category": step.values["closing_category"],
        "resolved": step.occurred,
    }


#: What every verb changes beside the state: the counterpart of `actions.moves`.
EFFECTS: dict[str, Callable[[Replay, Step], dict[str, Any]]] = {
    "assign": _assigned,
    "hand_over": _assigned,
    "escalate": _escalated,
    "start": _started,
    "hold": _held,
    "resume": lambda replay, step: dict(NOT_ON_HOLD),
    "resolve": _resolved,
    "reopen": lambda replay, step: {"resolved": None, "reopenings": replay.fields["reopenings"] + 1},
    "close": lambda replay, step: {"closed": step.occurred},
    "cancel": lambda replay, step: {**NOT_ON_HOLD, "closed": step.occurred},
}
#: Verbs whose reason is a text that stands in the event.
#: Verbs that are no affair of the requester.
INTERNAL = ("hand_over", "escalate")
REASONED = ("reopen", "cancel", "hand_over", "escalate")
#: What only a history can say: whether the other system counted an assignment as a hand-over.
CLAIMS = {"assign": ("hand_over",)}
OTHER_STEPS: dict[str, Callable[[Replay, Step], None]] = {
    "edit": Replay._edit,
    "override_priority": Replay._override_priority,
    "comment": Replay._comment,
    "log_work": Replay._log_work,
    "add_task": Replay._add_task,
    "complete_task": Replay._complete_task,
    "link": Replay._link,
    "keep": Replay._keep,
}


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
