"""When a resolved incident closes by itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


def closing_instant(resolved: datetime, days: int, zone: str) -> datetime:
    """Return the instant (UTC) that lies `days` calendar days after `resolved`, at the same clock time in `zone`.

    A clock time that the day skips (summer time begins) is taken with the offset before the change; one that it
    shows twice is taken the first time: the rule of PEP 495 for fold=0.
    """
    local = resolved.astimezone(ZoneInfo(zone))
    return (local + timedelta(days=days)).replace(fold=0).astimezone(UTC)
