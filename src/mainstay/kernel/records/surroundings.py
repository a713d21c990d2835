"""What stands around a record on its page: links, tasks, working time, watchers, files, the caller's other cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, CharField, Q, QuerySet

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.links import LINK_KINDS
from mainstay.kernel.records.models import Attachment, Link, Record, SavedView, Task, Visibility, WorkLog
from mainstay.kernel.records.queries import reads_internal, visible_to

#: Counters stop here.
MOST_COUNTED = 1000
MOST_CASES = 5
UNFINISHED = ("open", "paused")


@dataclass(frozen=True)
class Related:
    """A link as it reads from one record: the other record, and how they relate."""

    link: Link
    label: Any
    other: Record


@dataclass(frozen=True)
class Surroundings:
    """What stands around a record; `minutes` is the sum of the working time."""

    related: list[Related] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    work: list[WorkLog] = field(default_factory=list)
    minutes: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    watchers: list[Person] = field(default_factory=list)


def surroundings(actor: Actor, record: Record) -> Surroundings:
    """Return all of it as `actor` may see it. Most records have little of it: one query finds out what to ask for."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, {"record": record.pk})
        links, tasks, work, files, watchers = cursor.fetchone()
    entries, minutes = work_on(record) if work else ([], 0)
    return Surroundings(
        related_to(actor, record) if links else [],
        tasks_of(record) if tasks else [],
        entries,
        minutes,
        files_on(actor, record) if files else [],
        watchers_of(record) if watchers else [],
    )


PRESENT = """
SELECT EXISTS (SELECT FROM records_link WHERE source_id = %(record)s)
           OR EXISTS (SELECT FROM records_link WHERE target_id = %(record)s),
       EXISTS (SELECT FROM records_task WHERE record_id = %(record)s),
       EXISTS (SELECT FROM records_worklog WHERE record_id = %(record)s),
       EXISTS (SELECT FROM records_attachment WHERE record_id = %(record)s),
       EXISTS (SELECT FROM records_watch WHERE record_id = %(record)s)
"""


def related_to(actor: Actor, record: Record) -> list[Related]:
    """Return the links of `record` whose other end `actor` may see, in the order they were made."""
    found = []
    for link in _links(record=record.pk):
        outward = link.source_id == record.pk
        kind, other = LINK_KINDS[link.kind], link.target if outward else link.source
        if actor.can(f"{other.kind}.read", other):
            found.append(Related(link, kind.label if outward else kind.inverse, other))
    return found


def tasks_of(record: Record) -> list[Task]:
    """Return the tasks of a record in their order."""
    return _tasks(record=record.pk)


def work_on(record: Record) -> tuple[list[WorkLog], int]:
    """Return the work logged on a record, newest first, and its sum in minutes."""
    entries = _work(record=record.pk)
    return entries, sum(entry.minutes for entry in entries)


def files_on(actor: Actor, record: Record) -> list[Attachment]:
    """Return the files on a record that `actor` may read, oldest first."""
    internal = reads_internal(actor, record)
    return [file for file in _files(record=record.pk) if internal or file.visibility == Visibility.PUBLIC]


def watchers_of(record: Record) -> list[Person]:
    """Return the people who watch a record."""
    return _watchers(record=record.pk)


def other_cases(actor: Actor, record: Record, limit: int = MOST_CASES) -> list[Record]:
    """Return up to `limit` (at most 5) unfinished records of the same requester that `actor` may see, newest first."""
    if record.requester_id is None:
        return []
    cases = _unfinished_cases(actor.standing)(requester=record.requester_id)
    return [case for case in cases if case.pk != record.pk][:limit]


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
    return _views(person=actor.person_id or 0, teams=sorted(actor.standing.team_ids), kind=kind)


# What every record page asks.
_tasks = Statement(
    lambda record: Task.objects.filter(record_id=record).select_related("owner", "team", "done_by"),
    record=BigIntegerField(),
)
_work = Statement(
    lambda record: WorkLog.objects.filter(record_id=record).select_related("person"), record=BigIntegerField()
)
_files = Statement(
    lambda record: Attachment.objects.filter(record_id=record).select_related("content", "added_by"),
    record=BigIntegerField(),
)
_watchers = Statement(lambda record: Person.objects.filter(watches__record_id=record), record=BigIntegerField())
_links = Statement(
    lambda record: (
        Link.objects.filter(Q(source_id=record) | Q(target_id=record)).select_related("source", "target").order_by("id")
    ),
    record=BigIntegerField(),
)
_views = Statement(
    lambda person, teams, kind: SavedView.objects.filter(
        Q(person=None, team=None) | Q(person_id=person) | Q(team_id__equals_any=teams), kind=kind
    ).select_related("team"),
    person=BigIntegerField(),
    teams=ArrayField(BigIntegerField()),
    kind=CharField(),
)


@lru_cache(maxsize=KEPT)
def _unfinished_cases(standing: Standing) -> Statement[Record]:
    """One more than are shown, for the record itself may be among them."""
    cases = visible_to(Actor(standing)).filter(state_category__in=UNFINISHED).order_by("-id")
    return Statement(
        lambda requester: cases.filter(requester_id=requester)[: MOST_CASES + 1], requester=BigIntegerField()
    )
