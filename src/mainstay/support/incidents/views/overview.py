"""Where an agent's day begins."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.records.columns import COLUMNS
from mainstay.kernel.records.lists import Selection, page, read
from mainstay.kernel.web.pages import render
from mainstay.support.incidents import queries
from mainstay.support.incidents.models import Priority
from mainstay.support.incidents.views.pages import CONSOLE, state_names

ROWS = 8
SHOWN = ("number", "title", "priority", "updated")


@door(CONSOLE)
@require_GET
def show(request: ActingRequest) -> HttpResponse:
    """Show the lists everyone starts from, each with its first rows and how many there are."""
    actor = request.actor
    counted = queries.counters(actor)
    blocks = [
        _block(actor, label, icon, selection, counted[slug])
        for slug, label, icon, selection in queries.lists_of(actor)
        if slug != "open"
    ]
    blocks.append(_block(actor, _("Recently updated"), "clock", read(actor, queries.KIND, QueryDict())))
    context = {
        "blocks": blocks,
        "columns": [(name, COLUMNS[name].label) for name in SHOWN],
        "states": state_names(),
        "priorities": {value: str(label) for value, label in Priority.choices},
    }
    return render(request, "incidents/overview.html", context)


def _block(actor: Actor, label: Any, icon: str, selection: Selection, count: int | None = None) -> dict[str, Any]:
    rows = page(actor, queries.rows_in_console, selection, size=ROWS).rows
    return {"label": label, "icon": icon, "count": count, "address": selection.address(), "rows": rows}
