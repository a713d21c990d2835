"""Incidents that belong together: a parent and its children, reports of the same thing."""

from datetime import datetime, timedelta

from mainstay.site.demo.distributions import FAMILY_EVERY, LINKS
from mainstay.support.incidents.engine.history import History, Step

#: How long after the later report somebody sees that two belong together.
SEEN_AFTER = timedelta(minutes=25)


def with_families(stories: list[History], agent: int, now: datetime) -> list[History]:
    """Link neighbours at fixed places of a batch; `agent` (id) is who does it, never later than `now` (UTC)."""
    linked = [story._replace(key=str(place)) for place, story in enumerate(stories)]
    for begin in range(0, len(linked) - FAMILY_EVERY + 1, FAMILY_EVERY):
        for offset, kind, count in LINKS:
            source, end = begin + offset, begin + FAMILY_EVERY
            alike = [place for place in range(source + 1, end) if linked[place].category == linked[source].category]
            for target in alike[:count]:
                _link(linked, source, kind, target, agent, now)
    return linked


def _link(stories: list[History], source: int, kind: str, target: int, agent: int, now: datetime) -> None:
    """Add the link to the history of both ends, each step at its place in time."""
    seen = min(max(stories[source].opened, stories[target].opened) + SEEN_AFTER, now)
    for place, other, outward in ((source, target, True), (target, source, False)):
        values = {"kind": kind, "other": str(other), "outward": outward}
        steps = sorted((*stories[place].steps, Step("link", seen, agent, values, door="page")), key=_when)
        stories[place] = stories[place]._replace(steps=tuple(steps))


def _when(step: Step) -> datetime:
    return step.occurred
