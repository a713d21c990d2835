"""The start page of administration."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.administration.queries import sections
from mainstay.kernel.web.pages import render


@door(SIGNED_IN)
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """Show the parts the actor may enter; whoever may enter none meets a 404."""
    found = sections(request.actor)
    if not found:
        raise Http404
    return render(request, "administration/home.html", {"sections": found})
