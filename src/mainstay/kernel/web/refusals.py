"""One translation of refused actions into pages, so that no view has to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible, Refusal
from mainstay.kernel.web import pages

STATUS: dict[type[Refusal], int] = {Missing: 404, NotPermitted: 403, NotPossible: 409, Invalid: 422}


class RefusalMiddleware:
    """Answers a Refusal that no view caught. A form that keeps what was typed catches Invalid itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        if isinstance(exception, Missing):
            return pages.not_found(request, exception)
        status = next(number for kind, number in STATUS.items() if isinstance(exception, kind))
        return pages.problem(request, status, _("That did not work"), exception.message)
