"""Trying a calendar out: what is typed, and the strip that is drawn of the answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.administration.forms import ExactForm
from mainstay.kernel.calendars.engine.calendar import DAY, HORIZON, Calendar
from mainstay.kernel.calendars.engine.clock import Segment
from mainstay.kernel.calendars.queries import Question, Trial
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.web.formats import absolute_time

#: How wide the strip is in its own units; the page stretches it to the room there is.
WIDE = 1000
#: Segments told in words, and days whose midnights are marked.
MOST_ROWS, MOST_MARKS = 200, 62

KINDS = {
    "running": (_("Running"), "player-play", "open"),
    "paused": (_("Paused"), "player-pause", "paused"),
    "closed": (_("Closed"), "moon", "closed"),
}
MINUTES = {"minutes": 1, "hours": 60}
#: Where a refusal of the question shows in the form.
PLACES = {"minutes": "amount", "days": "amount"}


class TrialForm(ExactForm):
    """A start and a duration in the zone of the calendar; pauses and an end where they are wanted."""

    start = forms.CharField(label=_("Start"), max_length=20, widget=forms.DateTimeInput)
    amount = forms.FloatField(
        label=_("Duration"), required=False, help_text=_("Backwards when negative."), min_value=-1e7, max_value=1e7
    )
    unit = forms.ChoiceField(
        label=_("Counted in"),
        required=False,
        choices=(("hours", _("Hours")), ("minutes", _("Minutes")), ("days", _("Working days"))),
    )
    end_of_day = forms.BooleanField(label=_("Until the closing of that working day"), required=False)
    end = forms.CharField(
        label=_("Measure until"),
        required=False,
        max_length=20,
        widget=forms.DateTimeInput,
        help_text=_("How much service time passes from the start until then."),
    )
    pauses = forms.CharField(
        label=_("Pauses"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A line for each: 2026-11-23 10:00 .. 2026-11-23 11:30"),
    )

    def __init__(self, calendar: Calendar, data: Any, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.calendar = calendar

    def clean_start(self) -> datetime:
        return self._instant(self.cleaned_data["start"])

    def clean_end(self) -> datetime | None:
        return self._instant(self.cleaned_data["end"]) if self.cleaned_data["end"] else None

    def clean_pauses(self) -> tuple[tuple[datetime, datetime], ...]:
        found = []
        for line in filter(None, map(str.strip, self.cleaned_data["pauses"].splitlines())):
            begin, _dots, end = line.partition("..")
            found.append((self._instant(begin), self._instant(end)))
        return tuple(found)

    def _instant(self, text: str) -> datetime:
        """Return the instant that the clock of the calendar's zone shows so."""
        try:
            local = datetime.fromisoformat(text.strip())
        except ValueError:
            local = None
        if local is None or local.tzinfo is not None or not 1900 <= local.year <= 9000:
            raise forms.ValidationError(_now("Give a day and a time such as 2026-11-23 10:00."))
        return local.replace(tzinfo=self.calendar.zone)

    def question(self) -> Question:
        """Return what is asked. Raises Invalid for a part of a working day."""
        amount, unit, minutes, days = self.cleaned_data["amount"], self.cleaned_data["unit"] or "hours", None, None
        if amount is not None and unit == "days":
            if amount != int(amount) or abs(amount) > HORIZON.days:
                raise Invalid({"days": _now("Give a whole number of working days.")})
            days = int(amount)
        elif amount is not None:
            minutes = amount * MINUTES[unit]
        values = {name: self.cleaned_data[name] for name in ("start", "end_of_day", "end", "pauses")}
        return Question(minutes=minutes, days=days, **values)

    def refuse_question(self, refused: Invalid) -> None:
        """Show what was refused of the question."""
        self.refuse({PLACES.get(name, name): message for name, message in refused.errors.items()})


@dataclass(frozen=True)
class Piece:
    """A segment as it is drawn and told."""

    segment: Segment
    #: When it begins and ends, as the calendar's own clock shows it.
    begin: str
    end: str
    label: Any
    icon: str
    state: str
    x: float
    width: float
    #: The days off it holds, by name.
    reasons: str


@dataclass(frozen=True)
class Strip:
    """The answer to a trial as a picture: pieces and marks along `WIDE` units."""

    pieces: list[Piece]
    #: Where midnights of the calendar's zone lie.
    midnights: list[float]
    due: float | None


def strip(calendar: Calendar, trial: Trial) -> Strip | None:
    """Return the strip of a trial, or None where there is no time to show."""
    if not trial.segments:
        return None
    begin, end = trial.segments[0].begin, trial.segments[-1].end

    def at(instant: datetime) -> float:
        return round((instant - begin) / (end - begin) * WIDE, 2)

    pieces = [
        Piece(
            each,
            local_time(calendar, each.begin),
            local_time(calendar, each.end),
            *KINDS[each.kind],
            x=at(each.begin),
            width=max(round(at(each.end) - at(each.begin), 2), 0.5),
            reasons=_reasons(calendar, each),
        )
        for each in trial.segments
    ]
    return Strip(pieces, [at(each) for each in _midnights(calendar, begin, end)], at(trial.due) if trial.due else None)


def _midnights(calendar: Calendar, begin: datetime, end: datetime) -> list[datetime]:
    if end - begin > MOST_MARKS * DAY:
        return []
    first = calendar.day_of(begin)
    days = (first + timedelta(days=number) for number in range(1, MOST_MARKS + 2))
    midnights = (datetime(day.year, day.month, day.day, tzinfo=calendar.zone) for day in days)
    return [each for each in midnights if begin < each < end]


def _reasons(calendar: Calendar, segment: Segment) -> str:
    if segment.kind != "closed" or segment.end - segment.begin > MOST_MARKS * DAY:
        return ""
    first, last = calendar.day_of(segment.begin), calendar.day_of(segment.end - timedelta(microseconds=1))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return ", ".join(dict.fromkeys(name for day in days if (name := calendar.name_of_day_off(day))))


def local_time(calendar: Calendar, instant: datetime) -> str:
    """Return an instant in words as the calendar's own clock shows it."""
    with timezone.override(calendar.zone):
        return absolute_time(instant)


def in_hours(amount: timedelta) -> str:
    """Return an amount of time in words, to the minute it holds in full: 8 h 30 min."""
    minutes = int(amount.total_seconds() // 60)
    return _now("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}
