"""Everything that changes calendars."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.calendars.engine.days import BadDay, days
from mainstay.kernel.calendars.engine.public_holidays import countries, regions
from mainstay.kernel.calendars.engine.week import DAYS, BadHours, slots_in, week, written
from mainstay.kernel.calendars.models import Calendar, CalendarVersion
from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.zones import zone_names


@transaction.atomic
def save_calendar(*, by: Author, slug: str, name: str, zone: str, retired: bool = False) -> Calendar:
    """Make a calendar, or change the one with this slug. Raises Invalid for a zone that there is not."""
    if zone not in zone_names():
        raise Invalid({"zone": _("%(name)s is not a time zone, such as Europe/Berlin.") % {"name": zone}})
    calendar = Calendar.objects.select_for_update().filter(slug=slug).first() or Calendar(slug=slug)
    values = {"name": name, "zone": zone, "retired": retirement(calendar, retired)}
    write_row(calendar, values, by=by, subject=f"calendar:{slug}")
    return calendar


@transaction.atomic
def save_version(
    *,
    by: Author,
    slug: str,
    calendar: Calendar,
    valid_from: date | None = None,
    hours: Mapping[str, str],
    country: str = "",
    region: str = "",
    days_off: Sequence[str] = (),
    imported: Sequence[str] = (),
    retired: bool = False,
) -> CalendarVersion:
    """Make a version of a calendar, or change the one with this slug.

    `hours` maps a day (`mon` to `sun`) to its slots as text; `days_off` and `imported` are lines as `engine.days` reads
    them. Raises Invalid for what they mean nothing, and for a second version from the same day.
    """
    found = CalendarVersion.objects.select_for_update().filter(slug=slug).first()
    version = found or CalendarVersion(slug=slug)
    if found is not None and found.calendar != calendar:
        raise Invalid({"calendar": _("A version stays with its calendar. Retire this one and make a new one.")})
    others = CalendarVersion.objects.filter(calendar=calendar, valid_from=valid_from, retired=None).exclude(slug=slug)
    if not retired and others.exists():
        raise Invalid({"valid_from": _("Another version of this calendar holds from that day.")})
    values = {
        "calendar": calendar,
        "valid_from": valid_from,
        **_checked_hours(hours),
        **_checked_place(country, region),
        "days_off": _checked_days("days_off", days_off),
        "imported": _checked_days("imported", imported),
        "retired": retirement(version, retired),
    }
    write_row(version, values, by=by, subject=f"calendar_version:{slug}")
    return version


def _checked_hours(hours: Mapping[str, str]) -> dict[str, str]:
    """Return the hours of every day as they are kept."""
    kept, errors = {}, {}
    for day in DAYS:
        try:
            slots = slots_in(hours.get(day, ""))
            week({day: slots})
        except (ValueError, BadHours):
            errors[day] = _("Write slots such as 08:00-12:00, 13:00-18:00; each with a begin and an end of its own.")
        else:
            kept[day] = written(slots)
    if errors:
        raise Invalid(errors)
    return kept


def _checked_place(country: str, region: str) -> dict[str, str]:
    if region and not country:
        raise Invalid({"region": _("Choose the country of this region.")})
    if country and country not in countries():
        raise Invalid({"country": _("The public holidays of this country are not known.")})
    if region and region not in regions(country):
        known = ", ".join(regions(country)) or "–"
        raise Invalid({"region": _("There is no such region; known are: %(names)s.") % {"names": known}})
    return {"country": country, "region": region}


def _checked_days(name: str, lines: Sequence[str]) -> list[str]:
    try:
        days(lines)
    except BadDay as line:
        words = _("“%(line)s” names no day. Write 2026-12-24, 12-24 for every year, or 2026-12-24..2026-12-31.")
        raise Invalid({name: words % {"line": line}}) from None
    return list(lines)
