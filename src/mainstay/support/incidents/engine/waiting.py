"""What becomes of a hold that waits for the caller's answer. Pure: everything is counted from the events."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple


class Happening(NamedTuple):
    """What an event of the incident says (its past participle), and when it happened (UTC)."""

    past: str
    occurred: datetime


class Rule(NamedTuple):
    """After how many days the caller is reminded, how often at most, and whether the incident is resolved then."""

    days: int
    reminders: int
    resolves: bool


class Next(NamedTuple):
    """What comes next and when (UTC); `last` marks the reminder after which the incident is resolved."""

    step: Literal["remind", "resolve"]
    at: datetime
    last: bool = False


def next_step(history: Sequence[Happening], rule: Rule) -> Next | None:
    """Return what comes next by itself for an incident on hold, or None when it just waits.

    `history` is oldest first. Only reminders may follow the latest hold: anything else (an answer, a resume) ended it.
    The days run from the latest reminder, so that a rule switched on late, or a job that did not run, never sends two
    reminders at once and always leaves the whole time for an answer. A day is 24 hours.
    """
    holds = [place for place, happening in enumerate(history) if happening.past == "held"]
    if not holds or not rule.days:
        return None
    _held, *reminders = current = history[holds[-1] :]
    if any(happening.past != "reminded" for happening in reminders):
        return None
    at = current[-1].occurred + timedelta(days=rule.days)
    if len(reminders) < rule.reminders:
        return Next("remind", at, last=rule.resolves and len(reminders) + 1 == rule.reminders)
    return Next("resolve", at) if rule.resolves else None
