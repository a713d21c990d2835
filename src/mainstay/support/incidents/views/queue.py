"""The queue: incidents in a list whose filters, order and columns stand in its address."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import allowed
from mainstay.kernel.records.columns import COLUMNS, columns_of, known, shown
from mainstay.kernel.records.filters import FILTERS, PHASES
from mainstay.kernel.records.lists import DEFAULT_SORT, SORTS, Selection, page, paths, read
from mainstay.kernel.records.queries import category_path
from mainstay.kernel.web.fragments import kept
from mainstay.kernel.web.markup import time_tags
from mainstay.kernel.web.pages import render
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.support.incidents import queries
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Priority
from mainstay.support.incidents.views.pages import CONSOLE, state_names

ROWS = 50
#: Columns that show when something was.
INSTANTS = ("opened", "updated", "due", "resolved")
#: What a spreadsheet takes for a formula at the beginning of a cell.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@door(CONSOLE)
@require_GET
def show(request: ActingRequest) -> HttpResponse:
    """Show one page of the list that the address describes."""
    selection = read(request.actor, queries.KIND, request.GET)
    found = page(request.actor, queries.rows_in_console, selection, size=ROWS)
    context = {
        "selection": selection,
        "chips": _chips(selection),
        "rows": _rows(selection.columns, found.rows),
        "previous": selection.address(cursor=found.previous) if found.previous else "",
        "next": selection.address(cursor=found.next) if found.next else "",
        "columns": _headings(selection),
        "sorts": SORTS,
        "verbs": [LIFECYCLE.example(verb) for verb in LIFECYCLE.verbs if request.actor.holds(f"incident.{verb}")],
        "overrides": request.actor.holds("incident.override_priority"),
        "exports": request.actor.holds("incident.export"),
        "creates": request.actor.holds("incident.create"),
    }
    return render(request, "incidents/queue.html", context)


def _rows(columns: tuple[str, ...], found: list[dict[str, Any]]) -> list[Markup]:
    """Return the rows as they are drawn; the same ones as before are not drawn again."""
    row, cells = kept("incidents/_row.html", "row"), [_cell(name) for name in columns]
    return [row(each["number"], columns, *(cell(each) for cell in cells)) for each in found]


def _cell(name: str) -> Callable[[dict[str, Any]], object]:
    """Return what makes the cell of one column from a row."""
    if name == "state":
        chip, states = kept("web/components/badges.html", "state"), state_names()
        return lambda row: chip(states[row["state"]], row["state_category"])
    if name == "priority":
        level, words = kept("web/components/badges.html", "priority"), dict(Priority.choices)
        return lambda row: level(row["priority"], str(words[row["priority"]]))
    if name in INSTANTS:
        when = time_tags()
        return lambda row: when(row[name])
    return lambda row: _text(shown(row, name))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return "" if value is None else str(value)


def _headings(selection: Selection) -> list[tuple[str, Any]]:
    columns = known(selection.kind, selection.columns)
    return [(name, columns[name].label) for name in selection.columns]


def _chips(selection: Selection) -> list[tuple[Any, str, str]]:
    """Return the filters that are set: name, value, and the address of the list without it."""
    return [
        (FILTERS[slug].label, chosen.label, selection.without(slug, chosen.value).address())
        for slug, values in selection.filters.items()
        for chosen in values
    ]


@door(CONSOLE)
@require_GET
def filters(request: ActingRequest) -> HttpResponse:
    """Offer every filter, order and column, with what is chosen now."""
    selection = read(request.actor, queries.KIND, request.GET)
    set_now = {slug: [chosen.value for chosen in values] for slug, values in selection.filters.items()}
    context = {
        "title": _("Filter"),
        "selection": selection,
        "set": set_now,
        "offers": _offers(request, set_now),
        "columns": [(name, column.label) for name, column in columns_of(queries.KIND).items()],
        "orders": _orders(),
    }
    return in_dialog(request, "incidents/_filters.html", context)


def _offers(request: ActingRequest, set_now: dict[str, list[str]]) -> list[tuple[str, Any, list[tuple[str, Any]]]]:
    """Return each filter's slug, name and values to choose from."""
    organisations = queries.organisations_served(request.actor, "read_internal")
    teams = queries.teams_for(organisations)
    people = [(str(each.uuid), each.name) for each in queries.people_for(organisations)[:200]]
    values: dict[str, list[tuple[str, Any]]] = {
        "phase": list(PHASES.items()),
        "state": [(slug, state.label) for slug, state in LIFECYCLE.states.items()],
        "priority": [(str(value), f"{value} {label}") for value, label in Priority.choices],
        "team": [("mine", _("My teams")), ("none", _("None")), *teams.values_list("slug", "name")],
        "assignee": [("me", _("Me")), ("nobody", _("Nobody")), *people],
        "category": [(each.slug, category_path(each)) for each in queries.all_categories()],
        "organisation": list(organisations.values_list("slug", "name")),
        "requester": [],
    }
    return [
        (slug, FILTERS[slug].label, values[slug] + _kept(values[slug], set_now.get(slug, [])))
        for slug in values
        if values[slug] or slug in set_now
    ]


def _kept(offered: list[tuple[str, Any]], chosen: list[str]) -> list[tuple[str, Any]]:
    """Return the chosen values that are not offered, so that applying the form does not lose them."""
    return [(value, value) for value in chosen if value not in dict(offered)]


def _orders() -> list[tuple[str, Any]]:
    """Return each order with its words, the usual one first. The most urgent priority is 1."""
    words = {name: _("%(column)s, oldest first") for name in SORTS}
    words |= {f"-{name}": _("%(column)s, newest first") for name in SORTS}
    words |= {"priority": _("%(column)s, most urgent first"), "-priority": _("%(column)s, least urgent first")}
    orders = [(sort, text % {"column": COLUMNS[sort.removeprefix("-")].label}) for sort, text in words.items()]
    return sorted(orders, key=lambda order: order[0] != DEFAULT_SORT)


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
    heading = [str(label) for _name, label in _headings(selection)]
    return _lines(heading, state_names(), selection.columns, rows)


def _lines(
    heading: list[str], states: dict[str, str], columns: tuple[str, ...], rows: Iterator[dict[str, Any]]
) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(heading)
    for row in rows:
        row["state"] = states.get(row.get("state", ""), "")
        yield writer.writerow([cell(shown(row, name)) for name in columns])


def cell(value: Any) -> str:
    """Return a value as a CSV cell that no spreadsheet takes for a formula; instants are UTC in ISO 8601."""
    if value is None:
        return ""
    text = value.isoformat(timespec="seconds") if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
