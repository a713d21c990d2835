"""The interface to reports."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja import Query, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.reports import queries
from mainstay.kernel.reports.queries.asking import understand
from mainstay.kernel.reports.registry import reports
from mainstay.kernel.reports.schemas import (
    ReportList,
    ReportName,
    ReportQuestion,
    ResultShown,
    report_shown,
    result_shown,
)
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.errors import InvalidParameter

router = Router(tags=["Reports"])


@router.get("/reports", response=ReportList, operation_id="list_reports", summary="List reports")
@door("report.read")
def list_reports(request: ActingRequest) -> HttpResponse:
    """Every report there is, with the words that say how it counts."""
    return answer({"items": [report_shown(each) for each in reports().values()]})


@router.get("/reports/{report}", response=ResultShown, operation_id="get_report", summary="Compute a report")
@door("report.read")
def get_report(request: ActingRequest, report: ReportName, question: Query[ReportQuestion]) -> HttpResponse:
    """Compute a report of the cases that the caller works on or oversees; of no others does any number speak."""
    person = request.actor.person
    given = {name: [value] for name, value in question.model_dump(exclude_none=True).items()}
    try:
        asked = understand(request.actor, report, MultiValueDict(given), ZoneInfo(person.zone if person else "UTC"))
    except Invalid as refused:
        raise InvalidParameter(refused.errors) from None
    return answer(result_shown(asked, queries.tabulate(request.actor, asked)))
