"""Understanding what is asked of a report. All of it stands in the address of the page, as it does for lists."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.records.filters import FILTERS
from mainstay.kernel.records.lists import Selection, read
from mainstay.kernel.reports.engine.periods import DAY, RANGES, UNITS, midnight, periods
from mainstay.kernel.reports.registry import Dimension, Report, dimensions, reports

DEFAULT_RANGE = "last-12-months"
#: Days that are named instead of a range.
EXACT = "exact"
OWN = ("range", "start", "end", "by")
#: What cases can be left out by; the filters of lists that say what a case is and not how it stands now.
NARROWING = ("team", "organisation", "category", "priority", "kind", "channel")
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)

UNIT_NAMES = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "quarter": gettext_lazy("Quarter"),
}
RANGE_NAMES = {
    "last-7-days": gettext_lazy("Last 7 days"),
    "last-30-days": gettext_lazy("Last 30 days"),
    "last-week": gettext_lazy("Last week"),
    "this-month": gettext_lazy("This month"),
    "last-month": gettext_lazy("Last month"),
    "last-quarter": gettext_lazy("Last quarter"),
    "last-12-months": gettext_lazy("Last 12 months"),
    "this-year": gettext_lazy("This year"),
    "last-year": gettext_lazy("Last year"),
}


@dataclass(frozen=True)
class Asked:
    """A report, the days it speaks of (the last one included) in the reader's zone, how it is divided and narrowed."""

    report: Report
    range: str
    start: date
    end: date
    by: str
    selection: Selection
    zone: ZoneInfo
    today: date

    @property
    def periods(self) -> list[tuple[date, date]]:
        """The periods it is divided into, as their first and last days; none where it is divided otherwise."""
        return periods(self.start, self.end, self.by) if self.by in UNITS else []

    @property
    def dimension(self) -> Dimension | None:
        """What it is divided by, where that is not time."""
        return dimensions().get(self.by)

    @property
    def boundaries(self) -> tuple[datetime, datetime]:
        """The instants (UTC) between which it counts, half-open."""
        return self.between(self.start, self.end)

    def between(self, first: date, last: date) -> tuple[datetime, datetime]:
        """Return the instants (UTC) at which the first of some days begins and the last one ends."""
        return midnight(first, self.zone), midnight(last + DAY, self.zone)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of its address; a range goes on with the days, exact days stay."""
        exact = [("start", self.start.isoformat()), ("end", self.end.isoformat())]
        filters = parse_qsl(self.selection.address().removeprefix("?"))
        return [("range", self.range), *(exact if self.range == EXACT else []), ("by", self.by), *filters]

    def address(self, **changed: str) -> str:
        """Return the query string of this report, `?` included, with some parameters changed."""
        kept = [(name, value) for name, value in self.pairs() if name not in changed]
        return f"?{urlencode([*kept, *((name, value) for name, value in changed.items() if value)])}"

    def pinned(self) -> "Asked":
        """Return the same with its days named, so that it speaks of them tomorrow too."""
        return replace(self, range=EXACT)


def understand(actor: Actor, name: str, parameters: "MultiValueDict[str, str]", zone: ZoneInfo) -> Asked:
    """Understand the address of a report. Raises Missing for no report, Invalid for parameters and values unknown."""
    report = reports().get(name)
    if report is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    if unknown := set(parameters) - {*OWN, *NARROWING}:
        raise Invalid({name: _("There is no filter %(name)s.") % {"name": name} for name in sorted(unknown)})
    filters = MultiValueDict({each: parameters.getlist(each) for each in NARROWING if each in parameters})
    today = timezone.now().astimezone(zone).date()
    range_, start, end = _days(parameters, today)
    by = parameters.get("by") or report.by
    if by not in divisions(report):
        raise Invalid({"by": _("Not to be chosen here: %(names)s.") % {"names": by}})
    asked = Asked(report, range_, start, end, by, read(actor, "", filters), zone, today)
    try:
        asked.periods  # noqa: B018 - counts them
    except ValueError:
        raise Invalid({"by": _("That would be too many rows. Choose longer periods or fewer days.")}) from None
    return asked


def _days(parameters: Mapping[str, str], today: date) -> tuple[str, date, date]:
    """Return the range and its first and last day; days that are named go before a range."""
    given = {name: _day(name, parameters[name]) for name in ("start", "end") if parameters.get(name)}
    range_ = parameters.get("range") or (EXACT if given else DEFAULT_RANGE)
    if range_ == EXACT:
        start, end = given.get("start", today.replace(day=1)), given.get("end", today)
        if not EARLIEST <= start <= end <= LATEST:
            raise Invalid({"end": _("The last day must not lie before the first.")})
        return range_, start, end
    if range_ not in RANGES:
        raise Invalid({"range": _("Not to be chosen here: %(names)s.") % {"names": range_}})
    return (range_, *RANGES[range_](today))


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Invalid({name: _("Give a day such as 2026-11-22.")}) from None
    if not EARLIEST <= day <= LATEST:
        raise Invalid({name: _("Give a day such as 2026-11-22.")})
    return day


def divisions(report: Report) -> dict[str, object]:
    """Return what a report can be divided by, with the names of it."""
    others = {name: each.label for name, each in dimensions().items() if report.stock or not each.stocks}
    return {**UNIT_NAMES, **others}


def narrowings(actor: Actor) -> list[tuple[str, object, list[tuple[str, str]]]]:
    """Return each filter with its name and the values that `actor` may choose from."""
    found = []
    for slug in NARROWING:
        known = FILTERS.get(slug)
        if known is not None and known.offers is not None:
            found.append((slug, known.label, [(each.value, str(each.label)) for each in known.offers(actor)]))
    return found


__all__ = ["EXACT", "NARROWING", "RANGE_NAMES", "Asked", "divisions", "narrowings", "understand"]
