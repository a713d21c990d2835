"""Whatever goes wrong under /api/ before or after an operation is a problem document too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from mainstay.kernel.rest import problems

Handler = Callable[[HttpRequest], HttpResponse]
ROOT = "/api/"


def answer_in_problems(handle: Handler) -> Handler:
    """Turn pages that tell of an error (unknown address, wrong method, failure) into problem documents."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = handle(request)
        if request.path.startswith(ROOT) and response.status_code >= 400 and not is_problem(response):
            response.content = problems.problem(request, response.status_code).content
            response.headers["Content-Type"] = problems.MEDIA_TYPE
        return response

    return respond


def is_problem(response: HttpResponse) -> bool:
    """Return whether a response is a problem document already."""
    return response.headers.get("Content-Type") == problems.MEDIA_TYPE
