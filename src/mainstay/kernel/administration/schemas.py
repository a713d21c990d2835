"""What the interface takes and shows when a calendar is tried out."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, NotRequired
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field
from typing_extensions import TypedDict

from mainstay.kernel.calendars.engine import calendar as engine
from mainstay.kernel.calendars.engine.week import DAYS, MOST_SLOTS, BadHours, week
from mainstay.kernel.calendars.queries import Question, Trial
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.zones import zone_names
from mainstay.kernel.rest.schemas import Body, Instant, closed

MOST_HOLIDAYS, MOST_PAUSES = 4_000, 1_000
MOST_DAYS = engine.HORIZON.days
MOST_MINUTES = MOST_DAYS * 24 * 60
DAY = r"^\d{4}-\d{2}-\d{2}$"


def _day(value: Any) -> date:
    """Read a day from text: bodies are checked strictly, and JSON has no type for days."""
    if not isinstance(value, str) or not re.fullmatch(DAY, value, re.ASCII):
        raise ValueError(_("Give a day such as 2026-12-24."))
    return date.fromisoformat(value)


def _zone(name: str) -> str:
    if name not in zone_names():
        raise ValueError(_("%(name)s is not a time zone, such as Europe/Berlin.") % {"name": name})
    return name


Day = Annotated[date, BeforeValidator(_day), Field(json_schema_extra={"format": "date", "pattern": DAY})]
Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]
Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Slot = Annotated[list[Clock], Field(min_length=2, max_length=2)]
Slots = Annotated[list[Slot], Field(max_length=MOST_SLOTS)]
Pause = Annotated[list[Instant], Field(min_length=2, max_length=2)]


class TriedHours(Body):
    """The slots of each day, from and to; one that ends before it begins goes on past midnight."""

    mon: Slots = []
    tue: Slots = []
    wed: Slots = []
    thu: Slots = []
    fri: Slots = []
    sat: Slots = []
    sun: Slots = []


class TriedCalendar(Body):
    """A calendar to try out: its zone, the hours of its week, and the days on which it is closed."""

    zone: Zone = "UTC"
    hours: TriedHours
    holidays: Annotated[list[Day], Field(max_length=MOST_HOLIDAYS)] = []

    def for_the_engine(self) -> engine.Calendar:
        """Return the calendar to reckon with. Raises Invalid for a slot of no length."""
        hours = {day: [(slot[0], slot[1]) for slot in getattr(self.hours, day)] for day in DAYS}
        try:
            version = engine.Version(week(hours), dict.fromkeys(self.holidays, ""))
        except BadHours as bad:
            words = _("A slot begins before 24:00 and has a length: %(slot)s. Write 00:00 and 24:00 for a whole day.")
            raise Invalid({f"calendar.hours.{bad.day}": words % {"slot": bad.slot}}) from None
        return engine.Calendar(ZoneInfo(self.zone), (version,))


class TriedClock(Body):
    """What to reckon: when so many minutes of service or working days have passed, or how much passes until an end.

    Negative minutes and days count backwards. A pause is an instant from which and one until which the clock stands.
    """

    calendar: TriedCalendar
    start: Instant
    minutes: Annotated[float, Field(ge=-MOST_MINUTES, le=MOST_MINUTES, allow_inf_nan=False)] | None = None
    days: Annotated[int, Field(ge=-MOST_DAYS, le=MOST_DAYS)] | None = None
    end_of_day: bool = False
    end: Instant | None = None
    pauses: Annotated[list[Pause], Field(max_length=MOST_PAUSES)] = []

    def question(self) -> Question:
        """Return what is asked of the calendar."""
        pauses = tuple((pause[0], pause[1]) for pause in self.pauses)
        return Question(self.start, self.minutes, self.days, self.end_of_day, self.end, pauses)


#: Written as a call, because `from` is a word of Python.
SegmentShown = TypedDict(
    "SegmentShown", {"from": datetime, "to": datetime, "kind": Literal["running", "paused", "closed"], "minutes": float}
)
closed(SegmentShown)


@closed
class TrialShown(TypedDict):
    """What the clock says. `due` is there when minutes or days were given, null where nothing opens; `elapsed_minutes`
    when an end was given. The segments go from the earliest to the latest of these instants, in UTC."""

    open_at_start: bool
    due: NotRequired[datetime | None]
    elapsed_minutes: NotRequired[float]
    segments: list[SegmentShown]


def trial_shown(asked: Question, trial: Trial) -> TrialShown:
    """Return what a trial found as the interface shows it."""
    shown: TrialShown = {
        "open_at_start": trial.open_at_start,
        "segments": [
            {
                "from": segment.begin.astimezone(UTC),
                "to": segment.end.astimezone(UTC),
                "kind": segment.kind,
                "minutes": segment.minutes,
            }
            for segment in trial.segments
        ],
    }
    if asked.minutes is not None or asked.days is not None:
        shown["due"] = trial.due
    if trial.elapsed is not None:
        shown["elapsed_minutes"] = trial.elapsed.total_seconds() / 60
    return shown
