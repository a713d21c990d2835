"""What was merged: into what a record went, and what goes on as part of it; and what was split off.

Nothing moves when records are merged. Each keeps its rows and its rights; the record that goes on shows through
what hangs on the others to whoever may see those, too. So a merge widens nobody's view, and taking it back is exact.
Comments that were split off stay where they were written in the same way, and show in the new record, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.db import connection

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import PUBLIC
from mainstay.kernel.records.models import Record

UPWARDS = """
WITH RECURSIVE above(id, step) AS (
    SELECT merged_into_id, 1 FROM records_record WHERE id = %s AND merged_into_id IS NOT NULL
    UNION ALL
    SELECT record.merged_into_id, step + 1 FROM records_record AS record JOIN above ON record.id = above.id
     WHERE record.merged_into_id IS NOT NULL
)
SELECT id FROM above ORDER BY step
"""
DOWNWARDS = """
WITH RECURSIVE below(id) AS (
    SELECT id FROM records_record WHERE merged_into_id = %s
    UNION ALL
    SELECT record.id FROM records_record AS record JOIN below ON record.merged_into_id = below.id
)
SELECT id FROM below ORDER BY id
"""


def _ids(question: str, record: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(question, [record])
        return [key for (key,) in cursor.fetchall()]


#: The records (ids) that a record (id) went into, the nearest first; whoever may see them.
went_into = partial(_ids, UPWARDS)
#: The records (ids) that went into a record (id), directly or by way of others; whoever may see them.
merged_into_it = partial(_ids, DOWNWARDS)

#: Of what goes on as part of a record (id): the records, and the comments that show in one of all these because they
#: were split off, each with the record it was split off into, the one it stands on, its event and who reads it.
HELD = """
WITH RECURSIVE below(id) AS (
    SELECT %(record)s::bigint
    UNION ALL
    SELECT record.id FROM records_record AS record JOIN below ON record.merged_into_id = below.id
)
SELECT id, NULL::bigint, NULL::bigint, NULL::bigint, NULL::text FROM below
UNION ALL
SELECT excerpt.record_id, excerpt.comment_id, comment.record_id, excerpt.event, comment.visibility
  FROM below
  JOIN records_excerpt AS excerpt ON excerpt.record_id = below.id
  JOIN records_comment AS comment ON comment.id = excerpt.comment_id
 ORDER BY 1, 2 NULLS FIRST
"""


class Taken(NamedTuple):
    """A comment (id) that was split off into a record, from the one that it stands on, with its event."""

    record: int
    comment: int
    origin: int
    event: int
    visibility: str


def _held(record: int) -> tuple[list[int], list[Taken]]:
    with connection.cursor() as cursor:
        cursor.execute(HELD, {"record": record})
        rows = cursor.fetchall()
    merged = [key for key, comment, *_rest in rows if comment is None and key != record]
    return merged, [Taken(*row) for row in rows if row[1] is not None]


#: Into records of which kinds one of a kind may be merged.
_kinds: dict[str, frozenset[str]] = {}


def goes_into(kind: str, *others: str) -> None:
    """Let records of `kind` be merged into those of the `others`; its lifecycle names the state of what was merged."""
    _kinds[kind] = frozenset(others)


def may_go_into(kind: str, other: str) -> bool:
    """Return whether a record of `kind` may be merged into one of the kind `other`."""
    return other in _kinds.get(kind, ())


@dataclass(frozen=True)
class Parts:
    """A record and those merged into it, as somebody sees them: by their ids, the record itself first."""

    #: Those whose public part they see alone, and those that they see in whole.
    public: tuple[int, ...]
    whole: tuple[int, ...]
    #: The numbers of the merged ones among them.
    numbers: Mapping[int, str]
    #: The comments (ids) that they read here because they were split off: the event of each, and the numbers of the
    #: records (ids) that those stand on.
    taken: Mapping[int, int] = field(default_factory=dict)
    origins: Mapping[int, str] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.whole, *self.public)


def parts_of(actor: Actor, record: Record) -> Parts:
    """Return the record, which `actor` may see, and what of those merged into it and split off into it they may see."""
    found, excerpts = _held(record.pk)
    wanted = {*found, *(each.origin for each in excerpts)} - {record.pk}
    others = {each.pk: each for each in Record.objects.filter(pk__in=wanted)} if wanted else {}
    seen = {key: each for key, each in others.items() if actor.can(f"{each.kind}.read", each)} | {record.pk: record}
    internal = {key for key, each in seen.items() if actor.can(f"{each.kind}.read_internal", each)}
    here = [record.pk, *(key for key in found if key in seen)]
    taken = [
        each
        for each in excerpts
        if each.record in here and each.origin in seen and (each.origin in internal or each.visibility == PUBLIC)
    ]
    return Parts(
        public=tuple(key for key in here if key not in internal),
        whole=tuple(key for key in here if key in internal),
        numbers={key: seen[key].number for key in here[1:]},
        taken={each.comment: each.event for each in taken},
        origins={each.origin: seen[each.origin].number for each in taken if each.origin not in here},
    )
