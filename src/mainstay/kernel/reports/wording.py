"""What reports say in words: names of periods and units, numbers, and the table that leaves the product."""

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _

from mainstay.kernel.records.filters import FILTERS
from mainstay.kernel.reports.engine.sheet import Sheet
from mainstay.kernel.reports.queries import Row, Table
from mainstay.kernel.reports.queries.asking import Asked, divisions
from mainstay.kernel.reports.registry import Measure, Unit

UNITS: dict[Unit, object] = {
    "cases": "",
    "percent": "%",
    "hours": gettext_lazy("hours"),
    "days": gettext_lazy("days"),
    "minutes": gettext_lazy("minutes"),
    "times": "",
    "points": "",
}
#: Digits behind the point.
DIGITS = 1


def _locale() -> Locale:
    try:
        return Locale.parse(to_locale(get_language() or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


def heading(measure: Measure) -> str:
    """Return what stands above the column of a measure: its name with its unit."""
    unit = str(UNITS[measure.unit])
    return _("%(name)s (%(unit)s)") % {"name": measure.label, "unit": unit} if unit else str(measure.label)


def rounded(value: float | None) -> float | None:
    """Return a value as far as it is shown; a whole number stays one."""
    if value is None or float(value).is_integer():
        return value if value is None else int(value)
    return round(float(value), DIGITS)


def number(value: float | None) -> str:
    """Return a value with the language's separators, a dash for nothing."""
    return "–" if value is None else str(format_decimal(rounded(value) or 0, locale=_locale()))


def label_of(asked: Asked, row: Row) -> str:
    """Return what a row is called: a period in the reader's language, or the group's own name."""
    if row.days is None:
        return row.label
    first, locale = row.days[0], _locale()
    if asked.by == "week":
        year, week, _weekday = first.isocalendar()
        return _("%(year)d week %(week)d") % {"year": year, "week": week}
    if asked.by == "month":
        return str(format_skeleton("yMMM", first, locale=locale))
    if asked.by == "quarter":
        return str(format_skeleton("yQQQ", first, locale=locale))
    return str(format_date(first, "medium", locale=locale))


def days_of(asked: Asked) -> str:
    """Return the days that a report speaks of, in words."""
    first, last = (format_date(day, "medium", locale=_locale()) for day in (asked.start, asked.end))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def narrowed(asked: Asked) -> list[tuple[str, str]]:
    """Return each filter that is set, with the names of its values."""
    filters = asked.selection.filters.items()
    return [(str(FILTERS[slug].label), ", ".join(str(each.label) for each in values)) for slug, values in filters]


def sheet(asked: Asked, table: Table) -> Sheet:
    """Return a computed report as a table to hand out, with its formula, days and filters."""
    headings = [str(divisions(asked.report)[asked.by]), *(heading(each) for each in asked.report.measures)]
    rows = [[label_of(asked, row), *map(rounded, row.values.values())] for row in [*table.rows, table.total]]
    notes = [
        (_("Report"), str(asked.report.label)),
        (_("Formula"), str(asked.report.formula)),
        (_("Days"), days_of(asked)),
        (_("Time zone"), asked.zone.key),
        *narrowed(asked),
    ]
    return Sheet(str(asked.report.label), headings, rows, _("About"), notes)
