"""Where the bars of a chart stand. Widths are per cent of the room there is, heights pixels: text keeps its size."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

HEIGHT = 200
#: Of a group's room, the part that its bars take.
FILLED = 0.76
#: More names under the bars do not fit on a screen, or on a telephone.
NAMES, FEW_NAMES = 12, 4


@dataclass(frozen=True)
class Bar:
    """One value: of which series, and where it stands; `x` and `width` in per cent, `y` and `height` in pixels."""

    series: int
    x: float
    y: float
    width: float
    height: float
    value: float


@dataclass(frozen=True)
class Mark:
    """A line across, at `y` pixels, for a round value."""

    y: float
    value: float


@dataclass(frozen=True)
class Name:
    """What stands under some bars, its middle at `x` per cent; one that is not `always` shown leaves small screens."""

    x: float
    index: int
    always: bool


@dataclass(frozen=True)
class Chart:
    """Bars side by side in groups, with lines for round values and names below."""

    bars: list[Bar]
    marks: list[Mark]
    names: list[Name]


def columns(rows: Sequence[Sequence[float | None]]) -> Chart:
    """Return the chart of rows that hold a value for each series; None draws nothing. Values may be negative."""
    values = [value for row in rows for value in row if value is not None]
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    step = _step(high - low)
    low, high = floor(low / step) * step, max(ceil(high / step) * step, step)

    def y(value: float) -> float:
        return round(HEIGHT * (high - value) / (high - low), 1)

    room = 100 / max(len(rows), 1)
    bars = []
    for index, row in enumerate(rows):
        width = room * FILLED / max(len(row), 1)
        for series, value in enumerate(row):
            if value:
                x = room * (index + (1 - FILLED) / 2) + series * width
                top, bottom = y(max(value, 0)), y(min(value, 0))
                bars.append(Bar(series, round(x, 3), top, round(width, 3), round(bottom - top, 1), value))
    marks = [Mark(y(low + step * n), low + step * n) for n in range(round((high - low) / step) + 1)]
    return Chart(bars, marks, _names(len(rows), room))


def _step(span: float) -> float:
    """Return the round distance (1, 2 or 5 times a power of ten) that divides a span into at most five."""
    if span <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(span / 5))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor * 5 >= span * 0.999999)


def _names(count: int, room: float) -> list[Name]:
    every, rarely = ceil(count / NAMES) or 1, ceil(count / FEW_NAMES) or 1
    rarely = ceil(rarely / every) * every
    return [Name(round(room * (index + 0.5), 3), index, index % rarely == 0) for index in range(0, count, every)]


def lengths(values: Sequence[float | None]) -> list[float]:
    """Return how long a lying bar for each value is, in per cent of the longest; what is nothing or below has none."""
    longest = max((value for value in values if value is not None), default=0)
    return [round(100 * max(value or 0, 0) / longest, 2) if longest > 0 else 0.0 for value in values]
