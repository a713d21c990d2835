"""The endpoints that the scripts of every page call."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.records.mentions import mentionable
from mainstay.kernel.records.queries import find_internal
from mainstay.kernel.web import actions, queries
from mainstay.kernel.web.pages import render


@door(SIGNED_IN)
@require_GET
def palette(request: ActingRequest) -> HttpResponse:
    """Answer the command palette with lines of a list."""
    choices = queries.palette_choices(request, request.GET.get("q", "").strip()[:100])
    return render(request, "web/_palette.html", {"choices": choices})


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def draft(request: ActingRequest) -> HttpResponse:
    """Give back the person's own draft, or keep it."""
    if request.method == "GET":
        return JsonResponse({"body": queries.draft_of(request.actor, request.GET.get("key", ""))})
    place, text = request.POST.get("key", ""), request.POST.get("body", "")
    actions.keep_draft(by=request.actor, key=place, body=text)
    return HttpResponse(status=204)


@door(SIGNED_IN)
@require_GET
def people(request: ActingRequest, number: str) -> HttpResponse:
    """Answer who may be mentioned on a record that one works on and is called as typed so far."""
    record = find_internal(request.actor, number)
    found = mentionable(record, request.GET.get("q", "").replace("\x00", "").strip()[:50])
    return JsonResponse({"people": [each.name for each in found]})


@door(SIGNED_IN)
@require_POST
def preference(request: ActingRequest) -> HttpResponse:
    """Remember a choice of the screen."""
    actions.choose_preference(by=request.actor, key=request.POST.get("key", ""), value=request.POST.get("value", ""))
    return HttpResponse(status=204)


@door(SIGNED_IN)
@require_POST
def presence(request: ActingRequest, number: str) -> HttpResponse:
    """Keep that the person is here, or has gone; answer who else is here, and whether something is new."""
    record = find_internal(request.actor, number)
    if "gone" in request.POST:
        actions.leave(record, by=request.actor)
        return HttpResponse(status=204)
    actions.be_present(record, by=request.actor, replying=bool(request.POST.get("replying")))
    words, news = queries.present_at(request.actor, record), queries.news_of(record, request.POST.get("seen", ""))
    return JsonResponse({"words": words, "news": news})
