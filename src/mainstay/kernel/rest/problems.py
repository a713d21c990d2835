"""Every refusal as a problem document (RFC 9457): one table, one function that writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import TypedDict

from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible, Refusal, Stale
from mainstay.kernel.rest.errors import (
    InFlight,
    InvalidHeader,
    InvalidParameter,
    UnsupportedMediaType,
    VersionRequired,
)
from mainstay.kernel.rest.schemas import closed

MEDIA_TYPE = "application/problem+json"


@closed
class FieldError(TypedDict):
    """One refused value: `pointer` leads to it in the body (RFC 6901), `parameter` or `header` names it elsewhere."""

    detail: str
    pointer: NotRequired[str]
    parameter: NotRequired[str]
    header: NotRequired[str]


@closed
class Problem(TypedDict):
    """What went wrong, for programs (`type`, `status`, `errors`) and for people (`title`, `detail`)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[FieldError]


@dataclass(frozen=True)
class Kind:
    """A kind of problem: the last part of its `type`, its status, its title, and what is said if nobody says more."""

    slug: str
    status: int
    title: Any
    detail: Any = ""


KINDS = (
    Kind(
        "malformed",
        400,
        gettext_lazy("The request cannot be read"),
        gettext_lazy("Send a well-formed body: JSON in UTF-8, files as multipart/form-data."),
    ),
    Kind(
        "not-authenticated",
        401,
        gettext_lazy("A valid token is needed"),
        gettext_lazy("Send `Authorization: Bearer` with a token that has neither expired nor been revoked."),
    ),
    Kind("not-permitted", 403, gettext_lazy("You may not do this")),
    Kind(
        "missing",
        404,
        gettext_lazy("There is nothing here"),
        gettext_lazy("There is nothing here, or you may not see it."),
    ),
    Kind(
        "method-not-allowed",
        405,
        gettext_lazy("This address does not know this method"),
        gettext_lazy("The header Allow names the methods it knows."),
    ),
    Kind("not-possible", 409, gettext_lazy("This is not possible now")),
    Kind("stale", 412, gettext_lazy("It has changed since you read it")),
    Kind("too-large", 413, gettext_lazy("The request is too large"), gettext_lazy("Send less at once.")),
    Kind("unsupported-media-type", 415, gettext_lazy("This type of content is not read here")),
    Kind("invalid", 422, gettext_lazy("Some values were refused")),
    Kind("version-required", 428, gettext_lazy("Say which version you change")),
    Kind("too-many-requests", 429, gettext_lazy("Too many requests"), gettext_lazy("Wait, then try again.")),
    Kind(
        "failure",
        500,
        gettext_lazy("Something went wrong on our side"),
        gettext_lazy("It has been recorded, under the number in the header X-Request-ID."),
    ),
    Kind("unavailable", 503, gettext_lazy("Not available at the moment"), gettext_lazy("Wait, then try again.")),
)
BY_STATUS = {kind.status: kind for kind in KINDS}

#: The status of each refusal; the first line that fits counts.
STATUS_OF: tuple[tuple[type[Refusal], int], ...] = (
    (Missing, 404),
    (NotPermitted, 403),
    (VersionRequired, 428),
    (UnsupportedMediaType, 415),
    (NotPossible, 409),
    (Invalid, 422),
)


def problem(request: HttpRequest, status: int, detail: Any = "", errors: Sequence[FieldError] = ()) -> HttpResponse:
    """Return the problem document for a status, saying what the kind says when `detail` is empty."""
    kind = BY_STATUS.get(status) or BY_STATUS[500 if status >= 500 else 400]
    content: Problem = {
        "type": f"urn:mainstay:problem:{kind.slug}",
        "title": str(kind.title),
        "status": status,
        "detail": str(detail or kind.detail),
        "instance": request.path,
        "errors": list(errors),
    }
    response = HttpResponse(msgspec.json.encode(content), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Mainstay"'
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Return the problem document for a refusal of an action."""
    status = next(status for kind, status in STATUS_OF if isinstance(refusal, kind))
    if isinstance(refusal, Stale) and "If-Match" in request.headers:
        status = 412
    if isinstance(refusal, Invalid):
        return problem(request, status, _("Correct what is named in errors, then send it again."), _errors(refusal))
    response = problem(request, status, refusal.message)
    if isinstance(refusal, InFlight):
        response.headers["Retry-After"] = "1"
    return response


def _errors(refusal: Invalid) -> list[FieldError]:
    if isinstance(refusal, InvalidParameter):
        return [{"detail": detail, "parameter": name} for name, detail in refusal.errors.items()]
    if isinstance(refusal, InvalidHeader):
        return [{"detail": detail, "header": name} for name, detail in refusal.errors.items()]
    return [{"detail": detail, "pointer": pointer(name.split("."))} for name, detail in refusal.errors.items()]


def pointer(path: Sequence[str | int]) -> str:
    """Return a JSON pointer (RFC 6901) as a URI fragment's text: `#/attributes/size`."""
    return "#" + "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


#: What pydantic finds, in words that say what to do; whatever is not listed keeps pydantic's own.
WORDS: Mapping[str, Any] = {
    "missing": gettext_lazy("This field is required."),
    "extra_forbidden": gettext_lazy("There is no such field."),
    "string_type": gettext_lazy("Give a text."),
    "string_pattern_mismatch": gettext_lazy("This text has characters or a form that is not allowed here."),
    "int_type": gettext_lazy("Give a whole number."),
    "int_parsing": gettext_lazy("Give a whole number."),
    "bool_type": gettext_lazy("Give true or false."),
    "uuid_parsing": gettext_lazy("Give a UUID."),
    "dict_type": gettext_lazy("Give an object."),
    "model_type": gettext_lazy("Give an object."),
    "model_attributes_type": gettext_lazy("Give an object."),
}


def field_errors(found: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Return what ninja's validation found as field errors; its locations begin with where the value came from."""
    return [_field_error(error) for error in found]


def _field_error(error: Mapping[str, Any]) -> FieldError:
    source, *path = error["loc"]
    detail = str(WORDS.get(error["type"], error["msg"]))
    if source == "header":
        return {"detail": detail, "header": str(path[-1] if path else "")}
    if source in ("query", "path"):
        return {"detail": detail, "parameter": str(path[-1] if path else "")}
    # The first part of a body's location is the name of the view's own argument, which callers do not know.
    return {"detail": detail, "pointer": pointer(path if source in ("form", "file") else path[1:])}
