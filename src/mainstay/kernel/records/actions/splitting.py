"""Letting some of what was said on a record go on in another, and taking that back."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.actions.conversation import touch
from mainstay.kernel.records.merged import merged_into_it
from mainstay.kernel.records.models import Comment, Excerpt, Record
from mainstay.kernel.records.queries import comments_for, require

#: The most comments that are taken out at once.
MOST = 100


@transaction.atomic
def split(record: Record, into: Record, *, by: Actor, comments: Sequence[Comment]) -> Event:
    """Let comments on `record`, with their files, go on in `into`; return the event `split` of `record`.

    Nothing moves: each comment stays where it was written, with its author and its readers, and shows in `into` to
    whoever reads it there, too. Needs the capability `merge` on both. Raises Invalid for none, too many, and comments
    that the actor does not read on `record`; NotPossible for one record, or records of two organisations.
    """
    require(by, "merge", record)
    require(by, "merge", into)
    if not 0 < len(comments) <= MOST:
        raise Invalid({"comments": _("Choose 1 to %(number)d messages.") % {"number": MOST}})
    if record.pk == into.pk or record.organisation_id != into.organisation_id:
        raise NotPossible(_("Messages go on in another record of the same organisation."))
    keys = {comment.pk for comment in comments}
    if comments_for(by, record).filter(pk__in=keys).count() < len(keys):
        raise Invalid({"comments": _("Choose messages of this record.")})
    said = Event.objects.filter(record_id__in={comment.record_id for comment in comments})
    found = said.filter(name__endswith=".commented", data__comment__in=sorted(keys)).values_list("data__comment", "pk")
    excerpts = [Excerpt(record=into, comment_id=comment, event=event) for comment, event in found]
    Excerpt.objects.bulk_create(excerpts, ignore_conflicts=True)
    touch(record)
    touch(into)
    emit(f"{into.kind}.split_off", by=by, record_id=into.pk, data={"other": record.pk, "count": len(excerpts)})
    return emit(f"{record.kind}.split", by=by, record_id=record.pk, data={"other": into.pk, "count": len(excerpts)})


@transaction.atomic
def unsplit(record: Record, into: Record, *, by: Actor) -> Event:
    """Let what was split off from `record` into `into` show there no longer; return the event of `record`.

    Needs the capability `merge` on both. Raises NotPossible where nothing was split off.
    """
    require(by, "merge", record)
    require(by, "merge", into)
    here = [record.pk, *merged_into_it(record.pk)]
    count, _rows = Excerpt.objects.filter(record=into, comment__record__in=here).delete()
    if not count:
        raise NotPossible(_("Nothing was taken out of %(number)s into it.") % {"number": record.number})
    touch(record)
    touch(into)
    emit(f"{into.kind}.given_back", by=by, record_id=into.pk, data={"other": record.pk})
    return emit(f"{record.kind}.split_undone", by=by, record_id=record.pk, data={"other": into.pk})
