"""The records that are most like another, as somebody."""

from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Q

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.search.models import Similar

#: Rows of either direction that are considered.
CONSIDERED = 50
MOST = 10


@dataclass(frozen=True)
class Alike:
    """A record that is like another; `likeness` goes from 0 to 1."""

    record: Record
    likeness: float


def similar_to(actor: Actor, record: Record, limit: int = MOST) -> list[Alike]:
    """Return up to `limit` records that `actor` may see and that are most like `record`, the most alike first.

    What is like it was found by a job. It counts only as seen from organisations of which `actor` reads everything:
    from there nothing that they may not see had a say. Two queries, one where there is nothing.
    """
    whole = sorted(actor.standing.organisations(f"{record.kind}.read"))
    likeness: dict[int, float] = {}
    for one, other, share in _pairs(record=record.pk, organisations=whole):
        key = other if one == record.pk else one
        likeness[key] = max(share, likeness.get(key, 0.0))
    if not likeness:
        return []
    rows = _visible(actor.standing)(records=list(likeness))
    best = sorted(rows, key=lambda row: (-likeness[row.pk], -row.pk))
    return [Alike(row, likeness[row.pk]) for row in best[:limit]]


_pairs = Statement(
    lambda record, organisations: (
        Similar.objects.filter(Q(record_id=record) | Q(other_id=record), organisation_id__equals_any=organisations)
        .order_by("-likeness", "-id")
        .values_list("record_id", "other_id", "likeness")[:CONSIDERED]
    ),
    record=BigIntegerField(),
    organisations=ArrayField(BigIntegerField()),
)


@lru_cache(maxsize=KEPT)
def _visible(standing: Standing) -> Statement[Record]:
    seen = visible_to(Actor(standing))
    return Statement(lambda records: seen.filter(pk__equals_any=records), records=ArrayField(BigIntegerField()))
