"""What stands around a record on its page: links, tasks, working time, watchers, files, the caller's other cases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
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
from mainstay.kernel.records.merged import Parts, parts_of
from mainstay.kernel.records.models import (
    Attachment,
    Link,
    Record,
    SavedView,
    ScheduledReply,
    Task,
    Visibility,
    WorkLog,
)
from mainstay.kernel.records.queries import visible_to, waiting_replies

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
    """What stands around a record and those merged into it; `minutes` is the sum of the working time."""

    related: list[Related] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    work: list[WorkLog] = field(default_factory=list)
    minutes: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    watchers: list[Person] = field(default_factory=list)
    #: Whether the actor put it aside, and until when if not until somebody writes.
    aside: bool = False
    aside_until: datetime | None = None
    #: What is to be written to the requester later, the next first.
    replies: list[ScheduledReply] = field(default_factory=list)
    #: What goes on as part of it, as far as the actor may see it.
    merged: list[Record] = field(default_factory=list)


def surroundings(actor: Actor, record: Record, parts: Parts | None = None) -> Surroundings:
    """Return all of it as `actor` may see it; `parts` where they are known already.

    Most records have little of it: one query finds out what to ask for.
    """
    parts = parts or parts_of(actor, record)
    with connection.cursor() as cursor:
        wanted: dict[str, Any] = {"records": list(parts.ids), "record": record.pk, "person": actor.person_id or 0}
        cursor.execute(PRESENT, wanted)
        links, tasks, work, files, watchers, aside, until, replies = cursor.fetchone()
    entries, minutes = work_on(parts) if work else ([], 0)
    return Surroundings(
        related_to(actor, record, parts) if links else [],
        tasks_of(parts) if tasks else [],
        entries,
        minutes,
        files_on(parts) if files or parts.taken else [],
        watchers_of(parts) if watchers else [],
        aside,
        until,
        list(waiting_replies(record).order_by("at", "pk")) if replies else [],
        _merged(parts) if parts.numbers else [],
    )


def _merged(parts: Parts) -> list[Record]:
    return list(Record.objects.filter(pk__in=parts.numbers).select_related("requester").order_by("pk"))


PRESENT = """
SELECT EXISTS (SELECT FROM records_link WHERE source_id = ANY(%(records)s))
           OR EXISTS (SELECT FROM records_link WHERE target_id = ANY(%(records)s)),
       EXISTS (SELECT FROM records_task WHERE record_id = ANY(%(records)s)),
       EXISTS (SELECT FROM records_worklog WHERE record_id = ANY(%(records)s)),
       EXISTS (SELECT FROM records_attachment WHERE record_id = ANY(%(records)s)),
       EXISTS (SELECT FROM records_watch WHERE record_id = ANY(%(records)s)),
       EXISTS (SELECT FROM records_snooze WHERE record_id = %(record)s AND person_id = %(person)s),
       (SELECT until FROM records_snooze WHERE record_id = %(record)s AND person_id = %(person)s),
       EXISTS (SELECT FROM records_scheduledreply WHERE record_id = %(record)s AND state = 'waiting')
"""


def related_to(actor: Actor, record: Record, parts: Parts | None = None) -> list[Related]:
    """Return the links of a record, and of those merged into it, whose other end `actor` may see, in their order."""
    found, here = [], (parts or parts_of(actor, record)).ids
    for link in _links(records=list(here)):
        outward = link.source_id in here
        kind, other = LINK_KINDS[link.kind], link.target if outward else link.source
        if other.pk not in here and actor.can(f"{other.kind}.read", other):
            found.append(Related(link, kind.label if outward else kind.inverse, other))
    return found


def tasks_of(parts: Parts) -> list[Task]:
    """Return the tasks of a record in their order."""
    return _tasks(records=list(parts.whole))


def work_on(parts: Parts) -> tuple[list[WorkLog], int]:
    """Return the work logged on a record, newest first, and its sum in minutes."""
    entries = _work(records=list(parts.whole))
    return entries, sum(entry.minutes for entry in entries)


def files_on(parts: Parts) -> list[Attachment]:
    """Return the files on a record that its reader may read, oldest first."""
    files = _files(records=list(parts.ids), comments=list(parts.taken))
    return [
        file
        for file in files
        if file.record_id in parts.whole or file.visibility == Visibility.PUBLIC or file.comment_id in parts.taken
    ]


def watchers_of(parts: Parts) -> list[Person]:
    """Return the people who watch a record."""
    return _watchers(records=list(parts.whole))


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
    lambda records: Task.objects.filter(record_id__equals_any=records).select_related("owner", "team", "done_by"),
    records=ArrayField(BigIntegerField()),
)
_work = Statement(
    lambda records: WorkLog.objects.filter(record_id__equals_any=records).select_related("person"),
    records=ArrayField(BigIntegerField()),
)
_files = Statement(
    lambda records, comments: Attachment.objects.filter(
        Q(record_id__equals_any=records) | Q(comment_id__equals_any=comments)
    ).select_related("content", "added_by"),
    records=ArrayField(BigIntegerField()),
    comments=ArrayField(BigIntegerField()),
)
_watchers = Statement(
    lambda records: Person.objects.filter(watches__record_id__equals_any=records).distinct(),
    records=ArrayField(BigIntegerField()),
)
_links = Statement(
    lambda records: (
        Link.objects.filter(Q(source_id__equals_any=records) | Q(target_id__equals_any=records))
        .select_related("source", "target")
        .order_by("id")
    ),
    records=ArrayField(BigIntegerField()),
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
