"""How a document leaves: to be saved, or shown without scripts, forms and our origin."""

from django.http import HttpResponse

from mainstay.kernel.documents.engine.description import Document
from mainstay.kernel.documents.engine.names import file_name
from mainstay.kernel.documents.rendering import FORMATS, render

#: A browser that shows it does so with its own style and nothing else.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def to_save(document: Document, ending: str) -> HttpResponse:
    """Answer a document as a download, `pdf` or `html`, under its number."""
    response = HttpResponse(render(document, ending), content_type=FORMATS[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(document.number, ending)}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
