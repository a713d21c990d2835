"""The queue: incidents in a list whose filters, order and columns stand in its address."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.records.attention import ATTENTIONS
from mainstay.kernel.records.columns import columns_of, shown
from mainstay.kernel.records.filters import FILTERS, PHASES
from mainstay.kernel.records.lists import SORTS, Selection, page, paths, read
from mainstay.kernel.records.queries import category_path
from mainstay.kernel.reports.engine.cells import cell
from mainstay.kernel.web.pages import render
from mainstay.kernel.web.records.lists import chips, drawn, headings, kept_values, orders
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.kernel.web.records.slots import additions
from mainstay.support.incidents import queries
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Priority
from mainstay.support.incidents.queries.major import going_on
from mainstay.support.incidents.views.pages import CONSOLE, state_names

ROWS = 50


@door(CONSOLE)
@require_GET
def show(request: ActingRequest) -> HttpResponse:
    """Show one page of the list that the address describes."""
    selection = read(request.actor, queries.KIND, request.GET)
    found = page(request.actor, queries.rows_in_console, selection, size=ROWS)
    context = {
        "selection": selection,
        "majors": going_on(request.actor),
        "chips": chips(selection),
        "rows": drawn(selection, found.rows, dict(Priority.choices)),
        "previous": selection.address(cursor=found.previous) if found.previous else "",
        "next": selection.address(cursor=found.next) if found.next else "",
        "columns": headings(selection),
        "sorts": SORTS,
        "verbs": [LIFECYCLE.example(verb) for verb in LIFECYCLE.verbs if request.actor.holds(f"incident.{verb}")],
        "overrides": request.actor.holds("incident.override_priority"),
        "exports": request.actor.holds("incident.export"),
        "creates": request.actor.holds("incident.create"),
        "added": additions(request, None),
    }
    return render(request, "incidents/queue.html", context)


@door(CONSOLE)
@require_GET
def filters(request: ActingRequest) -> HttpResponse:
    """Offer every filter, order and column, with what is chosen now."""
    selection = read(request.actor, queries.KIND, request.GET)
    set_now = {slug: [chosen.value for chosen in values] for slug, values in selection.filters.items()}
    context = {
        "title": _("Filter"),
        "here": reverse("incidents:queue"),
        "selection": selection,
        "set": set_now,
        "offers": _offers(request, set_now),
        "columns": [(name, column.label) for name, column in columns_of(queries.KIND).items()],
        "orders": orders(),
    }
    return in_dialog(request, "web/records/_filters.html", context)


def _offers(request: ActingRequest, set_now: dict[str, list[str]]) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """Return each filter's slug, name and values to choose from."""
    organisations = queries.organisations_served(request.actor, "read_internal")
    teams = queries.teams_for(organisations)
    people = [(str(each.uuid), each.name) for each in queries.people_for(organisations)[:200]]
    values: dict[str, list[tuple[str, Any]]] = {
        "phase": list(PHASES.items()),
        "state": [(slug, state.label) for slug, state in LIFECYCLE.states.items()],
        "priority": [(str(value), f"{value} {label}") for value, label in Priority.choices],
        "attention": [("any", _("Any")), *ATTENTIONS.items()],
        "team": [("mine", _("My teams")), ("none", _("None")), *teams.values_list("slug", "name")],
        "assignee": [("me", _("Me")), ("nobody", _("Nobody")), *people],
        "category": [(each.slug, category_path(each)) for each in queries.all_categories()],
        "organisation": list(organisations.values_list("slug", "name")),
        "requester": [],
    }
    return [
        (slug, FILTERS[slug].label, values[slug] + kept_values(values[slug], set_now.get(slug, [])))
        for slug in values
        if values[slug] or slug in set_now
    ]


@door("incident.export")
@require_GET
def export(request: ActingRequest) -> StreamingHttpResponse:
    """Answer the whole list, in its order and with its columns, as CSV."""
    actor = request.actor
    selection = read(actor, queries.KIND, request.GET)
    names = SORTS[selection.sort.removeprefix("-")]
    order = [f"-{name}" if selection.sort.startswith("-") else name for name in names]
    records = queries.rows_in_console(actor).filter(allowed(actor, "incident.export"), selection.condition())
    rows = records.order_by(*order).values(*paths(selection.columns)).iterator(chunk_size=1000)
    answer = StreamingHttpResponse(_csv(selection, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="incidents.csv"'
    return answer


class _Echo:
    """What the CSV writer writes to: it gives each line back."""

    def write(self, line: str) -> str:
        return line


def _csv(selection: Selection, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    # The words are looked up here and now: while the answer is sent, the viewer's language is no longer set.
    heading = [str(label) for _name, label in headings(selection)]
    return _lines(heading, state_names(), selection.columns, rows)


def _lines(
    heading: list[str], states: dict[str, str], columns: tuple[str, ...], rows: Iterator[dict[str, Any]]
) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(heading)
    for row in rows:
        row["state"] = states.get(row.get("state", ""), "")
        yield writer.writerow([cell(shown(row, name)) for name in columns])
