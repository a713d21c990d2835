"""Handing out mails as they came, and showing their pages where they can do no harm."""

import base64
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.files.responses import to_save
from mainstay.kernel.mail import queries
from mainstay.kernel.mail.engine import Letter, clean, read
from mainstay.kernel.practice.errors import Missing

#: The page of a mail runs nothing, sends nothing, fetches nothing, and stands in no other site's frame. It has no
#: origin and so no session; pictures that came with it stand in it.
FRAMED = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; "
    "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
#: Larger pictures, all together, are left out. Bytes.
LARGEST_PICTURES = 10_000_000


@require_safe
@door(SIGNED_IN)
def original(request: ActingRequest, uuid: UUID) -> FileResponse:
    """Answer a mail as it came, to be saved."""
    mail = queries.received_mail(request.actor, uuid)
    name = mail.record.number if mail.record else "mail"
    return to_save(mail.content, f"{name}.eml", "message/rfc822")


@require_safe
@door(SIGNED_IN)
def page(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Answer the HTML of a mail, cleaned, to be shown in a frame; what it would fetch from elsewhere is left out."""
    mail = queries.received_mail(request.actor, uuid)
    if not mail.has_html:  # nor is a mail read here that could not be read within its bounds
        raise Missing(_("There is nothing here, or you may not see it."))
    letter = read(queries.original(mail))
    response = HttpResponse(clean(letter.html, _pictures(letter).get).html)
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _pictures(letter: Letter) -> dict[str, str]:
    """Return the pictures that came with a mail, as addresses that hold them (RFC 2397), by their content ids."""
    found: dict[str, str] = {}
    left = LARGEST_PICTURES
    for file in letter.attachments:
        if file.content_id and file.media_type in PICTURES and len(file.content) <= left:
            left -= len(file.content)
            found[file.content_id] = f"data:{file.media_type};base64,{base64.b64encode(file.content).decode()}"
    return found
