"""Where an agent's day begins."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.records.columns import COLUMNS
from mainstay.kernel.records.lists import page
from mainstay.kernel.web.pages import render
from mainstay.support.incidents import queries
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Priority
from mainstay.support.incidents.views.record import CONSOLE

ROWS = 8
SHOWN = ("number", "title", "state", "priority", "updated")


@door(CONSOLE)
@require_GET
def show(request: ActingRequest) -> HttpResponse:
    """Show the lists everyone starts from, each with its first rows and how many there are."""
    actor = request.actor
    rows, counted = queries.rows_in_console(actor), queries.counters(actor)
    blocks: list[dict[str, Any]] = [
        {
            "label": label,
            "icon": icon,
            "count": counted[slug],
            "address": selection.address(),
            "rows": page(rows, selection, size=ROWS).rows,
        }
        for slug, label, icon, selection in queries.lists_of(actor)
    ]
    context = {
        "blocks": blocks,
        "columns": [(name, COLUMNS[name].label) for name in SHOWN],
        "states": LIFECYCLE.states,
        "priorities": dict(Priority.choices),
    }
    return render(request, "incidents/overview.html", context)
