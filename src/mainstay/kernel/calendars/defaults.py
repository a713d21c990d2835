"""The calendars an instance starts with: around the clock, and an office's hours."""

from mainstay.kernel.calendars.engine.week import DAYS
from mainstay.kernel.calendars.models import Calendar, CalendarVersion

ALWAYS = dict.fromkeys(DAYS, "00:00-24:00")
OFFICE = dict.fromkeys(DAYS[:5], "08:00-12:00, 13:00-18:00")


def load() -> None:
    """Write the rows that are missing; what an administrator changed stays as it is."""
    for slug, name, hours in (("always", "Around the clock", ALWAYS), ("office-hours", "Office hours", OFFICE)):
        calendar, made = Calendar.objects.get_or_create(slug=slug, defaults={"name": name})
        if made:
            CalendarVersion.objects.create(slug=f"{slug}.start", calendar=calendar, **hours)
