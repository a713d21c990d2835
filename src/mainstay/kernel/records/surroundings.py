"""What stands around a record on its page: links, tasks, working time, watchers, files, the caller's other cases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Link, Record, SavedView, Task, WorkLog
from mainstay.kernel.records.queries import visible_to

#: Counters stop here.
MOST_COUNTED = 1000
UNFINISHED = ("open", "paused")


@dataclass(frozen=True)
class Related:
    """A link as it reads from one record: the other record, and how they relate."""

    link: Link
    label: Any
    other: Record


def related_to(actor: Actor, record: Record) -> list[Related]:
    """Return the links of `record` whose other end `actor` may see, in the order they were made."""
    links = Link.objects.filter(Q(source_id=record.pk) | Q(target_id=record.pk)).select_related("source", "target")
    found = []
    for link in links.order_by("id"):
        outward = link.source_id == record.pk
        kind, other = LINK_KINDS[link.kind], link.target if outward else link.source
        if actor.can(f"{other.kind}.read", other):
            found.append(Related(link, kind.label if outward else kind.inverse, other))
    return found


def tasks_of(record: Record) -> QuerySet[Task]:
    """Return the tasks of a record in their order."""
    return Task.objects.filter(record_id=record.pk).select_related("owner", "team", "done_by")


def work_on(record: Record) -> tuple[list[WorkLog], int]:
    """Return the work logged on a record, newest first, and its sum in minutes."""
    entries = list(WorkLog.objects.filter(record_id=record.pk).select_related("person"))
    return entries, sum(entry.minutes for entry in entries)


def watchers_of(record: Record) -> QuerySet[Person]:
    """Return the people who watch a record."""
    return Person.objects.filter(watches__record_id=record.pk)


def other_cases(actor: Actor, record: Record, limit: int = 5) -> list[Record]:
    """Return up to `limit` unfinished records of the same requester that `actor` may see, newest first."""
    if record.requester_id is None:
        return []
    cases = visible_to(actor).filter(requester_id=record.requester_id, state_category__in=UNFINISHED)
    return list(cases.exclude(pk=record.pk).order_by("-id")[:limit])


def counts(querysets: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """Return how many rows each queryset has, counting no further than 1,000, all in one statement."""
    found = dict.fromkeys(querysets, 0)
    parts: dict[str, str] = {}
    parameters: list[Any] = []
    for name, rows in querysets.items():
        try:
            sql, values = rows.order_by().values("pk")[:MOST_COUNTED].query.sql_with_params()
        except EmptyResultSet:
            continue
        parts[name] = f"(SELECT count(*) FROM ({sql}) AS counted)"  # noqa: S608 - Django wrote it; values stay apart
        parameters += values
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts.values())}", parameters)
            found |= dict(zip(parts, cursor.fetchone(), strict=True))
    return found


def views_of(actor: Actor, kind: str) -> list[SavedView]:
    """Return the saved views that `actor` may use: everyone's, those of its teams, its own."""
    everyones = Q(person=None, team=None)
    mine = everyones | Q(person_id=actor.person_id or 0) | Q(team_id__in=actor.standing.team_ids)
    return list(SavedView.objects.filter(mine, kind=kind).select_related("team"))
