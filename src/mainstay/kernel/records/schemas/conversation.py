"""Comments, events and files, as the interface takes and shows them."""

from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from mainstay.kernel.records.models import Attachment, Comment, Visibility
from mainstay.kernel.records.timeline import Entry
from mainstay.kernel.rest.schemas import Body, Words, closed

Readers = Literal["public", "internal"]


class NewComment(Body):
    """A comment; `visibility` says who reads it."""

    body: Words
    visibility: Readers


@closed
class CommentShown(TypedDict):
    """What somebody wrote on a record."""

    id: str
    author: str | None
    visibility: str
    body: str
    written: datetime


def comment_shown(comment: Comment) -> CommentShown:
    """Return a comment as the interface shows it."""
    return {
        "id": str(comment.uuid),
        "author": comment.author.name if comment.author else None,
        "visibility": comment.visibility,
        "body": comment.body,
        "written": comment.written,
    }


@closed
class EntryShown(TypedDict):
    """Something that happened: `event` names it, `changes` maps a field to its old and new value."""

    id: str
    event: str
    occurred: datetime
    author: str | None
    door: str
    visibility: str
    reason: str
    body: str | None
    changes: dict[str, Any]
    attachments: list[str]


def entry_shown(entry: Entry) -> EntryShown:
    """Return an entry of a timeline as the interface shows it."""
    return {
        "id": str(entry.id),
        "event": entry.event,
        "occurred": entry.occurred,
        "author": entry.author.name if entry.author else None,
        "door": entry.door,
        "visibility": Visibility.PUBLIC.value if entry.public else Visibility.INTERNAL.value,
        "reason": entry.reason,
        "body": entry.body,
        "changes": entry.changes,
        "attachments": [str(attachment.uuid) for attachment in entry.attachments],
    }


@closed
class AttachmentShown(TypedDict):
    """A file; `href` is where its content is, `size` its bytes."""

    id: str
    name: str
    media_type: str
    size: int
    visibility: str
    added: datetime
    added_by: str | None
    href: str


def attachment_shown(attachment: Attachment, base: str) -> AttachmentShown:
    """Return a file as the interface shows it; `base` is the address of its record's files."""
    return {
        "id": str(attachment.uuid),
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.content.size,
        "visibility": attachment.visibility,
        "added": attachment.added,
        "added_by": attachment.added_by.name if attachment.added_by else None,
        "href": f"{base}/{attachment.uuid}",
    }
