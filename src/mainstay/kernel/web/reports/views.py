"""Reports on pages: what matters at a glance, one report as chart and table, and the cases behind a number."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.records.lists import page, read
from mainstay.kernel.records.models import Record
from mainstay.kernel.reports import queries
from mainstay.kernel.reports.gateways.tables import MEDIA, written
from mainstay.kernel.reports.queries.asking import EXACT, RANGE_NAMES, Asked, divisions, narrowings, understand
from mainstay.kernel.reports.queries.keeping import kept_by
from mainstay.kernel.reports.queries.overview import glances
from mainstay.kernel.reports.registry import Measure, dimensions, reports
from mainstay.kernel.reports.wording import days_of, heading, label_of, narrowed, number, sheet
from mainstay.kernel.web.pages import render
from mainstay.kernel.web.records.lists import drawn, headings, kept_values
from mainstay.kernel.web.reports.charts import drawing

CAPABILITY = "report.read"
#: What a list of the cases behind a number shows, and how many on a page.
COLUMNS, ROWS = "number,title,state,priority,team,opened,resolved", 50


def zone() -> ZoneInfo:
    """Return the reader's time zone."""
    return ZoneInfo(timezone.get_current_timezone_name())


@door(CAPABILITY)
@require_GET
def overview(request: ActingRequest) -> HttpResponse:
    """Show every report's main figure of the last 30 days beside that of the 30 days before."""
    found = glances(request.actor, zone())
    return render(
        request,
        "web/reports/overview.html",
        {
            "glances": found,
            "number": number,
            "heading": heading,
            "reports": reports(),
            "own_reports": kept_by(request.actor),
        },
    )


@door(CAPABILITY)
@require_GET
def show(request: ActingRequest, report: str) -> HttpResponse:
    """Show one report as its address describes it."""
    asked = understand(request.actor, report, request.GET, zone())
    table = queries.tabulate(request.actor, asked)
    context = {
        "asked": asked,
        "table": table,
        "drawing": drawing(asked, table),
        "days": days_of(asked),
        "ranges": [*RANGE_NAMES.items(), (EXACT, _("From day to day"))],
        "divisions": list(divisions(asked.report).items()),
        "offers": _offers(request.actor, asked),
        "number": number,
        "heading": heading,
        "label_of": label_of,
        "behind": _address_behind(asked),
        "reports": reports(),
    }
    return render(request, "web/reports/report.html", context)


def _offers(actor: Actor, asked: Asked) -> list[tuple[str, Any, list[tuple[str, Any]], str]]:
    """Return each filter's slug, name, values and the value chosen."""
    found = []
    for slug, label, values in narrowings(actor):
        chosen = [each.value for each in asked.selection.filters.get(slug, ())]
        pairs: list[tuple[str, Any]] = [("", _("All")), *values]
        found.append((slug, label, pairs + kept_values(pairs, chosen), chosen[0] if chosen else ""))
    return found


def _address_behind(asked: Asked) -> Any:
    """Return what makes the address of the cases behind a number, with the days named."""
    here, query = reverse("reports:cases", kwargs={"report": asked.report.name}), asked.pinned().address()

    def address(measure: Measure, row: queries.Row | None = None) -> str:
        further = [("measure", measure.name), *([("key", row.key)] if row else [])]
        return f"{here}{query}&{urlencode(further)}"

    return address


@dataclass(frozen=True)
class Behind:
    """The cases behind one number, as lists ask for them."""

    asked: Asked
    measure: Measure
    key: str | None

    def __call__(self, actor: Actor) -> QuerySet[Record]:
        return queries.behind(actor, self.asked, self.measure, self.key)


@door(CAPABILITY)
@require_GET
def cases(request: ActingRequest, report: str) -> HttpResponse:
    """Show the very cases that a number counts, by page."""
    parameters = request.GET.copy()
    own = {each: parameters.pop(each, [None])[-1] for each in ("measure", "key", "cursor")}
    asked = understand(request.actor, report, parameters, zone())
    measure = asked.report.measure(own["measure"] or asked.report.drawn[0])
    if measure is None or not measure.listed:
        raise Http404
    listed = read(request.actor, "", MultiValueDict({"columns": [COLUMNS], "sort": ["-opened"]}))
    selection = replace(listed, cursor=own["cursor"] or "")
    found = page(request.actor, Behind(asked, measure, own["key"]), selection, size=ROWS)
    further = {each: value for each, value in own.items() if value is not None and each != "cursor"}
    context = {
        "asked": asked,
        "measure": measure,
        "row": _row_called(asked, own["key"]),
        "days": days_of(asked),
        "narrowed": narrowed(asked),
        "columns": headings(selection),
        "rows": drawn(selection, found.rows, _priorities(), selectable=False),
        "previous": _turned(asked, further, found.previous),
        "next": _turned(asked, further, found.next),
    }
    return render(request, "web/reports/cases.html", context)


def _turned(asked: Asked, further: dict[str, str], cursor: str) -> str:
    """Return the address of another page, empty where there is none; an empty key stands for a group without one."""
    return f"{asked.address()}&{urlencode({**further, 'cursor': cursor})}" if cursor else ""


def _row_called(asked: Asked, key: str | None) -> str:
    if key is None:
        return ""
    for first, last in asked.periods:
        if first.isoformat() == key:
            return label_of(asked, queries.Row(key, key, {}, (first, last)))
    by = asked.dimension
    return key if by is None or by.title else str(by.called(by.read(key))) if key else _("None")


def _priorities() -> dict[int, Any]:
    by = dimensions().get("priority")
    return {value: by.called(value) if by else value for value in range(1, 6)}


@door(CAPABILITY)
@require_GET
def export(request: ActingRequest, report: str) -> HttpResponse:
    """Answer a report as a file."""
    parameters = request.GET.copy()
    form = parameters.pop("form", ["csv"])[-1]
    asked = understand(request.actor, report, parameters, zone())
    if form not in MEDIA:
        raise Http404
    content = written(sheet(asked, queries.tabulate(request.actor, asked)), form, made=timezone.now())
    answer = HttpResponse(content, content_type=MEDIA[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{report}-{asked.start}-{asked.end}.{form}"'
    return answer
