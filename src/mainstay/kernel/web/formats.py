"""How dates, times and numbers read in the viewer's language and time zone."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext, to_locale

MINUTE, HOUR, DAY = 60, 3600, 86400


@lru_cache(maxsize=64)
def locale_of(language: str | None) -> Locale:
    """Return Babel's locale for a language code, English when Babel does not know it."""
    try:
        return Locale.parse(to_locale(language or "en"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en")


@lru_cache(maxsize=16384)
def _absolute(moment: datetime, zone: str, language: str | None) -> str:
    return format_datetime(moment, "medium", tzinfo=timezone.get_current_timezone(), locale=locale_of(language))


def absolute_time(moment: datetime) -> str:
    """Return an instant as date and time to the second in the viewer's zone."""
    return _absolute(moment, timezone.get_current_timezone_name(), get_language())


def relative_time(moment: datetime, now: datetime | None = None) -> str:
    """Return how long ago an instant was, or how far ahead it is; beyond 30 days its date."""
    seconds = ((now or timezone.now()) - moment).total_seconds()
    past, distance = seconds >= 0, abs(seconds)
    if distance < MINUTE:
        return gettext("just now") if past else gettext("in a moment")
    if distance >= 30 * DAY:
        return day(moment)
    unit = MINUTE if distance < HOUR else HOUR if distance < DAY else DAY
    count = int(distance // unit)
    return (_ago(unit, count) if past else _ahead(unit, count)) % count


def _ago(unit: int, count: int) -> str:
    if unit == MINUTE:
        return ngettext("%d min ago", "%d min ago", count)
    if unit == HOUR:
        return ngettext("%d h ago", "%d h ago", count)
    return ngettext("%d day ago", "%d days ago", count)


def _ahead(unit: int, count: int) -> str:
    if unit == MINUTE:
        return ngettext("in %d min", "in %d min", count)
    if unit == HOUR:
        return ngettext("in %d h", "in %d h", count)
    return ngettext("in %d day", "in %d days", count)


@lru_cache(maxsize=4096)
def _day(value: date, language: str | None) -> str:
    return format_date(value, "medium", locale=locale_of(language))


def day(value: date | datetime) -> str:
    """Return a date; an instant becomes the date it falls on in the viewer's zone."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _day(value, get_language())


def day_and_time(moment: datetime) -> str:
    """Return an instant as date and time to the minute in the viewer's zone."""
    zone, locale = timezone.get_current_timezone(), locale_of(get_language())
    return f"{day(moment)}, {format_time(moment, 'short', tzinfo=zone, locale=locale)}"


def number(value: float) -> str:
    """Return a number with the language's separators."""
    return format_decimal(value, locale=locale_of(get_language()))


def count_text(value: int, limit: int = 1000) -> str:
    """Return a counter, which stops at its limit: 1,000+."""
    return number(value) if value < limit else f"{number(limit)}+"
