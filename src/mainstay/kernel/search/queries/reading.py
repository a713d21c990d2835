"""The documents that somebody reads: of each record the one for their audience."""

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import Record, Visibility


def documents_of(actor: Actor, condition: Q) -> QuerySet[Record]:
    """Return the records whose document for `actor` meets `condition`: the whole for who reads what is internal.

    A CASE, not a negation: a condition on a missing value is neither true nor false, and must then count as no.
    """
    readable = _held(actor, "read")
    whole = Case(
        When(_held(actor, "read_internal"), then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return Record.objects.annotate(reads_whole=whole).filter(
        readable
        & (Q(reads_whole=True, documents__whole=True) | Q(reads_whole=False, documents__audience=Visibility.PUBLIC))
        & condition
    )


def _held(actor: Actor, name: str) -> Q:
    """Return the condition on records of every kind on which `actor` holds the capability `name`."""
    condition = Q(pk__in=())
    for kind in kinds:
        condition |= Q(kind=kind) & allowed(actor, f"{kind}.{name}")
    return condition
