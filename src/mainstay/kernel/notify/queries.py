"""Asking who is to hear of an event, and what a person has heard."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Place
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.announcements import Topic, announcements
from mainstay.kernel.mail.letters import sentence
from mainstay.kernel.notify.engine import Choice, Concerned, choice_of, recipients
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.recipients import named_by
from mainstay.kernel.notify.subjects import Subject, described, sentence_of
from mainstay.kernel.people.models import Membership
from mainstay.kernel.people.queries import away
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.practice.statements import Statement
from mainstay.kernel.records.merged import merged_into_it, went_into
from mainstay.kernel.records.models import Record, Watch
from mainstay.kernel.records.queries import visible_to

#: The bell counts no further.
MOST_UNREAD = 100
PAGE = 50


@dataclass(frozen=True)
class Line:
    """A notification as its reader sees it now."""

    id: int
    uuid: UUID
    sentence: str
    number: str
    title: str
    created: datetime
    is_read: bool


def recipients_of(event: Event) -> set[int]:
    """Return the people (ids) whom an event concerns now, in one query; what they may see is not asked here."""
    if event.record_id is None:
        return set()
    if (named := named_by(event)) is not None:
        return named
    announcement = announcements[event.name]
    concerned = _concerned_by(event.record_id)
    if concerned is None:
        return set()
    told = recipients(
        concerned,
        author=event.actor_id,
        tells_requester=event.public and bool(announcement.requester),
        tells_staff=bool(announcement.staff) and "relayed" not in event.data,  # who works on it heard it before
        tells_team=announcement.to_team,
    )
    return told - set(event.data.get("told", ()))


def _concerned_by(record: int) -> Concerned | None:
    """Return those whom what happens to a record (id) concerns.

    Where it was merged, those who work on what it goes on in are concerned, too; so are those who watch what was merged
    into it. Two queries, and two more for what was merged.
    """
    found = _concerned(record=record)
    if not found:
        return None
    requester, assignee, team, own, merged_into = found[0]
    watchers = set(own)
    if merged_into is not None:
        _requester, assignee, team, others, _top = _concerned(record=went_into(record)[-1])[0]
        watchers.update(others)
    if below := merged_into_it(record):
        watchers.update(Watch.objects.filter(record__in=below).values_list("person", flat=True))
    return Concerned(requester, assignee, team, watchers)


def standing_in_for(people: Collection[int | None], event: Event) -> set[int]:
    """Return who (ids) hears of an event instead of those of `people` who are away now, its author left out.

    Like everybody else they are told only what they may see themselves.
    """
    substitutes = {each.substitute.pk for each in away(people).values() if each.substitute is not None}
    return substitutes - {event.actor_id}


_concerned = Statement(
    lambda record: (
        Record.objects.filter(pk=record)
        .annotate(
            watcher_ids=ArraySubquery(Watch.objects.filter(record=OuterRef("pk")).values("person")),
            member_ids=ArraySubquery(
                Membership.objects.filter(team=OuterRef("team"), person__is_active=True).values("person")
            ),
        )
        .values_list("requester", "assignee", "member_ids", "watcher_ids", "merged_into")
    ),
    record=BigIntegerField(),
)


def notifications_of(actor: Actor) -> QuerySet[Notification]:
    """Return what the actor was told and may still know: access that ended ends this too."""
    told = Notification.objects.filter(person=actor.person)
    public, internal = (visible_to(actor, capability).values("pk") for capability in ("read", "read_internal"))
    return told.filter(Q(public=True, record__in=public) | Q(public=False, record__in=internal) | Q(record=None))


def unread_count(actor: Actor) -> int:
    """Return how many of the newest 200 unread notifications the actor may still know of, at most 100.

    Every page asks. What may be seen is decided here by the same rule as in `notifications_of`, because to write
    that rule as SQL takes longer than the database needs for the answer; and most people have read all they were told.
    """
    found = _unread(person=actor.person_id or 0)
    if not found:
        return 0
    subjects = [subject for _, record, subject in found if record is None]
    others = described(actor, set(subjects)) if subjects else {}
    unread = [(public, record) for public, record, _ in found if record is not None]
    places = {
        record: (kind, Place(*place)) for record, kind, *place in _places(records=[record for _, record in unread])
    }
    known = sum(_is_known(actor, public, *places[record]) for public, record in unread)
    known += sum(subject in others for subject in subjects)
    return min(known, MOST_UNREAD)


def _is_known(actor: Actor, public: bool, kind: str, place: Place) -> bool:
    return actor.can(f"{kind}.read" if public else f"{kind}.read_internal", place)


_unread = Statement(
    lambda person: (
        Notification.objects.filter(person_id=person, read=None)
        .order_by("-pk")
        .values_list("public", "record_id", "subject")[: 2 * MOST_UNREAD]
    ),
    person=BigIntegerField(),
)
_places = Statement(
    lambda records: Record.objects.filter(pk__equals_any=records).values_list("pk", "kind", *Place.__slots__),
    records=ArrayField(BigIntegerField()),
)


def lines(actor: Actor, *, before: int | None = None) -> tuple[list[Line], int | None]:
    """Return the newest 50 notifications, those before the id `before` if given, and where the next page begins."""
    told = notifications_of(actor).select_related("record", "author", "person").order_by("-pk")
    if before is not None:
        told = told.filter(pk__lt=before)
    rows = list(told[: PAGE + 1])
    others = described(actor, {row.subject for row in rows if row.record is None})
    shown = [_line(row, others) for row in rows[:PAGE] if row.record is not None or row.subject in others]
    return shown, rows[PAGE - 1].pk if len(rows) > PAGE else None


def _line(row: Notification, others: Mapping[str, Subject]) -> Line:
    if row.record is None:
        title = others[row.subject].title
        return Line(row.pk, row.uuid, sentence_of(row.event), "", title, row.created, row.read is not None)
    author = row.author.name if row.author else ""
    announcement = announcements.get(row.event)
    words = sentence(announcement, row.record, row.person, author) if announcement else ""
    return Line(row.pk, row.uuid, words, row.record.number, row.record.title, row.created, row.read is not None)


def get(actor: Actor, uuid: UUID) -> Notification:
    """Return one of the actor's notifications. Raises Missing if there is none."""
    found = notifications_of(actor).select_related("record").filter(uuid=uuid).first()
    if found is None or (found.record is None and not described(actor, [found.subject])):
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def address_of(actor: Actor, notification: Notification) -> str:
    """Return the address of the page of what a notification is about, where that is no record."""
    return described(actor, [notification.subject])[notification.subject].address


def choices_of(actor: Actor) -> dict[str, Choice]:
    """Return how the actor wants to hear of each topic."""
    preferences = actor.person.preferences if actor.person else {}
    return {topic: choice_of(preferences, topic) for topic in get_args(Topic)}
