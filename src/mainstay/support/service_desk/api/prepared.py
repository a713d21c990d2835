"""The interface to what is prepared for many cases: canned answers and macros, as they fit one record."""

from django.http import HttpResponse
from ninja import Path, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.records.schemas.record import RecordShown, record_shown
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.schemas import Number, Slug
from mainstay.kernel.rest.versions import check_version
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.macros import plan
from mainstay.support.service_desk.queries.prepared import answers_for, case_for_work, macro_for, macros_for
from mainstay.support.service_desk.schemas import CannedAnswersShown, MacrosShown, macro_shown

router = Router(tags=["Records"])


@router.get(
    "/records/{number}/canned-answers",
    response=CannedAnswersShown,
    operation_id="list_canned_answers",
    summary="List canned answers",
)
@door("*.read_internal", on_record=True)
def list_canned_answers(request: ActingRequest, number: Number) -> HttpResponse:
    """Up to 100 canned answers for this record and the caller, with their places filled in."""
    case = case_for_work(request.actor, number)
    found = answers_for(request.actor, case)
    return answer({"items": [{"slug": each.slug, "name": each.name, "body": body} for each, body in found]})


@router.get("/records/{number}/macros", response=MacrosShown, operation_id="list_macros", summary="List macros")
@door("*.read_internal", on_record=True)
def list_macros(request: ActingRequest, number: Number) -> HttpResponse:
    """Up to 100 macros for this record and the caller, each with what it would do now."""
    case = case_for_work(request.actor, number)
    macros = macros_for(request.actor, case)
    return answer({"items": [macro_shown(each, plan(each, case, request.actor)) for each in macros]})


@router.post(
    "/records/{number}/macros/{macro}/actions/apply",
    response=RecordShown,
    operation_id="apply_macro",
    summary="Apply a macro",
)
@door("*.read_internal", on_record=True, versioned="optional")
def apply_macro(request: ActingRequest, number: Number, macro: Path[Slug]) -> HttpResponse:
    """Do everything that the macro does, or nothing, with the rights of the caller."""
    case = case_for_work(request.actor, number)
    version = check_version(request, case.version)
    actions.apply_macro(macro_for(request.actor, case, macro), case, by=request.actor, version=version)
    after = case_for_work(request.actor, number)
    return answer(record_shown(after, internal=True), version=after.version)
