"""What happens around every request: its number, language, zone, headers, messages, and problems."""

import json
import re
import uuid
import zoneinfo
from collections.abc import Callable

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from mainstay.kernel.events.actions import request_id
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible, Refusal
from mainstay.kernel.web import pages

Handler = Callable[[HttpRequest], HttpResponse]

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def number_requests(handle: Handler) -> Handler:
    """Give every request a number: the caller's `X-Request-ID` when it looks like one, else a new one."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        number = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        token = request_id.set(number)
        try:
            response = handle(request)
        finally:
            request_id.reset(token)
        response.headers["X-Request-ID"] = number
        return response

    return answer


def set_headers(handle: Handler) -> Handler:
    """Add what Django's own security middleware leaves out; keep signed-in pages out of every cache."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if request.user.is_authenticated or response.status_code >= 400:
            pages.no_store(response)
        return response

    return answer


def set_language(handle: Handler) -> Handler:
    """Speak the person's language in their time zone; a stranger's browser says which language to use."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        if not translation.check_for_language(language):
            language = "en"
        with translation.override(language), timezone.override(_zone(getattr(request.user, "zone", ""))):
            response = handle(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return answer


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def answer_htmx(handle: Handler) -> Handler:
    """Turn redirects into ones of the whole page for htmx, and hand waiting messages to the page it changes."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if request.headers.get("HX-Request") != "true":
            return response
        if 300 <= response.status_code < 400 and response.has_header("Location"):
            response.headers["HX-Redirect"] = response.headers["Location"]
            del response.headers["Location"]
            response.status_code, response.content = 204, b""
        elif waiting := [_toast(message) for message in messages.get_messages(request)]:
            response.headers["HX-Trigger"] = json.dumps({"toasts": {"messages": waiting}})
        return response

    return answer


def _toast(message: Message) -> dict[str, str]:
    return {"text": str(message), "kind": message.level_tag, "undo": message.extra_tags or ""}


def explain_problems(handle: Handler) -> Handler:
    """Say in our look why an action was refused, and what a bare 405 means; the API has its own way."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if response.status_code != 405 or request.path.startswith("/api/") or response.content:
            return response
        page = pages.not_allowed(request)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    answer.process_exception = _refused  # type: ignore[attr-defined]  # Django looks for it on the function
    return answer


def _refused(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Answer the refusals that a view let through; anything else is a mistake of ours (500)."""
    if not isinstance(exception, Refusal) or request.path.startswith("/api/"):
        return None
    if isinstance(exception, Missing):
        return pages.not_found(request)
    for kind, status in ((NotPermitted, 403), (NotPossible, 409), (Invalid, 422)):
        if isinstance(exception, kind):
            return pages.problem(request, status, _("That was not done"), exception.message)
    return None
