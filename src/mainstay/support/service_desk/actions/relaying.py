"""Telling the callers of merged cases what becomes of theirs, where they may not see the case it goes on in."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.announcements import announcements
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions.conversation import touch
from mainstay.kernel.records.labels import state_label
from mainstay.kernel.records.merged import merged_into_it
from mainstay.kernel.records.models import Comment, Record, Visibility
from mainstay.kernel.records.queries import reads_internal


def needs_relaying(event: Event) -> bool:
    """Return whether an event on a record is for the callers of those merged into it: a new state, or what somebody
    who works on it wrote. What a caller wrote is for nobody else."""
    if not event.public or event.record_id is None or "relayed" in event.data:
        return False
    if "comment" in event.data and not _by_staff(event):
        return False
    return ("comment" in event.data or "state" in event.changes) and bool(merged_into_it(event.record_id))


def _by_staff(event: Event) -> bool:
    author = Person.objects.filter(pk=event.actor_id or 0).first()
    record = Record.objects.get(pk=event.record_id or 0)
    return author is not None and reads_internal(actor_for(author, door="job"), record)


@transaction.atomic
def relay(pk: int) -> None:
    """Write what an event says on each merged record whose caller cannot read it where it happened.

    Doing it again writes nothing more.
    """
    event = Event.objects.get(pk=pk)
    if event.record_id is None:
        return
    record = Record.objects.get(pk=event.record_id)
    merged = Record.objects.select_for_update(of=("self",)).select_related("requester")
    for each in merged.filter(pk__in=merged_into_it(record.pk)).order_by("pk"):
        known = Event.objects.filter(record_id=each.pk, data__relayed=pk).exists()
        if each.requester is not None and not known and not _reads(each.requester, record):
            _say(each, _words(event, record, each.requester), event)


def _reads(person: Person, record: Record) -> bool:
    return actor_for(person, door="job").can(f"{record.kind}.read", record)


def _words(event: Event, record: Record, reader: Person) -> str:
    comment = Comment.objects.filter(pk=event.data.get("comment"), record=record, visibility=Visibility.PUBLIC).first()
    if comment is not None:
        return comment.body
    with translation.override(reader.language):
        news = _("News: %(state)s.") % {"state": state_label(record.kind, event.changes["state"][1], "requesters")}
    detail = announcements[event.name].detail if event.name in announcements else None
    return "\n\n".join(filter(None, (news, detail(record, event) if detail else "")))


def _say(record: Record, body: str, event: Event) -> None:
    """Write on a merged record, as the one who caused the event; the permission is ours."""
    by = Actor(Standing(event.actor_id), "rule")
    touch(record)
    comment = Comment.objects.create(
        record=record, author_id=event.actor_id, visibility=Visibility.PUBLIC, body=body, written=event.occurred
    )
    data = {"comment": comment.pk, "visibility": Visibility.PUBLIC.value, "relayed": event.pk}
    emit(f"{record.kind}.commented", by=by, record_id=record.pk, data=data, public=True)
