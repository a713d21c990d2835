"""The algebra of intervals: half-open stretches of time, ascending, none touching another."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

#: The first instant of a stretch of time and the one after its last, both in UTC.
Interval = tuple[datetime, datetime]


def normal(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same time in UTC, ascending, with what overlaps or touches joined and what is empty left out."""
    joined: list[Interval] = []
    for begin, end in sorted((begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in intervals):
        if begin >= end:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined


def without(intervals: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Return the time of `intervals` that is not in `others`; both are normal."""
    left: list[Interval] = []
    position = 0
    for begin, end in intervals:
        while position < len(others) and others[position][1] <= begin:
            position += 1
        rest, following = begin, position
        while following < len(others) and others[following][0] < end:
            if rest < others[following][0]:
                left.append((rest, others[following][0]))
            rest = others[following][1]
            following += 1
        if rest < end:
            left.append((rest, end))
    return left


def length(intervals: Iterable[Interval]) -> timedelta:
    """Return how much time intervals hold together."""
    return sum((end - begin for begin, end in intervals), timedelta())
