"""Asking who is away, and who stands in for them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import DateTimeField, QuerySet
from django.utils import timezone

from mainstay.kernel.people.engine.standing_in import stand_in
from mainstay.kernel.people.models import Absence, Membership, Person
from mainstay.kernel.practice.statements import Statement


@dataclass(frozen=True)
class Away:
    """Until when somebody is away (UTC), and who stands in for them, also where the one they named is away."""

    until: datetime
    substitute: Person | None


def away(people: Collection[int | None], *, at: datetime | None = None) -> dict[int, Away]:
    """Return those of `people` (ids) who are away at an instant, by default now. One query where nobody is."""
    absences = _absences(at=at or timezone.now())
    found = [absence for absence in absences if absence.person_id in people]
    if not found:
        return {}
    named = {absence.person_id: absence.substitute_id for absence in absences}
    chosen = {absence.person_id: stand_in(absence.person_id, named) for absence in found}
    substitutes = Person.objects.filter(is_active=True).in_bulk({key for key in chosen.values() if key is not None})
    return {absence.person_id: Away(absence.ends, substitutes.get(chosen[absence.person_id] or 0)) for absence in found}


def absences_of(person: Person) -> QuerySet[Absence]:
    """Return when a person is or will be away, the next one first."""
    ahead = Absence.objects.filter(person=person, ends__gt=timezone.now())
    return ahead.select_related("substitute").order_by("begins", "id")


def colleagues_of(person: Person) -> QuerySet[Person]:
    """Return the active people who may stand in for a person: the others in their teams."""
    teams = Membership.objects.filter(person=person, team__retired=None).values("team")
    others = Membership.objects.filter(team__in=teams).exclude(person=person)
    return Person.objects.filter(pk__in=others.values("person"), is_active=True)


_absences = Statement(lambda at: Absence.objects.filter(begins__lte=at, ends__gt=at).order_by("id"), at=DateTimeField())
