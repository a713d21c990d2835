"""What rules would have wanted of past records, from the facts that were kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mainstay.kernel.automation.engine.choosing import Candidate, in_order
from mainstay.kernel.automation.engine.planning import Book, Rule, plan

#: Under which action the chosen person stands in an outcome.
PERSON = "person"


@dataclass(frozen=True)
class Choice:
    """How a person was chosen then: the team, the candidates, and whether the calendar that was named was open."""

    team: str
    hours: str
    open: bool
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Run:
    """One time at which rules were asked of a record."""

    facts: Mapping[str, Any]
    occasions: frozenset[str]
    choice: Choice | None = None


def outcome(book: Book, run: Run) -> dict[str, Any]:
    """Return what the rules would have wanted, and the person whom they would have chosen.

    A person is named where the candidates are known: those of the team that was given it then.
    """
    wanted = dict(plan(book, run.facts, run.occasions).wanted)
    known = run.choice
    same = (
        known and wanted.get("hours", "") == known.hours and wanted.get("team", run.facts["team"]) in (known.team, "")
    )
    if known and same and "assignee" in wanted:
        order = in_order(wanted["assignee"], known.candidates) if known.open else []
        wanted[PERSON] = order[0].person if order else ""
    return wanted


def difference(before: Book, after: Book, run: Run) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return what would have come out before and after a change of the rules, in what differs; None if nothing does."""
    first, second = outcome(before, run), outcome(after, run)
    names = [name for name in {**first, **second} if first.get(name) != second.get(name)]
    if not names:
        return None
    parts = ({name: found[name] for name in names if name in found} for found in (first, second))
    return next(parts), next(parts)


def changed(rules: Sequence[tuple[int, Rule]], rule: Rule, position: int, retired: bool) -> tuple[Rule, ...]:
    """Return rules, each given with its position, with one of them put in or changed, in their order."""
    others = [(place, each) for place, each in rules if each.slug != rule.slug]
    found = others if retired else [*others, (position, rule)]
    return tuple(each for _place, each in sorted(found, key=lambda entry: (entry[0], entry[1].slug)))
