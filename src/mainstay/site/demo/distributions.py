"""How the demo's incidents are distributed: every number that shapes them, in one place.

Shares are weights, not percentages, unless a comment says so. Times are minutes.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

SPAN = timedelta(days=730)
SEED = 20_030_613


class Size(NamedTuple):
    """A size of the demo: incidents, people, incidents in one transaction, and how much happens to each."""

    incidents: int
    people: int
    batch: int
    #: From 0 to 1: how often an incident has anything out of the ordinary (hand-overs, tasks, work log, watchers).
    detail: float
    #: Exactly so many comments each; None means as many as come.
    comments: int | None = None
    #: How many comments in all contain RARE_WORD.
    rare: int = 0


SIZES = {
    "demo": Size(2_500, 60, 500, 1.0),
    "100k": Size(100_000, 600, 5_000, 0.15, comments=3, rare=7),
    "1m": Size(1_000_000, 2_000, 10_000, 0.15, comments=3, rare=7),
}
#: For measuring how fast a search finds very little among very much.
RARE_WORD = "quuxzorptic"

#: By weekday from Monday, and by hour of the day.
WEEKDAYS = (24, 20, 19, 18, 15, 2, 2)
HOURS = (1, 1, 1, 1, 1, 2, 6, 22, 46, 55, 50, 42, 28, 40, 44, 38, 30, 18, 9, 6, 4, 3, 2, 1)

#: The youngest share of incidents, how many of those are open, and of all older ones (shares of 1): 5 % together.
YOUNG, YOUNG_OPEN, OLD_OPEN = 0.06, 0.70, 0.0085
OPEN_FATES = {"new": 16, "assigned": 20, "in_progress": 38, "pending": 26}
CLOSED_FATES = {"closed": 96, "cancelled": 4}
CANCEL_REASONS = ("Reported twice", "No longer needed", "It went away by itself", "Belongs to another company")

LEVELS = {1: 6, 2: 34, 3: 60}
SOURCES = {"portal": 55, "phone": 30, "mail": 15}
ACCESS = {"public": 96, "internal": 3, "confidential": 1}
HOLD_REASONS = {"caller": 60, "vendor": 22, "change": 10, "problem": 8}

#: Probabilities of what happens to some, at full detail.
HAND_OVER, HOLD, REOPEN, TASK, WORK, WATCH, NOTE, OVERRIDE, EDIT = 0.30, 0.25, 0.03, 0.07, 0.45, 0.10, 0.35, 0.03, 0.08
CONFIRM = 0.45
#: Of the demo's own sign-ins: how often the requester asks, and the agent works.
OWN_REQUEST, OWN_WORK = 0.03, 0.12
#: Of so many incidents in a row, those at these places are linked to the next so many of the same category.
FAMILY_EVERY = 125
LINKS = ((0, "parent_of", 4), (40, "duplicates", 1), (80, "relates_to", 1))

#: Median minutes until each is done, by priority from 1 (critical) to 5 (planning); the spread is log-normal.
TRIAGE = (6, 12, 35, 70, 120)
WORKING = (90, 240, 700, 1_400, 2_600)
ANSWERING = 90
HOLDING = 2_400
SPREAD = 0.9
MINUTES_WORKED: Sequence[int] = (5, 10, 10, 15, 15, 20, 30, 45, 60, 90, 120)
