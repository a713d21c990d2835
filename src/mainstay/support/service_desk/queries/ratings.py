"""Asking how satisfied requesters are, and who is still to be asked."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.engine import choice_of
from mainstay.kernel.people.models import Membership, Person
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import NotPermitted
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import reads_internal, require, visible_to
from mainstay.support.service_desk.models import Rating
from mainstay.support.service_desk.queries.cases import in_portal

#: By which people choose how they are asked.
TOPIC = "survey"


def is_ratable(case: Record) -> bool:
    """Return whether its requester may say, or change, how satisfied they are: a case is solved, and not long since.

    What goes on in another case is not rated by itself.
    """
    if case.resolved is None or case.merged_into_id is not None:
        return False
    return case.resolved > timezone.now() - timedelta(days=settings.value("service_desk.survey_days"))


def require_own(actor: Actor, case: Record) -> Person:
    """Return the requester of a case, who must be `actor`.

    Raises Missing for a case that `actor` may not see, NotPermitted for anybody else than its requester.
    """
    require(actor, "comment", case)
    if actor.person is None or actor.person_id != case.requester_id:
        raise NotPermitted(_("Only the one who asked for help says how satisfied they are."))
    return actor.person


def may_rate(actor: Actor, case: Record) -> bool:
    """Return whether `actor` may say how satisfied they are with a case: its requester alone, while it can be rated."""
    own = case.requester_id is not None and actor.person_id == case.requester_id
    return own and actor.can(f"{case.kind}.comment", case) and is_ratable(case)


def rating_of(actor: Actor, case: Record) -> Rating | None:
    """Return how satisfied the requester said they are, for themselves and for those who see its internal part."""
    found = Rating.objects.select_related("person", "follow_up", "record").filter(record_id=case.pk).first()
    if found is None or found.score is None:
        return None
    return found if found.person_id == actor.person_id or reads_internal(actor, case) else None


def ratings(actor: Actor) -> QuerySet[Rating]:
    """Return what requesters said of the cases that `actor` works on or oversees."""
    seen = visible_to(actor, "read_internal").values("pk")
    return Rating.objects.filter(record__in=seen, score__isnull=False).select_related("person", "follow_up", "record")


def is_to_be_asked(case: Record, person: Person) -> bool:
    """Return whether a person is asked about a case now: they want to be, may answer, and were not asked lately."""
    if not person.is_active or choice_of(person.preferences, TOPIC) == "none":
        return False
    if Rating.objects.filter(record_id=case.pk).exists():
        return False
    if not may_rate(in_portal(actor_for(person, door="job")), case):
        return False
    since = timezone.now() - timedelta(days=settings.value("service_desk.survey_every_days"))
    return not Rating.objects.filter(person=person, asked__gt=since).exists()


def concerned_by_rating(event: Event) -> set[int]:
    """Return who (ids) hears that somebody is not satisfied: who had the case, and who leads the teams that had it."""
    if not event.data.get("follow_up"):
        return set()
    record = Record.objects.get(pk=event.record_id or 0)
    leaders = Membership.objects.filter(leads=True, team__in=[pk for pk in (record.team_id, record.owner_id) if pk])
    return {*leaders.values_list("person", flat=True), *filter(None, [record.assignee_id])} - {event.actor_id}
