"""What can be reported. Practices declare each figure once: what it counts, its formula in words, its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Q

Unit = Literal["cases", "percent", "hours", "days", "minutes", "times", "points"]
Values = Mapping[str, float | None]


@dataclass(frozen=True, eq=False)
class Measure:
    """A column of a report.

    It speaks of the rows that meet `where` and, of those, of each period's by the instant in the column `moment`.
    `aggregate` makes the aggregate of those rows from its condition; without it they are counted. `derived` computes
    the value from the other measures instead; its rows are still those it speaks of, and `listed` says that there are
    any to show.
    """

    name: str
    label: Any
    unit: Unit = "cases"
    where: Q = field(default_factory=Q)
    moment: str = "opened"
    aggregate: Callable[[Q | None], Any] | None = None
    derived: Callable[[Values], float | None] | None = None
    listed: bool = True


@dataclass(frozen=True, eq=False)
class Report:
    """A report: measures of the same rows, side by side.

    `formula` says in words what is counted and how. `rows` narrows the cases that the reader sees; `annotations` are
    what its conditions speak of beside Record's columns. `drawn` are the measures that the chart shows, of one unit;
    the first of them stands for the report on the overview, where `better` says which way is good. A `stock` counts
    what stands open at the end of each period instead of what happened in it. `by` is how it is shown to begin with; a
    report that is not `glanced` at is left out of the overview.
    """

    name: str
    label: Any
    formula: Any
    measures: tuple[Measure, ...]
    drawn: tuple[str, ...]
    place: int
    rows: Q = field(default_factory=Q)
    annotations: Callable[[], Mapping[str, Any]] = dict
    better: Literal["more", "less", ""] = ""
    stock: bool = False
    by: str = "month"
    glanced: bool = True

    def measure(self, name: str) -> Measure | None:
        """Return the measure called `name`, if there is one."""
        return next((measure for measure in self.measures if measure.name == name), None)


@dataclass(frozen=True, eq=False)
class Dimension:
    """A way to divide cases: by the path `key`, whose values `title` names by another path or `called` in words.

    `read` understands a key from an address and raises ValueError for what is none. `ordered` keeps the order of the
    keys, instead of showing the largest first. `stocks` says that only what stands open can be divided so.
    """

    name: str
    label: Any
    key: Any
    title: str = ""
    called: Callable[[Any], Any] = str
    read: Callable[[str], Any] = str
    ordered: bool = False
    stocks: bool = False


_reports: dict[str, Report] = {}
_dimensions: dict[str, Dimension] = {}


def report(declared: Report) -> Report:
    """Register a report once, at start; a name that is taken, or measures that do not fit, are mistakes."""
    if declared.name in _reports:
        raise ValueError(f"the report {declared.name} is there already")
    if len({measure.unit for measure in declared.measures if measure.name in declared.drawn}) != 1:
        raise ValueError(f"the chart of {declared.name} needs measures of one unit")
    _reports[declared.name] = declared
    return declared


def dimension(declared: Dimension) -> Dimension:
    """Register a way to divide cases once, at start."""
    if declared.name in _dimensions:
        raise ValueError(f"the dimension {declared.name} is there already")
    _dimensions[declared.name] = declared
    return declared


def reports() -> dict[str, Report]:
    """Return every report by its name, in the order of their places."""
    return dict(sorted(_reports.items(), key=lambda item: item[1].place))


def dimensions() -> dict[str, Dimension]:
    """Return every way to divide cases, by its name."""
    return dict(_dimensions)


def share(part: str, whole: str) -> Callable[[Values], float | None]:
    """Return what computes one measure in per cent of another; None where that is none or nothing."""
    return lambda values: 100 * (values[part] or 0) / whole_of if (whole_of := values[whole]) else None


def ratio(sum_of: str, count_of: str) -> Callable[[Values], float | None]:
    """Return what divides one measure by another; None where that is none or nothing."""
    return lambda values: (values[sum_of] or 0) / divisor if (divisor := values[count_of]) else None


def difference(more: str, less: str) -> Callable[[Values], float | None]:
    """Return what subtracts one measure from another."""
    return lambda values: (values[more] or 0) - (values[less] or 0)
