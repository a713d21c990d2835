"""A record, what happened on it, what was said, and the files."""

from datetime import datetime
from uuid import UUID

from django.http import FileResponse, HttpResponse
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.files.responses import to_save
from mainstay.kernel.records import actions, queries
from mainstay.kernel.records.api.finding import address, record_for
from mainstay.kernel.records.schemas.conversation import (
    AttachmentShown,
    CommentShown,
    EntryShown,
    NewComment,
    Readers,
    attachment_shown,
    comment_shown,
    entry_shown,
)
from mainstay.kernel.records.schemas.record import RecordShown, record_shown
from mainstay.kernel.records.timeline import Position, timeline
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.cursors import Order, page, read_cursor, write_cursor
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import existing
from mainstay.kernel.rest.schemas import Number, Paging, page_of

router = Router(tags=["Records"])

OLDEST_COMMENT_FIRST, OLDEST_FILE_FIRST = Order("written", "id"), Order("added", "id")


@router.get("/records/{number}", response=RecordShown, operation_id="get_record", summary="Show a record")
@door("*.read", on_record=True)
def get_record(request: ActingRequest, number: Number) -> HttpResponse:
    """What every record has, whatever its kind; its present number tells where the rest is."""
    record = record_for(request, number)
    shown = record_shown(record, internal=queries.reads_internal(request.actor, record))
    return answer(shown, version=record.version)


@router.get(
    "/records/{number}/timeline",
    response=page_of(EntryShown),
    operation_id="list_timeline",
    summary="Tell what happened",
)
@door("*.read", on_record=True)
def list_timeline(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """Events and comments, oldest first, as far as the caller may see them."""
    record = record_for(request, number)
    scope, after = f"timeline {record.pk}", None
    if paging.cursor is not None:
        occurred, key = read_cursor(paging.cursor, scope)
        after = Position(datetime.fromisoformat(occurred), int(key))
    entries, end = timeline(request.actor, record, limit=paging.limit, after=after)
    following = write_cursor((end.occurred, end.id), scope) if end else None
    return answer({"items": [entry_shown(entry) for entry in entries], "next": following})


@router.get(
    "/records/{number}/comments",
    response=page_of(CommentShown),
    operation_id="list_comments",
    summary="List comments",
)
@door("*.read", on_record=True)
def list_comments(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """Comments that the caller may read, oldest first."""
    record = record_for(request, number)
    comments = queries.comments_for(request.actor, record).select_related("author")
    items, following = page(
        comments,
        OLDEST_COMMENT_FIRST,
        limit=paging.limit,
        cursor=paging.cursor,
        scope=f"comments {record.pk}",
    )
    return answer({"items": [comment_shown(comment) for comment in items], "next": following})


@router.post(
    "/records/{number}/comments",
    response={201: CommentShown},
    operation_id="add_comment",
    summary="Write a comment",
)
@door("*.comment", on_record=True)
def add_comment(request: ActingRequest, number: Number, values: NewComment) -> HttpResponse:
    """A public comment goes to the requester, an internal one to those who work on the record."""
    record = record_for(request, number)
    written = actions.comment(record, by=request.actor, body=values.body, visibility=values.visibility)
    location = f"{address(record)}/comments/{written.uuid}"
    return answer(comment_shown(written), status=201, location=location)


@router.get(
    "/records/{number}/comments/{comment}",
    response=CommentShown,
    operation_id="get_comment",
    summary="Show a comment",
)
@door("*.read", on_record=True)
def get_comment(request: ActingRequest, number: Number, comment: UUID) -> HttpResponse:
    """One comment that the caller may read."""
    comments = queries.comments_for(request.actor, record_for(request, number)).select_related("author")
    found = existing(comments.filter(uuid=comment).first())
    return answer(comment_shown(found))


@router.get(
    "/records/{number}/attachments",
    response=page_of(AttachmentShown),
    operation_id="list_attachments",
    summary="List files",
)
@door("*.read", on_record=True)
def list_attachments(request: ActingRequest, number: Number, paging: Query[Paging]) -> HttpResponse:
    """Files that the caller may read, oldest first."""
    record = record_for(request, number)
    items, following = page(
        queries.attachments_for(request.actor, record),
        OLDEST_FILE_FIRST,
        limit=paging.limit,
        cursor=paging.cursor,
        scope=f"attachments {record.pk}",
    )
    base = f"{address(record)}/attachments"
    return answer({"items": [attachment_shown(attachment, base) for attachment in items], "next": following})


@router.post(
    "/records/{number}/attachments",
    response={201: AttachmentShown},
    operation_id="add_attachment",
    summary="Attach a file",
)
@door("*.attach", on_record=True)
def add_attachment(
    request: ActingRequest, number: Number, file: File[UploadedFile], visibility: Form[Readers]
) -> HttpResponse:
    """One file, sent as multipart/form-data."""
    record = record_for(request, number)
    added = actions.attach(record, by=request.actor, name=file.name or "", stream=file, visibility=visibility)
    base = f"{address(record)}/attachments"
    return answer(attachment_shown(added, base), status=201, location=f"{base}/{added.uuid}")


@router.get(
    "/records/{number}/attachments/{attachment}",
    operation_id="get_attachment",
    summary="Download a file",
    openapi_extra={
        "responses": {
            200: {
                "description": "The file's content, in the media type it has.",
                "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
            }
        }
    },
)
@door("*.read", on_record=True)
def get_attachment(request: ActingRequest, number: Number, attachment: UUID) -> FileResponse:
    """The file's content, to be saved."""
    record = record_for(request, number)
    found = existing(queries.attachments_for(request.actor, record).filter(uuid=attachment).first())
    return to_save(found.content, found.name, found.media_type)
