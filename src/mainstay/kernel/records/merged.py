"""What was merged: into what a record went, and what goes on as part of it.

Nothing moves when records are merged. Each keeps its rows and its rights; the record that goes on shows through
what hangs on the others to whoever may see those, too. So a merge widens nobody's view, and taking it back is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.db import connection

from mainstay.kernel.access.actor import Actor
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

    @property
    def ids(self) -> tuple[int, ...]:
        """All of them."""
        return (*self.whole, *self.public)


def parts_of(actor: Actor, record: Record) -> Parts:
    """Return the record, which `actor` may see, and what of those merged into it they may see."""
    found = merged_into_it(record.pk)
    merged = list(Record.objects.filter(pk__in=found).order_by("pk")) if found else []
    seen = [record, *(each for each in merged if actor.can(f"{each.kind}.read", each))]
    whole = tuple(each.pk for each in seen if actor.can(f"{each.kind}.read_internal", each))
    public = tuple(each.pk for each in seen if each.pk not in whole)
    return Parts(public, whole, {each.pk: each.number for each in seen[1:]})
