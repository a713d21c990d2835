"""From a case of the log to a history of ours. What our lifecycle cannot hold is kept as an event, with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from mainstay.support.incidents.engine.history import History, Step
from mainstay.support.incidents.gateways.incident_log.reading import NOBODY, UNKNOWN, Case, LogError, Row, instant
from mainstay.support.incidents.lifecycle import LIFECYCLE

#: The log's own matrix; (1, 3) does not occur in it.
MATRIX = {(1, 1): 1, (1, 2): 2, (2, 1): 2, (2, 2): 3, (2, 3): 4, (3, 1): 3, (3, 2): 4, (3, 3): 4}
#: Its states that are ours; the ones not named here are kinds of waiting.
NEW, ACTIVE, RESOLVED, CLOSED, BROKEN = "New", "Active", "Resolved", "Closed", "-100"
NOT_WAITING = frozenset({NEW, ACTIVE, RESOLVED, CLOSED, BROKEN})
SOURCES = {"Phone": "phone", "Email": "mail", "Self service": "portal", "Direct opening": "direct", "IVR": "ivr"}
#: Columns that become fields and steps; all others are kept as they are.
UNDERSTOOD = frozenset(
    {
        "number",
        "incident_state",
        "active",
        "reassignment_count",
        "reopen_count",
        "sys_mod_count",
        "opened_at",
        "sys_updated_by",
        "sys_updated_at",
        "category",
        "subcategory",
        "impact",
        "urgency",
        "priority",
        "assignment_group",
        "assigned_to",
        "closed_at",
    }
)
#: Why something is kept as an event instead of becoming a field or a move.
KEPT = {
    "columns": "Columns that have no field here",
    "first_state": "The log does not begin in its state New",
    "unchanged": "An update that shows no change",
    "late_assignment": "An assignment after the resolution",
    "no_team": "An assignment without a team",
    "early_close": "A close that was not the last",
    "not_resolved": "A close without a resolution before it",
    "broken_state": "The state -100",
    "back_to_new": "A return to the state New",
    "time_order": "A time before the one before it",
    "count_order": "A count of modifications that falls",
    "no_caller": "No caller known",
}


@dataclass(frozen=True)
class Ids:
    """Ids of the rows that names stand for."""

    people: Mapping[str, int]
    teams: Mapping[str, int]
    categories: Mapping[tuple[str, str], int]
    closing: Mapping[str, int]
    hold_reasons: Mapping[str, int]
    organisation: int


def translate(case: Case, ids: Ids, zone: tzinfo) -> History:
    """Return the history that a case tells. Raises LogError, with the line, where a value cannot be read."""
    try:
        return _Translation(case, ids, zone).history()
    except (ValueError, KeyError) as error:
        raise LogError(f"{case.number}, from line {case.line}: cannot read {error}.") from error


class _Translation:
    """One case on its way; `state` and `clock` are where the history stands."""

    def __init__(self, case: Case, ids: Ids, zone: tzinfo) -> None:
        self.case, self.ids, self.zone = case, ids, zone
        self.first = case.rows[0]
        self.opened = self.clock = instant(self.first["opened_at"], zone)
        self.state = LIFECYCLE.initial.slug
        self.waits_for = ""
        self.who: int | None = None
        self.steps: list[Step] = []

    def history(self) -> History:
        first, people = self.first, self.ids.people
        callers = [row["caller_id"] for row in self.case.rows if row["caller_id"] != UNKNOWN]
        before: Row | None = None
        for row in self.case.rows:
            self._take(row, before, is_last=row is self.case.rows[-1])
            before = row
        if not callers:
            self.steps.insert(0, self._kept(self.opened, "no_caller"))
        contact_type = self.case.rows[-1]["contact_type"]  # of a few it was corrected later
        words = [first[name] for name in ("category", "subcategory", "u_symptom") if first[name] != UNKNOWN]
        return History(
            title=", ".join(words) or "Nothing known",
            opened=self.opened,
            requester=people[callers[0] if callers else NOBODY],
            organisation=self.ids.organisation,
            impact=_level(first["impact"]),
            urgency=_level(first["urgency"]),
            category=self.ids.categories[first["category"], first["subcategory"]],
            source=SOURCES.get(contact_type, contact_type.lower()[:20]),
            opened_by=people.get(first["opened_by"]),
            steps=tuple(self.steps),
            former_number=self.case.number,
        )

    def _take(self, row: Row, before: Row | None, *, is_last: bool) -> None:
        """Translate one row into at least one step."""
        count = len(self.steps)
        self.who = self.ids.people.get(row["sys_updated_by"])
        self._tick(row, before)
        self._keep_columns(row, before)
        self._edit(row, before)
        if self.state == "resolved" and row["incident_state"] not in (RESOLVED, CLOSED):
            self._reach(row, before, is_last)
            self._assign(row, before)
        else:
            self._assign(row, before)
            self._reach(row, before, is_last)
        if len(self.steps) == count:
            self._keep("unchanged")

    def _tick(self, row: Row, before: Row | None) -> None:
        claimed = instant(row["sys_updated_at"], self.zone)
        if claimed < self.clock:
            self._keep("time_order", claimed=claimed.isoformat())
        self.clock = max(self.clock, claimed)
        if before is not None and int(row["sys_mod_count"]) < int(before["sys_mod_count"]):
            self._keep("count_order", counts=[before["sys_mod_count"], row["sys_mod_count"]])

    def _keep_columns(self, row: Row, before: Row | None) -> None:
        if before is None:
            columns: dict[str, Any] = {n: v for n, v in row.items() if n not in UNDERSTOOD and v != UNKNOWN}
            if row["incident_state"] != NEW:
                self._keep("first_state", state=row["incident_state"])
        else:
            columns = {n: [before[n], v] for n, v in row.items() if n not in UNDERSTOOD and v != before[n]}
        if columns:
            self._keep("columns", columns=columns)

    def _edit(self, row: Row, before: Row | None) -> None:
        if before is None:
            return
        values: dict[str, Any] = {
            name: _level(row[name]) for name in ("impact", "urgency") if row[name] != before[name]
        }
        category = row["category"], row["subcategory"]
        if category != (before["category"], before["subcategory"]):
            values["category"] = self.ids.categories[category]
        if values:
            self._do("edit", values)

    def _assign(self, row: Row, before: Row | None) -> None:
        """A hand-over counts when the log's counter of reassignments grows; nothing else of ours is counted."""
        wanted = row["assignment_group"], row["assigned_to"]
        had = (before["assignment_group"], before["assigned_to"]) if before else (UNKNOWN, UNKNOWN)
        counted = int(row["reassignment_count"]) - (int(before["reassignment_count"]) if before else 0)
        if wanted == had and not counted:
            return
        team, person = self.ids.teams.get(wanted[0]), self.ids.people.get(wanted[1])
        if LIFECYCLE.move("assign", self.state) is None or team is None:
            why = "no_team" if team is None else "late_assignment"
            extra = {"team": team, "assignee": person, "counts": ("hand_overs",) * counted}
            self.steps.append(self._kept(self.clock, why)._replace(values={"data": {"kept": why}, **extra}))
        else:
            self._do("assign", {"team": team, "person": person, "hand_over": bool(counted)})

    def _reach(self, row: Row, before: Row | None, is_last: bool) -> None:
        """Make the moves that lead to the state of the row, if it is another one than before."""
        wanted = row["incident_state"]
        if wanted == BROKEN:
            self._keep("broken_state")
            return
        if before is not None and wanted == before["incident_state"] and not (wanted == CLOSED and is_last):
            return
        if wanted == NEW:
            if before is not None:
                self._keep("back_to_new")
        elif wanted == CLOSED:
            self._close(row, is_last)
        elif wanted == RESOLVED:
            self._resolve(row)
        else:
            self._work_on(wanted)

    def _work_on(self, wanted: str) -> None:
        if self.state == "resolved":
            self._do("reopen", reason="The log shows it in work again.")
        if wanted == ACTIVE and self.state in ("new", "assigned"):
            self._do("start")
        elif self.state == "pending" and self.waits_for != wanted:
            self._do("resume")
        if wanted not in NOT_WAITING and self.state != "pending":
            self.waits_for = wanted
            self._do("hold", {"reason": self.ids.hold_reasons[wanted]})

    def _resolve(self, row: Row) -> None:
        if self.state != "resolved":
            code = row["closed_code"]
            solution = "Closed without a code." if code == UNKNOWN else f"Closed with {code}."
            self._do("resolve", {"solution": solution, "closing_category": self.ids.closing[code]})

    def _close(self, row: Row, is_last: bool) -> None:
        if not is_last:
            self._keep("early_close")
        if self.state != "resolved":
            self._keep("not_resolved")
            self._resolve(row)
        if is_last:
            self._do("close")

    def _do(self, verb: str, values: Mapping[str, Any] | None = None, reason: str = "") -> None:
        self.steps.append(Step(verb, self.clock, self.who, values or {}, reason))
        move = LIFECYCLE.move(verb, self.state)
        if move is not None:
            self.state = move.target.slug

    def _keep(self, why: str, **data: Any) -> None:
        self.steps.append(self._kept(self.clock, why, **data))

    def _kept(self, when: datetime, why: str, **data: Any) -> Step:
        return Step("keep", when, self.who, {"data": {"kept": why, **data}}, KEPT[why])


def _level(text: str) -> int:
    return int(text.partition(" ")[0])
