"""Mentioning people in comments: those alone who may read what mentions them, so that a mention never gives access."""

from typing import Literal

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import CONFIDENTIAL
from mainstay.kernel.access.queries import actor_for, people_holding
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.engine.mentions import meant
from mainstay.kernel.records.models import Record, Visibility

#: The most that are offered while somebody types.
OFFERED = 8


def mentioned_in(body: str, record: Record, *, visibility: str, by: Actor) -> list[int]:
    """Return whom (ids) a comment on a record mentions by address or whole name, as far as they may read it now.

    Neither its author nor the requester are among them: who is written to hears it anyway. Without an `@` nothing is
    asked; else one query finds the people, and what each may read is decided for each.
    """
    places = meant(body)
    if not places:
        return []
    names = {name for place in places for name in place}
    called: dict[str, list[Person]] = {}
    people = Person.objects.filter(is_active=True).alias(called=Lower("name"), address=Lower("email"))
    for person in people.filter(Q(called__in=names) | Q(address__in=names)):
        for name in {person.name.lower(), (person.email or "").lower()} & names:
            called.setdefault(name, []).append(person)
    longest = [next((called[name] for name in place if name in called), []) for place in places]
    found = {person.pk: person for people_there in longest for person in people_there}
    needed: Literal["read", "read_internal"] = "read" if visibility == Visibility.PUBLIC else "read_internal"
    without = (by.person_id, record.requester_id)
    return sorted(
        key
        for key, person in found.items()
        if key not in without and actor_for(person, door="job").can(f"{record.kind}.{needed}", record)
    )


def mentionable(record: Record, begun: str) -> QuerySet[Person]:
    """Return up to 8 people who work where a record is and may see it, whose name or address begins so."""
    working = people_holding(f"{record.kind}.read_internal", record.organisation)
    if record.access == CONFIDENTIAL:
        working = working.filter(memberships__team=record.team_id or 0)
    words = Q(name__istartswith=begun) | Q(name__icontains=f" {begun}") | Q(email__istartswith=begun)
    return working.filter(words).order_by("name", "pk").distinct()[:OFFERED]
