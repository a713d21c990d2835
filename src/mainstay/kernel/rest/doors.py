"""Every operation names what it takes, as every page does; and what is common to all is checked here."""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.operation import Operation

from mainstay.kernel.access.doors import MARK, SIGNED_IN
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted
from mainstay.kernel.rest import openapi
from mainstay.kernel.rest.actions import HEADER, answer_once
from mainstay.kernel.rest.errors import InvalidHeader, InvalidParameter
from mainstay.kernel.rest.versions import require_version

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Versioned = Literal["", "optional", "required"]

#: Where django-ninja looks for what wants to know of the operation a view becomes.
CONTRIBUTIONS = "_ninja_contribute_to_operation"
KEY = re.compile(r"[\x21-\x7e]{1,255}")


def door(capability: str, *, on_record: bool = False, versioned: Versioned = "") -> Callable[[View], View]:
    """Register an operation with the capability it takes, and check what every operation must.

    Parameters that nobody declared or that come twice are refused, and a POST with an `Idempotency-Key` is done
    once. Whoever does not hold the capability anywhere is refused here; `on_record` leaves that to the action,
    which tells a record that cannot be seen (404) from one that can (403). `versioned` says whether the operation
    reads `If-Match`; where it is required, a request without it is refused first (428).
    """

    def register(view: View) -> View:
        known: set[str] = set()
        fields: set[str] = set()

        def learn(operation: Operation) -> None:
            known.update(openapi.query_parameters(operation))
            fields.update(openapi.form_fields(operation))
            openapi.document(operation, versioned)

        @wraps(view)
        def guarded(request: Any, **values: Any) -> HttpResponseBase:
            _check_parameters(request, known, values)
            if fields:
                _check_form(request, fields)
            if not on_record and capability != SIGNED_IN and not request.actor.holds(capability):
                raise NotPermitted(_("Neither you nor this token has the right to do that."))
            if versioned == "required":
                require_version(request)
            key = request.headers.get(HEADER)
            if key is None or request.method != "POST":
                return view(request, **values)
            if not KEY.fullmatch(key):
                raise InvalidHeader({HEADER: _("Give 1 to 255 printable ASCII characters.")})
            return answer_once(
                person=request.actor.person,
                key=key,
                fingerprint=fingerprint(request),
                do=lambda: cast(HttpResponse, view(request, **values)),
            )

        setattr(guarded, MARK, capability)
        setattr(guarded, CONTRIBUTIONS, [learn])
        return cast(View, guarded)

    return register


def _check_parameters(request: HttpRequest, known: set[str], path: dict[str, Any]) -> None:
    if any(isinstance(value, str) and "\x00" in value for value in path.values()):
        raise Missing(_("There is nothing here, or you may not see it."))
    errors = {name: _("There is no such parameter.") for name in request.GET if name not in known}
    for name, given in request.GET.lists():
        if len(given) > 1:
            errors[name] = _("Give this once.")
        elif "\x00" in given[0]:
            errors[name] = _("Leave out the character NUL.")
    if errors:
        raise InvalidParameter(errors)


def _check_form(request: HttpRequest, fields: set[str]) -> None:
    given: list[tuple[str, list[Any]]] = [*request.POST.lists(), *request.FILES.lists()]
    errors = {name: _("There is no such field.") for name, values in given if name not in fields}
    errors |= {name: _("Give this once.") for name, values in given if len(values) > 1}
    if errors:
        raise Invalid(errors)


def fingerprint(request: HttpRequest) -> str:
    """Return the SHA-256 of what is asked: method, address and body, however a file upload draws its boundaries."""
    told = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        told.update(request.body)
        return told.hexdigest()
    for name, values in sorted(request.POST.lists()):
        told.update(f"{name}={values!r}\n".encode())
    files: list[tuple[str, Any]] = sorted(request.FILES.items())
    for name, file in files:
        told.update(f"{name}={file.name!r} {file.content_type}\n".encode())
        for chunk in file.chunks():
            told.update(chunk)
        file.seek(0)
    return told.hexdigest()
