"""What people say on a record, who listens, and the time it took."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.actions.record import heard
from mainstay.kernel.records.mentions import mentioned_in
from mainstay.kernel.records.merged import went_into
from mainstay.kernel.records.models import Comment, Record, Visibility, Watch, WorkLog
from mainstay.kernel.records.queries import require

LONGEST_COMMENT = 100_000


@transaction.atomic
def comment(
    record: Record, *, by: Actor, body: str, visibility: str = Visibility.PUBLIC, told: Collection[int] = ()
) -> Comment:
    """Add a comment to a record.

    A public one needs the capability `comment`, an internal one `note`. People (ids) in `told` hear nothing of it,
    because they heard the same already. Whom it mentions (`@Adam Agent`, `@adam@acme.example`) hears of that, if they
    may read it (see `records.mentions`). Raises Invalid for an empty or overlong body and for an unknown visibility.
    """
    if visibility not in Visibility.values:
        raise Invalid({"visibility": _("Choose public or internal.")})
    needed = "comment" if visibility == Visibility.PUBLIC else "note"
    require(by, needed, record)
    body = checked_body(body)
    touch(record)
    require(by, needed, record)  # once more, for it may have become a record of another kind
    written = Comment.objects.create(record=record, author=by.person, visibility=visibility, body=body)
    mentioned, public = mentioned_in(body, record, visibility=visibility, by=by), visibility == Visibility.PUBLIC
    emit(
        f"{record.kind}.commented",
        by=by,
        record_id=record.pk,
        data={"comment": written.pk, "visibility": visibility, **heard({*told, *mentioned})},
        public=public,
        occurred=written.written,
    )
    if mentioned:
        data = {"people": mentioned, "with_comment": written.pk}
        emit(f"{record.kind}.mentioned", by=by, record_id=record.pk, data=data, public=public)
    return written


def checked_body(body: str) -> str:
    """Return a comment's text as it is kept. Raises Invalid for an empty or overlong one."""
    body = body.replace("\x00", "").strip()
    if not body:
        raise Invalid({"body": _("Write something first.")})
    if len(body) > LONGEST_COMMENT:
        raise Invalid({"body": _("This is too long: at most %(number)d characters.") % {"number": LONGEST_COMMENT}})
    return body


@transaction.atomic
def log_work(record: Record, *, by: Actor, minutes: int, note: str = "", worked: datetime | None = None) -> WorkLog:
    """Record `minutes` of working time spent by the actor. Raises Invalid for zero or more than a day."""
    require(by, "log_work", record)
    if by.person is None:
        raise NotPermitted(_("Only a person can log work."))
    if not minutes or abs(minutes) > 24 * 60:
        raise Invalid({"minutes": _("Give the minutes you worked, at most a day (1440).")})
    if len(note) > 500:
        raise Invalid({"note": _("This is too long: at most %(number)d characters.") % {"number": 500}})
    entry = WorkLog.objects.create(
        record=record, person=by.person, minutes=minutes, note=note, worked=worked or timezone.now()
    )
    emit(f"{record.kind}.work_logged", by=by, record_id=record.pk, data={"minutes": minutes})
    return entry


def watch(record: Record, *, by: Actor) -> None:
    """Let the actor hear of every change to a record it may see. Watching twice is watching once."""
    require(by, "read", record)
    if by.person is not None:
        Watch.objects.get_or_create(record=record, person=by.person)


def unwatch(record: Record, *, by: Actor) -> None:
    """Stop watching a record."""
    Watch.objects.filter(record=record, person=by.person).delete()


def touch(record: Record) -> None:
    """Mark a record as updated now, without counting an edit.

    From here on it stays of its kind until the transaction ends; should it have become another since it was read, it is
    told as what it is now. What it was merged into is updated, too, for it goes on there.
    """
    record.updated = timezone.now()
    if not Record.objects.filter(pk=record.pk, kind=record.kind).update(updated=record.updated):
        row = Record.objects.select_for_update().get(pk=record.pk)
        record.kind, record.number = row.kind, row.number
        Record.objects.filter(pk=record.pk).update(updated=record.updated)
    if record.merged_into_id is not None:
        Record.objects.filter(pk__in=went_into(record.pk)).update(updated=record.updated)
