"""Who may be given a record by a rule."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from mainstay.kernel.automation.engine.choosing import Candidate
from mainstay.kernel.automation.models import Skilled, Turn
from mainstay.kernel.automation.registry import Automated
from mainstay.kernel.calendars.models import Calendar
from mainstay.kernel.calendars.queries import timetable
from mainstay.kernel.people.models import Person, Team

UNFINISHED = Q(assigned_records__state_category__in=("open", "paused"))


def candidates(subject: Automated, team: Team, skills: Collection[str]) -> list[Candidate]:
    """Return everybody of a team who may be given a record now, with what the strategies ask.

    `skills` are those that the record needs.
    """
    people = {
        person.pk: person
        for person in Person.objects.filter(pk__in=subject.people(team).values("pk")).annotate(
            load=Count("assigned_records", filter=UNFINISHED)
        )
    }
    turns = dict(Turn.objects.filter(team=team).values_list("person", "turn"))
    known: dict[int, list[str]] = {}
    for person, skill in Skilled.objects.filter(person__in=people, skill__slug__in=skills).values_list(
        "person", "skill__slug"
    ):
        known.setdefault(person, []).append(skill)
    return [
        Candidate(str(person.uuid), person.load, turns.get(key, 0), tuple(sorted(known.get(key, ()))))
        for key, person in people.items()
    ]


def candidates_in(choice: Mapping[str, Any]) -> list[Candidate]:
    """Return the candidates of a choice that was kept."""
    return [Candidate(**{**one, "skills": tuple(one["skills"])}) for one in choice["candidates"]]


def is_open(calendar: str, instant: datetime) -> bool:
    """Return whether service is given at an instant; always, where no calendar is named."""
    row = Calendar.objects.filter(slug=calendar).first() if calendar else None
    return row is None or timetable(row).is_open(instant)


def people_by_uuid(uuids: Collection[str]) -> dict[str, Person]:
    """Return people by the text of their UUID."""
    return {str(one.uuid): one for one in Person.objects.filter(uuid__in=[UUID(each) for each in uuids])}
