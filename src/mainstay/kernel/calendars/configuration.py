"""Calendars and their versions as configuration rows."""

from datetime import date

from babel import Locale
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.calendars.actions import save_calendar, save_version
from mainstay.kernel.calendars.engine.public_holidays import countries
from mainstay.kernel.calendars.engine.week import DAYS
from mainstay.kernel.calendars.models import Calendar, CalendarVersion
from mainstay.kernel.events.actions import Author
from mainstay.kernel.practice.configuration import ConfigurationKind, Field, Options, Row, register
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.zones import zone_names

CAPABILITY = "configuration.manage"
RETIRED = Field("retired", "yes_no", _("Retired"), _("Kept for what used it, no longer to be chosen."))
NAMES_OF_DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)

SLOTS = _("Slots such as 08:00-12:00, 13:00-18:00; 22:00-06:00 goes past midnight. Empty: closed.")


def _zones() -> Options:
    return [(name, name) for name in zone_names()]


def country_options() -> Options:
    """Return the countries whose public holidays are known, with their names in the reader's language."""
    names = Locale.parse(to_locale(get_language() or "en"), sep="_").territories
    return sorted(((code, names.get(code, code)) for code in countries()), key=lambda pair: str(pair[1]))


def _calendar_options() -> Options:
    return list(Calendar.objects.filter(retired=None).values_list("slug", "name"))


def _calendars() -> dict[str, Row]:
    return {
        row.slug: {"name": row.name, "zone": row.zone, "retired": row.retired is not None}
        for row in Calendar.objects.all()
    }


def _write_calendar(*, by: Author, key: str, values: Row) -> None:
    save_calendar(by=by, slug=key, **values)


def _versions() -> dict[str, Row]:
    return {
        row.slug: {
            "calendar": row.calendar.slug,
            "valid_from": row.valid_from.isoformat() if row.valid_from else "",
            **{day: getattr(row, day) for day in DAYS},
            "country": row.country or None,
            "region": row.region,
            "days_off": list(row.days_off),
            "imported": list(row.imported),
            "retired": row.retired is not None,
        }
        for row in CalendarVersion.objects.select_related("calendar")
    }


def _write_version(*, by: Author, key: str, values: Row) -> None:
    save_version(
        by=by,
        slug=key,
        calendar=Calendar.objects.get(slug=values["calendar"]),
        valid_from=_day(values["valid_from"]),
        hours={day: values[day] for day in DAYS},
        country=values["country"] or "",
        **{name: values[name] for name in ("region", "days_off", "imported", "retired")},
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid({"valid_from": _now("Give a day such as 2027-01-01, or leave it empty.")}) from None


def _key_of_version(values: Row) -> str:
    return f"{str(values['calendar'])[:60]}.{values['valid_from'] or 'start'}"


register(
    ConfigurationKind(
        name="calendars",
        label=_("Calendars"),
        singular=_("Calendar"),
        icon="calendar",
        capability=CAPABILITY,
        subject="calendar",
        help=_("Where on earth service is given. The hours stand in the versions of a calendar."),
        related=((_("Try it"), "administration:calendar-try", "player-play"),),
        fields=(
            Field("name", "text", _("Name"), required=True, column=True),
            Field("zone", "choice", _("Time zone"), required=True, default="UTC", options=_zones, column=True),
            RETIRED,
        ),
        read=_calendars,
        write=_write_calendar,
        find=lambda key: Calendar.objects.filter(slug=key).first(),
    )
)
register(
    ConfigurationKind(
        name="calendar-versions",
        label=_("Versions of calendars"),
        singular=_("Version of a calendar"),
        icon="calendar-event",
        capability=CAPABILITY,
        subject="calendar_version",
        help=_("The hours and days off of a calendar, from a day on until its next version."),
        related=((_("Take days from a file"), "administration:calendar-days", "upload"),),
        key_from=_key_of_version,
        fields=(
            Field("calendar", "choice", _("Calendar"), required=True, options=_calendar_options, column=True),
            Field(
                "valid_from",
                "text",
                _("Holds from"),
                _("Its first day, such as 2027-01-01; empty: from the beginning. Before the first one all is closed."),
                column=True,
                longest=10,
            ),
            *(
                Field(
                    day,
                    "text",
                    name,
                    SLOTS if day == DAYS[0] else "",
                    longest=300,
                )
                for day, name in zip(DAYS, NAMES_OF_DAYS, strict=True)
            ),
            Field("country", "choice", _("Public holidays of"), options=country_options),
            Field(
                "region",
                "text",
                _("Region"),
                _("Its letters after those of the country, such as BY for Bavaria."),
                longest=50,
            ),
            Field(
                "days_off",
                "lines",
                _("Days off"),
                _("A line for each: 2026-12-24 Christmas Eve; 12-24 for every year; 2026-12-24..2026-12-31 for all."),
            ),
            Field(
                "imported", "lines", _("Days off from a file"), _("Written the same way; the next file replaces them.")
            ),
            RETIRED,
        ),
        read=_versions,
        write=_write_version,
        find=lambda key: CalendarVersion.objects.filter(slug=key).first(),
    )
)
