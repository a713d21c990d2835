"""Which records follow another when it is resolved, closed or written on: its children, and its duplicates."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.models import Link, Record
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.records.surroundings import UNFINISHED
from mainstay.support.service_desk.models import Deed, Following, FollowingTarget, Follows, LinkPolicy, TargetState
from mainstay.support.service_desk.queries.cases import STAGES

#: What others can follow, and the column of the policy that says whether they do.
COLUMN: Mapping[str, str] = {Deed.RESOLVE: "resolving", Deed.CLOSE: "closing", "comment": "commenting"}
#: The verb by which a record of each kind does the same.
VERB: Mapping[str, Mapping[str, str]] = {
    Deed.RESOLVE: {"incident": "resolve", "contact": "answer"},
    Deed.CLOSE: {"incident": "close", "contact": "close"},
}
#: What a record must be to follow: nobody closes what is not resolved.
READY: Mapping[str, Collection[str]] = {Deed.RESOLVE: UNFINISHED, Deed.CLOSE: ("resolved",), "comment": UNFINISHED}
#: The most that are asked about in one dialog.
MOST = 200


def deed_of(kind: str, verb: str) -> str | None:
    """Return what others can follow when a record of `kind` does `verb`, if they can."""
    return next((deed for deed, verbs in VERB.items() if verbs.get(kind) == verb), None)


def followers(record: int, deed: str, does: Follows) -> QuerySet[Record]:
    """Return the records that follow one (id) in what it does by policies that say `does`, whoever may see them."""
    return _linked(record, Q(**{COLUMN[deed]: does})).filter(kind__in=STAGES, state_category__in=READY[deed])


def _linked(record: int, policies: Q) -> QuerySet[Record]:
    by = LinkPolicy.objects.filter(policies).values("slug")
    children = Link.objects.filter(kind="parent_of", kind__in=by, source=record).values("target")
    duplicates = Link.objects.filter(kind="duplicates", kind__in=by, target=record).values("source")
    return Record.objects.filter(Q(pk__in=children) | Q(pk__in=duplicates)).order_by("pk")


def asked_about(actor: Actor, record: Record, deed: str) -> list[Record]:
    """Return the records that follow if the actor wants so: up to 200 of those with which they may do the same."""
    found = followers(record.pk, deed, Follows.ASK)
    verbs = VERB.get(deed, dict.fromkeys(STAGES, "comment"))
    return [each for each in found[:MOST] if actor.can(f"{each.kind}.{verbs[each.kind]}", each)]


def linked(record: Record) -> QuerySet[Record]:
    """Return every child and every duplicate of a record, whoever may see it."""
    return _linked(record.pk, Q())


def holding_open(record: int) -> int:
    """Return how many unresolved records keep one (id) from being closed, by policies that say so."""
    return _linked(record, Q(blocks=True)).filter(kind__in=STAGES, state_category__in=UNFINISHED).count()


def all_who_are_told(record: int) -> list[int]:
    """Return the unfinished records (ids) that a message on one (id) is passed on to by policy, level by level."""
    found: dict[int, None] = {}
    level: Sequence[int] = [record]
    while level:
        below = [each.pk for above in level for each in followers(above, "comment", Follows.AT_ONCE)]
        level = sorted(set(below) - found.keys() - {record})
        found |= dict.fromkeys(level)
    return list(found)


class Progress(NamedTuple):
    """How far a following is, as somebody sees it: of how many, done, and those left out."""

    following: Following
    total: int
    done: int
    left_out: list[FollowingTarget]

    @property
    def waiting(self) -> int:
        return self.total - self.done - len(self.left_out)


def last_following(actor: Actor, record: Record) -> Progress | None:
    """Return how far the last following of a record is at those that the actor works on, if there was any."""
    found = Following.objects.filter(leader=record).select_related("author").order_by("-pk").first()
    if found is None:
        return None
    seen = visible_to(actor, "read_internal").values("pk")
    targets = list(found.targets.filter(record__in=seen).select_related("record").order_by("record"))
    left_out = [each for each in targets if each.state == TargetState.LEFT_OUT]
    done = sum(each.state == TargetState.WRITTEN for each in targets)
    return Progress(found, len(targets), done, left_out) if targets else None
