"""Searching while one types."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.search.queries import Found, search
from mainstay.kernel.search.queries.operators import operators
from mainstay.kernel.web.pages import is_fragment, redirect, render
from mainstay.kernel.web.queries import layout_for


@require_GET
@door(SIGNED_IN)
def show(request: ActingRequest) -> HttpResponse:
    """Show what was found, or lead straight to the record whose whole number was typed."""
    text, cursor = request.GET.get("q", "").strip(), request.GET.get("cursor")
    refusal, found = "", Found([])
    try:
        found = search(request.actor, text, cursor=cursor)
    except Invalid as refused:
        if "q" not in refused.errors:
            raise
        refusal = refused.errors["q"]
    first = found.hits[0] if found.hits else None
    if first is not None and first.exact and not text.isdigit() and not is_fragment(request):
        return redirect(request, first.address)
    address = reverse("search:page")
    context = {
        "layout": layout_for(request.actor),
        "text": text,
        "found": found,
        "refusal": refusal,
        "correction": f"{address}?{urlencode({'q': found.correction})}" if found.correction else "",
        "operators": list(operators()),
        "begins": cursor is None,
        "icons": {name: kind.icon for name, kind in kinds.items()},
        "next": f"{address}?{urlencode({'q': text, 'cursor': found.next})}" if found.next else None,
    }
    template, status = "web/search/_results.html", 422 if refusal else 200
    return render(request, "web/search/page.html", context, fragment=template, status=status)
