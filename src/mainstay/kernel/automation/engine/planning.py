"""What rules would do to a record, from its facts alone: the same when it happens and when it is replayed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mainstay.kernel.automation.engine.conditions import Facts, asked_for, asked_of, compiled, holds

#: The occasion of a record that is new of its kind; every other one is the name of a field that was changed.
CREATED = "created"


#: Of each category that may be chosen: itself and all above it.
Categories = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Rule:
    """A rule as it is kept: when it is asked, what it asks, and what it does. `stops` ends the run where it fits."""

    slug: str
    name: str
    when: frozenset[str]
    condition: str
    does: Mapping[str, Any]
    stops: bool = False


@dataclass(frozen=True)
class Deed:
    """What an action means for a plan: which facts it changes, and why it is refused (a word, empty if it is not).

    Both are asked with the value, the facts, and the categories that may be chosen. Of an action that `gathers`, every
    rule adds to what the former ones wanted; else the last rule is right.
    """

    sets: Callable[[Any, Mapping[str, Any], "Categories"], Mapping[str, Any]]
    refused: Callable[[Any, Mapping[str, Any], "Categories"], str]
    gathers: bool = False


@dataclass
class Step:
    """What became of a rule that fitted, or that could not be asked."""

    rule: str
    name: str
    #: What it asked for, with the values it found.
    because: dict[str, Any] = field(default_factory=dict)
    does: dict[str, Any] = field(default_factory=dict)
    #: Actions it did not do, each with the word why.
    refused: dict[str, str] = field(default_factory=dict)
    failed: str = ""


@dataclass
class Plan:
    """What all rules together want: the wanted value of each action, and the steps that led there."""

    wanted: dict[str, Any] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """The rules about a kind in their order, what their actions mean, and the categories that may be chosen."""

    rules: tuple[Rule, ...] = ()
    deeds: Mapping[str, Deed] = field(default_factory=dict)
    categories: Categories = field(default_factory=dict)

    def listens(self, occasions: frozenset[str]) -> bool:
        """Return whether any rule is asked on one of these occasions."""
        return any(rule.when & occasions for rule in self.rules)


def plan(book: Book, facts: Mapping[str, Any], occasions: frozenset[str]) -> Plan:
    """Ask each rule once, in their order, each of the facts as the former ones left them.

    Occasions are those that began the run; what rules set adds none. A rule that cannot be asked does not fit, and
    its step says so.
    """
    made, known = Plan(), dict(facts)
    asked = asked_of(known)
    for rule in book.rules:
        if not rule.when & occasions:
            continue
        fits, failed = _asked(rule, asked)
        if failed:
            made.steps.append(Step(rule.slug, rule.name, failed=failed))
        if not fits:
            continue
        step = Step(rule.slug, rule.name, {name: known[name] for name in asked_for(rule.condition) if name in known})
        before = dict(known)
        for name, value in rule.does.items():
            _do(step, name, value, book, known, made.wanted)
        made.steps.append(step)
        if known != before:
            asked = asked_of(known)
        if rule.stops:
            break
    return made


def _asked(rule: Rule, facts: Facts) -> tuple[bool, str]:
    if not rule.condition:
        return True, ""
    try:
        return holds(compiled(rule.condition), facts), ""
    except Exception as problem:  # whatever the language meets: the record must be made all the same
        return False, f"{type(problem).__name__}: {problem}"[:300]


def _do(step: Step, name: str, value: Any, book: Book, known: dict[str, Any], wanted: dict[str, Any]) -> None:
    deed = book.deeds[name]
    if why := deed.refused(value, known, book.categories):
        step.refused[name] = why
        return
    step.does[name] = value
    wanted[name] = list(dict.fromkeys([*wanted.get(name, ()), value])) if deed.gathers else value
    known.update(deed.sets(value, known, book.categories))
