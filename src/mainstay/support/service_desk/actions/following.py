"""Letting children and duplicates follow what was done with another record, by the policy of their link.

Each follows in a transaction of its own, in a job: a large family must not hold up its parent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor, Door, system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.models import Category, Comment, Record
from mainstay.kernel.records.queries import reads_internal, require
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import closing_categories
from mainstay.support.service_desk.actions.broadcasting import broadcast
from mainstay.support.service_desk.actions.moves import answer, close
from mainstay.support.service_desk.actions.targets import settle
from mainstay.support.service_desk.models import Contact, Deed, Following, FollowingTarget, Follows, TargetState
from mainstay.support.service_desk.queries import broadcasts
from mainstay.support.service_desk.queries.following import (
    READY,
    VERB,
    all_who_are_told,
    asked_about,
    followers,
    linked,
)

MODELS: Mapping[str, type[Record]] = {"contact": Contact, "incident": Incident}
CLOSE: Mapping[str, Callable[..., Event]] = {"contact": close, "incident": incidents.close}
#: What a record that others follow must be while they do.
DONE: Mapping[str, tuple[str, ...]] = {Deed.RESOLVE: ("resolved", "closed"), Deed.CLOSE: ("closed",)}


def follow_by_policy(event: Event, deed: Deed) -> None:
    """Let those follow that do so at once when another record is resolved or closed."""
    if event.record_id is not None:
        _begin(event.record_id, deed, followers(event.record_id, deed, Follows.AT_ONCE))


def _begin(leader: int, deed: Deed, records: Iterable[Record], author: Person | None = None) -> Following | None:
    found = list(records)
    if not found:
        return None
    row = Following.objects.create(leader_id=leader, deed=deed, author=author)
    FollowingTarget.objects.bulk_create(FollowingTarget(following=row, record=each) for each in found)
    defer("service_desk.follow", following=row.pk)
    return row


@transaction.atomic
def let_follow(record: Record, *, by: Actor, records: Sequence[Record]) -> Following:
    """Let chosen children and duplicates of a record be resolved or closed as it is, as the actor's own deed.

    Needs the capability `edit` on it, and that of the deed on each. Raises NotPossible where it is neither, Invalid for
    none and for others, and what forbids the deed on one of them.
    """
    require(by, "edit", record)
    return _let_follow(record, by, records)


def _let_follow(record: Record, by: Actor, records: Sequence[Record]) -> Following:
    deed = {"resolved": Deed.RESOLVE, "closed": Deed.CLOSE}.get(record.state_category)
    if deed is None or (record.state_category == "closed" and record.state != "closed"):
        raise NotPossible(_("Others follow once it is resolved or closed."))
    known = set(linked(record).filter(pk__in=[each.pk for each in records]).values_list("pk", flat=True))
    if not records or any(each.pk not in known for each in records):
        raise Invalid({"records": _("Choose from its children and duplicates.")})
    for each in records:
        require(by, VERB[deed][each.kind], each)
    begun = _begin(record.pk, deed, {each.pk: each for each in records}.values(), by.person)
    assert begun is not None
    return begun


@transaction.atomic
def move_and_let_follow(
    record: Record, *, by: Actor, move: Callable[[], Any], numbers: Sequence[str], deed: str
) -> Any:
    """Make a move, and let those follow of whom the actor was asked and whose numbers they chose."""
    chosen = [each for each in asked_about(by, record, deed) if each.number in numbers]
    made = move()
    if chosen:
        _let_follow(Record.objects.get(pk=record.pk), by, chosen)
    return made


def follow(target: FollowingTarget) -> None:
    """Do with one record what was done with the other, unless that was done, is taken back, or is not possible.

    A caller of several of them, or of that one, too, is told once: of the first.
    """
    settle(target, _follow, "following__author", "following__leader")


def _follow(target: FollowingTarget) -> None:
    row, pk = target.following, target.record_id
    if row.author is not None and not row.author.is_active:
        raise NotPossible(_("Its author may no longer do so."))
    if row.leader.state_category not in DONE[row.deed]:
        raise NotPossible(_("%(number)s was taken up again.") % {"number": row.leader.number})
    # Whoever changes it at this very moment comes before or after, so that nothing is left out because of them.
    record = Record.objects.select_for_update(of=("self",)).select_related("requester").get(pk=pk)
    if record.state_category not in READY[row.deed]:
        raise NotPossible(_("Somebody was faster: it needs nothing more."))
    by = actor_for(row.author, door="job") if row.author is not None else system("job")
    told = _told(row, record)
    detail = MODELS[record.kind]._default_manager.get(pk=pk)
    if row.deed == Deed.CLOSE:
        CLOSE[record.kind](detail, by=by, told=told)
    else:
        _resolve(row.leader, detail, by=by, told=told)


def _told(row: Following, record: Record) -> list[int]:
    """Return the requester (id) of a record if they heard of this already."""
    if record.requester_id is None:
        return []
    heard = row.targets.filter(state=TargetState.WRITTEN, record__requester_id=record.requester_id)
    return [record.requester_id] if row.leader.requester_id == record.requester_id or heard.exists() else []


def _resolve(leader: Record, record: Any, *, by: Actor, told: list[int]) -> None:
    above: Any = MODELS[leader.kind]._default_manager.get(pk=leader.pk)
    with translation.override(record.requester.language if record.requester else None):
        words = _("Solved together with %(number)s.") % {"number": leader.number}
    solution = f"{words}\n\n{above.solution}"
    if record.kind == "contact":
        answer(record, by=by, solution=solution, told=told)
    else:
        category = _closing_category(above, record)
        incidents.resolve(record, by=by, solution=solution, closing_category=category, told=told)


def _closing_category(above: Any, record: Incident) -> Category:
    """Return what the one above was closed with, else the category of the record itself."""
    found = getattr(above, "closing_category", None) or record.category
    if found is None or not closing_categories().filter(pk=found.pk).exists():
        raise NotPossible(_("It has no category that may be chosen when an incident is resolved."))
    return found


def pass_on(event: Event) -> None:
    """Write what staff wrote to the caller of a record to the callers of those that follow it in this, too.

    What a job wrote was passed on already.
    """
    if event.record_id is None or not event.public or event.door == "job" or "relayed" in event.data:
        return
    keys = all_who_are_told(event.record_id)
    author = Person.objects.filter(pk=event.actor_id or 0).first() if keys else None
    record = Record.objects.get(pk=event.record_id)
    if author is not None and reads_internal(by := actor_for(author, door=cast(Door, event.door)), record):
        _write_to(record, Comment.objects.get(pk=event.data["comment"]), keys, by)


def _write_to(record: Record, comment: Comment, keys: Iterable[int], by: Actor) -> None:
    cases = list(broadcasts.writable(by).filter(pk__in=list(keys)))
    for first in range(0, len(cases), broadcasts.MOST):
        broadcast(by=by, body=comment.body, cases=cases[first : first + broadcasts.MOST], parent=record, said=comment)


@transaction.atomic
def comment_and_pass_on(record: Record, *, by: Actor, write: Callable[[], Comment]) -> Comment:
    """Write on a record, and pass it on to those of whom the actor was asked, if its requester reads it."""
    asked = [each.pk for each in asked_about(by, record, "comment")]
    written = write()
    if written.visibility == "public":
        _write_to(record, written, asked, by)
    return written
