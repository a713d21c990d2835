"""Asking to whom a message may be written at once, and what became of one."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import visible_to
from mainstay.support.service_desk.models import Broadcast, BroadcastTarget, TargetState
from mainstay.support.service_desk.queries import desk

UNFINISHED = ("open", "paused")
#: The most cases that are written to at once: what a person can look through.
MOST = 500


def writable(actor: Actor) -> QuerySet[Record]:
    """Return the unfinished cases that `actor` works on and may write to the requesters of, the oldest first."""
    found = desk.rows(actor).filter(state_category__in=UNFINISHED, pk__in=visible_to(actor, "comment").values("pk"))
    return found.select_related("requester", "organisation").order_by("id")


def children(actor: Actor, parent: Record) -> list[Record]:
    """Return the unfinished children of a record that `actor` may write to, one more than fit at most."""
    return list(writable(actor).filter(links_in__kind="parent_of", links_in__source=parent)[: MOST + 1])


def listed(actor: Actor, query: QueryDict) -> list[Record]:
    """Return the unfinished cases of a list that `actor` may write to, one more than fit at most.

    Raises Invalid for filters that there are not.
    """
    selection = desk.selection(actor, query.urlencode())
    return list(writable(actor).filter(selection.condition())[: MOST + 1])


def chosen(actor: Actor, numbers: Sequence[str]) -> list[Record]:
    """Return those of the cases with these numbers that `actor` may write to."""
    return list(writable(actor).filter(number__in=numbers[:MOST]))


class Progress(NamedTuple):
    """How far a broadcast is: of how many cases, written to, left out."""

    total: int
    written: int
    left_out: int

    @property
    def waiting(self) -> int:
        return self.total - self.written - self.left_out


def broadcast(actor: Actor, uuid: UUID) -> Broadcast:
    """Return a broadcast to a case that `actor` works on. Raises Missing if there is none."""
    here = BroadcastTarget.objects.filter(record__in=desk.rows(actor).values("pk")).values("broadcast")
    found = Broadcast.objects.filter(pk__in=here, uuid=uuid).select_related("author", "parent").first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def targets(actor: Actor, row: Broadcast) -> list[BroadcastTarget]:
    """Return the cases of a broadcast that `actor` works on, with what became of it there."""
    found = row.targets.filter(record__in=desk.rows(actor).values("pk")).select_related("record", "record__requester")
    return list(found.order_by("record_id"))


def progress(actor: Actor, row: Broadcast) -> Progress:
    """Return how far a broadcast is at the cases that `actor` works on."""
    seen = row.targets.filter(record__in=desk.rows(actor).values("pk"))
    counted = seen.aggregate(
        total=Count("pk"),
        written=Count("pk", filter=Q(state=TargetState.WRITTEN)),
        left_out=Count("pk", filter=Q(state=TargetState.LEFT_OUT)),
    )
    return Progress(**counted)
