"""Handing out mails as they came."""

from uuid import UUID

from django.http import FileResponse
from django.views.decorators.http import require_safe

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.files.responses import to_save
from mainstay.kernel.mail import queries


@require_safe
@door(SIGNED_IN)
def original(request: ActingRequest, uuid: UUID) -> FileResponse:
    """Answer a mail as it came, to be saved."""
    mail = queries.received_mail(request.actor, uuid)
    name = mail.record.number if mail.record else "mail"
    return to_save(mail.content, f"{name}.eml", "message/rfc822")
