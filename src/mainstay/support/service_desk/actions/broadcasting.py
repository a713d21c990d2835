"""One public message to many cases, each in a transaction of its own."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.actions import emit
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.actions.conversation import checked_body
from mainstay.kernel.records.models import Comment, Record
from mainstay.kernel.records.queries import require
from mainstay.support.service_desk.actions.targets import settle
from mainstay.support.service_desk.models import Broadcast, BroadcastTarget, TargetState
from mainstay.support.service_desk.queries.broadcasts import MOST, UNFINISHED


@transaction.atomic
def broadcast(
    *, by: Actor, body: str, cases: Sequence[Record], parent: Record | None = None, said: Comment | None = None
) -> Broadcast:
    """Let one public message be written to many cases, by a job; return what tells how far it is.

    One that was `said` on their parent before is passed on from there: the parent's requester heard it.

    Raises Invalid for an empty or overlong message and for none or too many cases; Missing or NotPermitted where the
    author may not write on one of them.
    """
    body = checked_body(body)
    if not 0 < len(cases) <= MOST:
        raise Invalid({"cases": _("Choose 1 to %(number)d cases.") % {"number": MOST}})
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    for case in cases:
        require(by, "comment", case)
    row = Broadcast.objects.create(author=by.person, body=body, parent=parent, said=said)
    BroadcastTarget.objects.bulk_create(BroadcastTarget(broadcast=row, record=case) for case in cases)
    emit("broadcast.created", by=by, subject=f"broadcast:{row.uuid}", data={"cases": len(cases)})
    defer("service_desk.broadcast", broadcast=row.pk)
    return row


def write_to(target: BroadcastTarget) -> None:
    """Write a broadcast to one case, unless that was done, its author may no longer, or nobody works on it any more.

    A requester of several of its cases is told once: of the first that it was written to.
    """
    settle(target, _write, "broadcast__author", "broadcast__parent", "broadcast__said", "record")


def _write(target: BroadcastTarget) -> None:
    row, record = target.broadcast, target.record
    if not row.author.is_active:
        raise NotPermitted(_("Its author may no longer write."))
    if record.state_category not in UNFINISHED:
        raise NotPermitted(_("Nobody works on it any more."))
    heard = row.targets.filter(state=TargetState.WRITTEN, record__requester_id=record.requester_id)
    first = row.said is not None and row.parent is not None and row.parent.requester_id == record.requester_id
    told = [record.requester_id] if record.requester_id and (first or heard.exists()) else []
    records.comment(record, by=actor_for(row.author, door="job"), body=row.body, told=told)
