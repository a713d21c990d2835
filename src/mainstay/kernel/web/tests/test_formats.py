"""Dates, times and numbers as the viewer reads them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from mainstay.kernel.web import formats

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=23, minutes=59), "23 h ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=29), "29 days ago"),
        (timedelta(days=30), "Jun 1, 2026"),
        (timedelta(seconds=-30), "in a moment"),
        (timedelta(minutes=-5), "in 5 min"),
        (timedelta(days=-2), "in 2 days"),
    ],
)
def test_how_long_ago_it_was(distance: timedelta, words: str) -> None:
    with translation.override("en"):
        assert formats.relative_time(NOON - distance, NOON) == words


def test_an_instant_is_told_in_the_viewers_zone() -> None:
    with translation.override("en"), timezone.override(ZoneInfo("Europe/Berlin")):
        assert formats.absolute_time(NOON) == "Jul 1, 2026, 2:00:00\u202fPM"
        assert formats.day(datetime(2026, 7, 1, 23, 0, tzinfo=UTC)) == "Jul 2, 2026"
    with translation.override("de"), timezone.override(ZoneInfo("UTC")):
        assert formats.absolute_time(NOON) == "01.07.2026, 12:00:00"


def test_a_counter_stops_at_its_limit() -> None:
    with translation.override("en"):
        assert [formats.count_text(value) for value in (0, 999, 1000, 5000)] == ["0", "999", "1,000+", "1,000+"]


def test_an_unknown_language_reads_like_english() -> None:
    assert formats.locale_of("xx-made-up").language == "en"
