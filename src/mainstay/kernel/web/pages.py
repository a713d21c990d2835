"""How a view answers: a page or its fragment, a redirect that stays here, a message, a problem."""

import sys
from collections.abc import Mapping
from typing import Any, Literal, cast

from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.events.actions import request_id
from mainstay.kernel.web.registry import parts

Kind = Literal["success", "info", "warning", "error"]
LEVELS: dict[Kind, int] = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


def actor_of(request: HttpRequest) -> Actor:
    """Return who asks, with the rights held now, where all one has is a plain request: in the frame's providers."""
    return cast(ActingRequest, request).actor


def is_fragment(request: HttpRequest) -> bool:
    """Return whether htmx asks for a part of the page it already shows."""
    return request.headers.get("HX-Request-Type") == "partial"


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or `fragment` (an underscored template) when htmx asks for a part.

    Use status 422 for a form that was refused: htmx swaps it like any other answer.
    """
    name = fragment if fragment and is_fragment(request) else template
    response = HttpResponse(to_text(request, name, context), status=status)
    if fragment:
        patch_vary_headers(response, ["HX-Request-Type"])
    return response


def to_text(request: HttpRequest, template: str, context: Mapping[str, Any] | None = None) -> str:
    """Render a template to text, with what every page may use: `person`, `frame`, `messages_of`."""
    frame = {
        "person": getattr(request, "user", None),
        "frame": parts(request),
        "messages_of": messages.get_messages,
    }
    return render_to_string(template, {**frame, **(context or {})}, request, using="jinja2")


def safe_target(request: HttpRequest, target: str | None, otherwise: str = "/") -> str:
    """Return `target` when it is an address of this site, else `otherwise`: for every `next=`."""
    hosts = {request.get_host()}
    if target and url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()):
        return target
    return otherwise


def redirect(request: HttpRequest, to: str, **values: Any) -> HttpResponse:
    """Send the browser to a named page or an address of this site; one elsewhere leads to the start page."""
    return HttpResponse(status=303, headers={"Location": safe_target(request, resolve_url(to, **values))})


def toast(request: HttpRequest, message: str, kind: Kind = "success", *, undo: str = "") -> None:
    """Show a short message on this answer or, after a redirect, on the next page.

    `undo` is an address of this site that takes the action back when posted to.
    """
    messages.add_message(request, LEVELS[kind], message, extra_tags=undo)


def problem(
    request: HttpRequest, status: int, title: str, advice: str, *, action: tuple[str, str] | None = None
) -> HttpResponse:
    """Say in the product's look what went wrong and what to do; `action` is a link's words and address."""
    context = {
        "status": status,
        "title": title,
        "advice": advice,
        "action": action or (_("Go to the start page"), "/"),
        # Neither the person nor their messages: both live in the database, which may be the problem.
        "person": None,
        "messages_of": lambda request: (),
    }
    return render(request, "web/problem.html", context, fragment="web/_problem.html", status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return problem(
        request,
        400,
        _("That could not be understood"),
        _("Go back, check what you entered, and send it again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the person may see the thing but not do this to it."""
    return problem(
        request,
        403,
        _("You may not do this"),
        _("If you need to, ask an administrator for the right to do it."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, in the same words whether a thing does not exist or may not be seen."""
    return problem(
        request,
        404,
        _("There is nothing here for you"),
        _("It does not exist, or you may not see it. Check the number or the address."),
    )


def not_allowed(request: HttpRequest) -> HttpResponse:
    """Answer 405: the address is right, the way of calling it is not."""
    return problem(request, 405, _("This address cannot be opened like that"), _("Go back and use the page's buttons."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose proof of origin is missing or old. Named by `CSRF_FAILURE_VIEW`."""
    return problem(
        request,
        403,
        _("This form has expired"),
        _("Nothing was changed. Go back, reload the page, and send the form again."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 when the database is the reason, without asking it."""
    away = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    return problem(
        request,
        503 if away else 500,
        _("Something went wrong on our side"),
        _("It has been recorded. If it happens again, tell your administrator this number: %(number)s")
        % {"number": request_id.get() or "-"},
    )


def absolute(request: HttpRequest, name: str, **values: Any) -> str:
    """Return the full address of a named page, as this request reached the site."""
    return request.build_absolute_uri(reverse(name, kwargs=values or None))


def no_store(response: HttpResponseBase) -> HttpResponseBase:
    """Keep an answer out of every cache, unless its view decided otherwise."""
    if not response.has_header("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    return response
