"""How a stored file leaves: to be saved, never to be shown or run by a browser under our name."""

from django.http import FileResponse

from mainstay.kernel.files.models import Content
from mainstay.kernel.files.queries import open_content

#: Should a browser show it after all, it does so without scripts, forms, plug-ins and our origin.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def to_save(content: Content, name: str, media_type: str) -> FileResponse:
    """Answer a content as a download under the name its sender gave it (RFC 6266). Raises Missing if it is gone."""
    response = FileResponse(open_content(content), as_attachment=True, filename=name, content_type=media_type)
    response.headers["Content-Length"] = str(content.size)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
