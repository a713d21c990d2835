"""The desk's queue: records of every kind in one list whose filters, order and columns stand in its address."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.apps import names_of_records
from mainstay.kernel.records.attention import ATTENTIONS
from mainstay.kernel.records.columns import COLUMNS
from mainstay.kernel.records.filters import FILTERS, PHASES, states_of
from mainstay.kernel.records.lists import SORTS, page, read
from mainstay.kernel.records.queries import category_path
from mainstay.kernel.web.pages import render
from mainstay.kernel.web.records.lists import chips, drawn, headings, kept_values, orders
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.support.incidents.models import Priority
from mainstay.support.incidents.queries import all_categories
from mainstay.support.service_desk.models import Type
from mainstay.support.service_desk.queries import desk
from mainstay.support.service_desk.views.pages import CONSOLE

ROWS = 50


@door(CONSOLE)
@require_GET
def show(request: ActingRequest) -> HttpResponse:
    """Show one page of the list that the address describes."""
    selection = read(request.actor, desk.EVERY_KIND, request.GET)
    found = page(request.actor, desk.rows, selection, size=ROWS)
    context = {
        "selection": selection,
        "chips": chips(selection),
        "rows": drawn(selection, found.rows, dict(Priority.choices), selectable=False),
        "previous": selection.address(cursor=found.previous) if found.previous else "",
        "next": selection.address(cursor=found.next) if found.next else "",
        "columns": headings(selection),
        "sorts": SORTS,
        "creates": request.actor.holds("contact.create"),
        "figures": desk.first_contact(request.actor),
    }
    return render(request, "service_desk/queue.html", context)


@door(CONSOLE)
@require_GET
def filters(request: ActingRequest) -> HttpResponse:
    """Offer every filter, order and column, with what is chosen now."""
    selection = read(request.actor, desk.EVERY_KIND, request.GET)
    set_now = {slug: [chosen.value for chosen in values] for slug, values in selection.filters.items()}
    context = {
        "title": _("Filter"),
        "here": reverse("service_desk:queue"),
        "selection": selection,
        "set": set_now,
        "offers": _offers(request, set_now),
        "columns": [(name, column.label) for name, column in COLUMNS.items()],
        "orders": orders(),
    }
    return in_dialog(request, "web/records/_filters.html", context)


def _offers(request: ActingRequest, set_now: dict[str, list[str]]) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """Return each filter's slug, name and values to choose from."""
    organisations = desk.served(request.actor)
    teams = [
        ("mine", _("My teams")),
        ("none", _("None")),
        *desk.teams_for(organisations).values_list("slug", "name"),
    ]
    people = [(str(each.uuid), each.name) for each in desk.people_for(organisations)[:200]]
    values: dict[str, list[tuple[str, Any]]] = {
        "kind": list(names_of_records().items()),
        "type": list(Type.choices),
        "phase": list(PHASES.items()),
        "state": [(slug, state.label) for slug, state in states_of(desk.EVERY_KIND).items()],
        "priority": [(str(value), f"{value} {label}") for value, label in Priority.choices],
        "attention": [("any", _("Any")), *ATTENTIONS.items()],
        "team": teams,
        "owner": teams,
        "assignee": [("me", _("Me")), ("nobody", _("Nobody")), *people],
        "category": [(each.slug, category_path(each)) for each in all_categories()],
        "organisation": list(organisations.values_list("slug", "name")),
        "requester": [],
    }
    return [
        (slug, FILTERS[slug].label, values[slug] + kept_values(values[slug], set_now.get(slug, [])))
        for slug in values
        if values[slug] or slug in set_now
    ]
