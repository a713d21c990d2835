"""Files on a record."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.files.actions import store
from mainstay.kernel.files.storage import Readable
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.actions.conversation import comment as say
from mainstay.kernel.records.actions.conversation import touch
from mainstay.kernel.records.models import Attachment, Comment, Record, Visibility
from mainstay.kernel.records.queries import reads_internal, require

#: The most files that can be sent at once.
MOST_FILES = 20


@dataclass(frozen=True)
class Upload:
    """A file as a door hands it on: what the sender called it, and its bytes to read."""

    name: str
    stream: Readable


@transaction.atomic
def attach(
    record: Record,
    *,
    by: Actor,
    name: str,
    stream: Readable,
    visibility: str = Visibility.PUBLIC,
    comment: Comment | None = None,
) -> Attachment:
    """Add a file to a record, with a comment of the record if given; it then is as visible as the comment.

    Needs the capability `attach`, and for an internal file the right to read what is internal. Raises Invalid
    for a file that `files.actions.store` refuses, keyed `file`, and for an unknown visibility.
    """
    require(by, "attach", record)
    visibility = comment.visibility if comment is not None else visibility
    if visibility not in Visibility.values:
        raise Invalid({"visibility": _("Choose public or internal.")})
    if visibility == Visibility.INTERNAL and not reads_internal(by, record):
        raise NotPermitted(_("You may see this record, but you do not have the right to do that."))
    if comment is not None and comment.record_id != record.pk:
        raise Invalid({"comment": _("This comment stands on another record.")})
    stored = store(stream, name=name)
    added = Attachment.objects.create(
        record=record,
        comment=comment,
        content=stored.content,
        name=stored.name,
        media_type=stored.media_type,
        visibility=visibility,
        added_by=by.person,
    )
    touch(record)
    emit(
        f"{record.kind}.attached",
        by=by,
        record_id=record.pk,
        data={
            "attachment": added.pk,
            "visibility": visibility,
            **({"with_comment": comment.pk} if comment is not None else {}),
        },
        public=visibility == Visibility.PUBLIC,
    )
    return added


@transaction.atomic
def comment_with_files(
    record: Record, *, by: Actor, body: str, visibility: str = Visibility.PUBLIC, files: Sequence[Upload] = ()
) -> Comment:
    """Add a comment and its files, all or nothing. Raises what `comment` and `attach` raise."""
    written = say(record, by=by, body=body, visibility=visibility)
    attach_all(record, by=by, files=files, comment=written)
    return written


@transaction.atomic
def attach_all(
    record: Record,
    *,
    by: Actor,
    files: Sequence[Upload],
    visibility: str = Visibility.PUBLIC,
    comment: Comment | None = None,
) -> list[Attachment]:
    """Add several files, all or nothing. Raises what `attach` raises, and Invalid for more than 20."""
    if len(files) > MOST_FILES:
        raise Invalid({"file": _("Send at most %(number)d files at once.") % {"number": MOST_FILES}})
    return [
        attach(record, by=by, name=file.name, stream=file.stream, visibility=visibility, comment=comment)
        for file in files
    ]
