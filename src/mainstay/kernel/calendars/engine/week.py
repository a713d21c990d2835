"""The hours of a week as data: seven days, each with any number of slots."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

#: The days as they are named in data, in the order of `date.weekday()`.
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: More than anybody writes by hand, and few enough to be quick.
MOST_SLOTS = 24

MIDNIGHT = 24 * 60
CLOCK = re.compile(r"(?:([01]\d|2[0-3]):([0-5]\d))|24:00")

#: A slot of a day: its first instant and the one after its last, since local midnight.
Slot = tuple[timedelta, timedelta]
#: The slots of each day from Monday, ascending, none touching another.
Week = tuple[tuple[Slot, ...], ...]
#: Hours as they stand in data: `{"mon": [("08:00", "12:00"), ("13:00", "18:00")]}`.
Hours = Mapping[str, Sequence[tuple[str, str]]]

CLOSED: Week = ((),) * 7


class BadHours(ValueError):
    """Hours that mean nothing; `day` names where, `slot` is what was written there."""

    def __init__(self, day: str, slot: str) -> None:
        super().__init__(f"{day}: {slot}")
        self.day, self.slot = day, slot


def minute(clock: str) -> int:
    """Return the minute of the day that a time such as `08:30` or `24:00` stands for. Raises ValueError."""
    found = CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(clock)
    return int(found[1]) * 60 + int(found[2]) if found[1] else MIDNIGHT


def week(hours: Hours) -> Week:
    """Return the week of these hours; days that are not named are closed.

    A slot that ends at or before its start goes on past midnight: its second part belongs to the next day, and to
    what holds for that day. Slots that overlap or touch become one. Raises BadHours for an unknown day, too many
    slots, a time that is none, and a slot of no length.
    """
    minutes: list[list[tuple[int, int]]] = [[] for _day in DAYS]
    for day, slots in hours.items():
        if day not in DAYS or len(slots) > MOST_SLOTS:
            raise BadHours(day, "")
        for begin, end in slots:
            for later, part in enumerate(_parts(day, begin, end)):
                minutes[(DAYS.index(day) + later) % 7].append(part)
    return tuple(tuple(_merged(day)) for day in minutes)


def _parts(day: str, begin: str, end: str) -> list[tuple[int, int]]:
    """Return the part of a slot on its own day and, if it goes past midnight, that on the next."""
    try:
        first, last = minute(begin), minute(end)
    except ValueError:
        raise BadHours(day, f"{begin}-{end}") from None
    if first in (last, MIDNIGHT):
        raise BadHours(day, f"{begin}-{end}")
    if first < last:
        return [(first, last)]
    return [(first, MIDNIGHT), (0, last)] if last else [(first, MIDNIGHT)]


def _merged(slots: list[tuple[int, int]]) -> list[Slot]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(slots):
        if joined and first <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return [(timedelta(minutes=first), timedelta(minutes=last)) for first, last in joined]


#: What stands between the slots of a day, and between a slot's two ends, as people write them.
BETWEEN = re.compile(r"[\s,;]+")
SLOT = re.compile(r"(\d{1,2}:\d\d)\s*[-–]\s*(\d{1,2}:\d\d)")


def slots_in(text: str) -> list[tuple[str, str]]:
    """Return the slots that a text such as `8:00-12:00, 13:00-18:00` names. Raises ValueError for anything else."""
    rest = BETWEEN.sub(" ", SLOT.sub("", text)).strip()
    found = [(begin.zfill(5), end.zfill(5)) for begin, end in SLOT.findall(text)]
    if rest or any(CLOCK.fullmatch(clock) is None for slot in found for clock in slot):
        raise ValueError(text)
    return found


def written(slots: Sequence[tuple[str, str]]) -> str:
    """Return slots as they are kept as text: `08:00-12:00, 13:00-18:00`."""
    return ", ".join(f"{begin}-{end}" for begin, end in sorted(slots))
