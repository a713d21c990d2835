"""What was learnt from finished cases, and how right it is."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.administration.queries import CONFIGURATION
from mainstay.kernel.practice import settings
from mainstay.kernel.search.engine.fitting import available
from mainstay.kernel.search.queries.suggestions import LEAST_ACCURACY, classifiers
from mainstay.kernel.web.pages import render


@door(CONFIGURATION)
@require_GET
def listing(request: ActingRequest) -> HttpResponse:
    """Show, for each organisation and column, how right suggestions are and whether they are made."""
    found = list(classifiers(request.actor).order_by("organisation__name", "field"))
    context = {"classifiers": found, "available": available(), "least": settings.value(LEAST_ACCURACY)}
    return render(request, "administration/suggestions.html", context)
