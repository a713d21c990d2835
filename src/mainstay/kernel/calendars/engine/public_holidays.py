"""Public holidays of countries and their regions, as the library `holidays` reckons them."""

from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays of a country or of one of its regions; `language` is that of their names, where it is had."""

    country: str
    region: str = ""
    language: str = ""

    def get(self, day: date, /) -> str | None:
        """Return the name of a public holiday, or None for a day that is none."""
        return _of_year(self.country, self.region, self.language, day.year).get(day)


def countries() -> list[str]:
    """Return the countries that are known, as two letters each."""
    return sorted(entry[1] for entry in import_module("holidays.registry").COUNTRIES.values())


@cache
def regions(country: str) -> tuple[str, ...]:
    """Return the regions of a known country whose holidays differ."""
    return tuple(_library().country_holidays(country).subdivisions)


# One year at a time: the library's own lazy filling is not made for several threads.
@lru_cache(maxsize=2048)
def _of_year(country: str, region: str, language: str, year: int) -> dict[date, str]:
    found = _library().country_holidays(
        country, subdiv=region or None, years=year, expand=False, language=language or None
    )
    return dict(found)


def _library() -> Any:
    """Load the library when first asked: it takes half a second, which most processes need not spend."""
    return import_module("holidays")
