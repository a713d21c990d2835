"""The endpoints that the scripts of every page call."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.web import actions, queries
from mainstay.kernel.web.pages import actor_of, not_found, render


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Answer the command palette with lines of a list."""
    if not request.user.is_authenticated:
        return not_found(request)
    choices = queries.palette_choices(request, request.GET.get("q", "").strip()[:100])
    return render(request, "web/_palette.html", {"choices": choices})


@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """Give back the person's own draft, or keep it."""
    person = request.user
    if not person.is_authenticated:
        return not_found(request)
    if request.method == "GET":
        return JsonResponse({"body": queries.draft_of(person, request.GET.get("key", ""))})
    actions.keep_draft(by=actor_of(request), key=request.POST.get("key", ""), body=request.POST.get("body", ""))
    return HttpResponse(status=204)


@require_POST
def preference(request: HttpRequest) -> HttpResponse:
    """Remember a choice of the screen."""
    if not request.user.is_authenticated:
        return not_found(request)
    actions.choose_preference(
        by=actor_of(request), key=request.POST.get("key", ""), value=request.POST.get("value", "")
    )
    return HttpResponse(status=204)
