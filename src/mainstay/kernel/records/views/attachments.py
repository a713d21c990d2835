"""Handing out the files of records."""

from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_safe

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.files.responses import to_save
from mainstay.kernel.records import queries


@require_safe
@door(SIGNED_IN)
def download(request: ActingRequest, uuid: UUID) -> FileResponse:
    """Answer a file that the actor may read."""
    attachment = queries.attachment_for(request.actor, uuid)
    return to_save(attachment.content, attachment.name, attachment.media_type)
