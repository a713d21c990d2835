"""Asking about major incidents."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.access.queries import people_holding
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.practice.statements import KEPT
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.surroundings import Related, related_to
from mainstay.support.incidents import queries
from mainstay.support.incidents.models import Incident, MajorIncident

Stage = MajorIncident.Stage
UNFINISHED = ("open", "paused")
#: What can be done at each stage.
NEXT: dict[str, tuple[str, ...]] = {
    Stage.CANDIDATE: ("accept", "reject"),
    Stage.ACCEPTED: ("appoint", "end"),
    Stage.REJECTED: (),
    Stage.ENDED: ("review",),
}


@dataclass(frozen=True)
class Reach:
    """How far an incident reaches: its children that the reader may see, and how many people reported it or them."""

    children: list[Record]
    people: int

    @property
    def unfinished(self) -> int:
        """How many of the children somebody still works on."""
        return sum(each.state_category in UNFINISHED for each in self.children)


def major_of(incident: Incident) -> MajorIncident | None:
    """Return what an incident has as a major one, if it was ever proposed."""
    return getattr(incident, "major", None)


def get_major(actor: Actor, number: str) -> MajorIncident:
    """Return the major incident with this number, for those who see its internal part. Raises Missing."""
    found = major_of(queries.get_in_console(actor, number))
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def reach_of(incident: Incident, related: Iterable[Related]) -> Reach:
    """Return how far an incident reaches, from its relations as somebody sees them."""
    families = (each for each in related if each.link.kind == "parent_of")
    children = [each.other for each in families if each.link.target_id == each.other.pk]
    return Reach(children, len({each.requester_id for each in (incident, *children)} - {None}))


def reach(actor: Actor, incident: Incident) -> Reach:
    """Return how far an incident reaches, as far as `actor` may see it."""
    return reach_of(incident, related_to(actor, incident))


def deciding_on(incident: Record) -> QuerySet[Person]:
    """Return the people who may decide on an incident as a major one."""
    return people_holding("incident.decide_major", incident.organisation)


def going_on(actor: Actor) -> Sequence[MajorIncident]:
    """Return the major incidents that are led now or wait for a decision and that `actor` works with.

    Every list shows them: they are read again after each event, and in any case every 10 seconds, as its counters are.
    """
    if not queries.counters(actor)[queries.MAJOR]:
        return ()  # as nearly always: the counters of the menu know it
    return _going_on(actor.standing, actor.as_of, int(time.monotonic() // 10))


@lru_cache(maxsize=KEPT)
def _going_on(standing: Standing, as_of: int, moment: int) -> Sequence[MajorIncident]:
    running = MajorIncident.objects.filter(
        stage__in=queries.GOING_ON, incident__in=queries.in_console(Actor(standing)), incident__merged_into=None
    )
    return tuple(running.select_related("incident", "leader").order_by("proposed"))


def may(actor: Actor, incident: Incident, major: MajorIncident | None) -> tuple[str, ...]:
    """Return what `actor` may do about a major incident now: the buttons, and nothing else."""
    if major is None or major.stage == Stage.REJECTED:
        fits = incident.state_category in UNFINISHED and actor.can("incident.propose_major", incident)
        return ("propose",) if fits else ()
    return NEXT[major.stage] if actor.can("incident.decide_major", incident) else ()
