"""Writing an answer: JSON by msgspec, which takes a tenth of the time of the standard library's."""

from typing import Any

import msgspec
from django.http import HttpResponse

from mainstay.kernel.rest.versions import etag

#: Where the interface lives.
BASE = "/api/v1"

encode = msgspec.json.Encoder().encode


def answer(content: Any, *, status: int = 200, location: str = "", version: int | None = None) -> HttpResponse:
    """Return `content` as JSON, with the address of what was made and the version of what is shown."""
    response = HttpResponse(encode(content), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    if location:
        response.headers["Location"] = location
    if version is not None:
        response.headers["ETag"] = etag(version)
    return response


def nothing() -> HttpResponse:
    """Return 204: it is done, and there is nothing to show."""
    response = HttpResponse(status=204)
    del response.headers["Content-Type"]
    return response
