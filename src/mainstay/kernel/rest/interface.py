"""The interface itself: django-ninja with our way of reading, refusing and describing."""

import logging
from collections.abc import Iterator
from typing import Any

import msgspec
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from mainstay.kernel.access.doors import MARK
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.rest import openapi, problems
from mainstay.kernel.rest.errors import UnsupportedMediaType
from mainstay.kernel.rest.tokens import bearer

logger = logging.getLogger("django.request")


class StrictParser(Parser):
    """Reads JSON as RFC 8259 has it: UTF-8, no NaN, no half characters; and nothing but JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the content of the body. Raises UnsupportedMediaType, or what msgspec finds wrong."""
        if request.content_type != "application/json":
            raise UnsupportedMediaType(_("Send application/json."))
        return msgspec.json.decode(request.body)


class Interface(NinjaAPI):
    """A version of the REST interface: practices bring their routers, all else is the same for all."""

    def __init__(self, *, title: str, version: str, description: str, prefix: str) -> None:
        self.prefix = prefix
        super().__init__(
            title=title,
            version=version,
            description=description,
            openapi_url=None,
            docs_url=None,
            auth=bearer,
            parser=StrictParser(),
            urls_namespace="api",
        )
        self.add_exception_handler(Exception, _failed)
        for unreachable in (OperationalError, InterfaceError):
            self.add_exception_handler(unreachable, _unavailable)
        self.add_exception_handler(Refusal, _refused)
        self.add_exception_handler(ValidationError, _invalid)
        self.add_exception_handler(HttpError, _http_error)
        for malformed in (BadRequest, MultiPartParserError):
            self.add_exception_handler(malformed, lambda request, error: problems.problem(request, 400))
        self.add_exception_handler(Http404, lambda request, error: problems.problem(request, 404))
        self.add_exception_handler(RequestDataTooBig, lambda request, error: problems.problem(request, 413))

    def _get_urls(self) -> list[Any]:
        """Only what the routers bring: no page of documentation, no root."""
        return [url for router in self._get_bound_routers() for url in router.urls_paths(router.prefix)]

    def operations(self) -> Iterator[tuple[str, str, str | None]]:
        """Yield method, path and needed capability of every operation; None where none was registered."""
        for router in self._get_bound_routers():
            for path, view in router.path_operations.items():
                for operation in view.operations:
                    for method in operation.methods:
                        yield method, self.prefix + router.prefix + path, getattr(operation.view_func, MARK, None)

    def describe(self) -> dict[str, Any]:
        """Return the description of the interface (OpenAPI 3.1)."""
        return openapi.complete(self.get_openapi_schema(path_prefix=self.prefix))


def _failed(request: HttpRequest, error: Any) -> HttpResponse:
    """Record a mistake of ours as Django does, but without drawing a page."""
    logger.error("Internal Server Error: %s", request.path, exc_info=error, extra={"status_code": 500})
    return problems.problem(request, 500)


def _unavailable(request: HttpRequest, error: Any) -> HttpResponse:
    """Say that the database is away; whether a commit reached it is unknown, so ask again with the same key."""
    logger.error("Service Unavailable: %s (%s)", request.path, error, extra={"status_code": 503})
    return problems.problem(request, 503)


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return problems.refused(request, refusal)


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    detail = _("Correct what is named in errors, then send it again.")
    return problems.problem(request, 422, detail, problems.field_errors(error.errors))


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    # Ninja tells of whatever its parser raised as 400, with the reason attached.
    if isinstance(error.__cause__, UnsupportedMediaType):
        return problems.refused(request, error.__cause__)
    return problems.problem(request, error.status_code)
