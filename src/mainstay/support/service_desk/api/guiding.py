"""The interface to the checklists and runbooks of a record."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Path, Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.records.api.finding import address
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.schemas import Number, Slug
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.guiding import (
    checklist_for,
    checklists_for,
    followed,
    run_of,
    runbook_for,
    runbooks_for,
    runs_on,
)
from mainstay.support.service_desk.queries.prepared import case_for_work
from mainstay.support.service_desk.schemas import (
    ChecklistsShown,
    GivenAnswer,
    RunbooksShown,
    RunShown,
    TakenBack,
    named,
    run_shown,
)

router = Router(tags=["Records"])


@router.get(
    "/records/{number}/checklists", response=ChecklistsShown, operation_id="list_checklists", summary="List checklists"
)
@door("*.read_internal", on_record=True)
def list_checklists(request: ActingRequest, number: Number) -> HttpResponse:
    """The checklists that fit the record and that it does not have yet."""
    return answer({"items": named(checklists_for(case_for_work(request.actor, number)))})


@router.post(
    "/records/{number}/checklists/{checklist}/actions/attach",
    response=ChecklistsShown,
    operation_id="attach_checklist",
    summary="Attach a checklist",
)
@door("*.task", on_record=True)
def attach_checklist(request: ActingRequest, number: Number, checklist: Path[Slug]) -> HttpResponse:
    """Give the record the tasks of a checklist; what is left are those that it does not have yet."""
    case = case_for_work(request.actor, number)
    actions.attach_checklist(checklist_for(case, checklist), case, by=request.actor)
    return answer({"items": named(checklists_for(case))})


@router.get("/records/{number}/runbooks", response=RunbooksShown, operation_id="list_runbooks", summary="List runbooks")
@door("*.read_internal", on_record=True)
def list_runbooks(request: ActingRequest, number: Number) -> HttpResponse:
    """The runbooks that fit the record, and how far those are that are followed on it."""
    case = case_for_work(request.actor, number)
    return answer({"items": named(runbooks_for(case)), "runs": [run_shown(each) for each in runs_on(case)]})


@router.post(
    "/records/{number}/runbooks/{runbook}/actions/start",
    response={201: RunShown},
    operation_id="start_runbook",
    summary="Start a runbook",
)
@door("*.task", on_record=True)
def start_runbook(request: ActingRequest, number: Number, runbook: Path[Slug]) -> HttpResponse:
    """Begin to follow a runbook on the record, as it is written now."""
    case = case_for_work(request.actor, number)
    run = actions.start_runbook(runbook_for(case, runbook), case, by=request.actor)
    return answer(run_shown(followed(run)), status=201, location=f"{address(case)}/runs/{run.uuid}")


@router.get("/records/{number}/runs/{run}", response=RunShown, operation_id="get_run", summary="Show a runbook's run")
@door("*.read_internal", on_record=True)
def get_run(request: ActingRequest, number: Number, run: UUID) -> HttpResponse:
    """How far a runbook has been followed."""
    return answer(run_shown(followed(run_of(case_for_work(request.actor, number), run))))


@router.post(
    "/records/{number}/runs/{run}/answers",
    response=RunShown,
    operation_id="answer_runbook",
    summary="Answer in a runbook",
)
@door("*.task", on_record=True)
def answer_runbook(request: ActingRequest, number: Number, run: UUID, values: GivenAnswer) -> HttpResponse:
    """Answer the question that the run has come to."""
    case = case_for_work(request.actor, number)
    found = run_of(case, run)
    gone_on = actions.answer_runbook(found, case, by=request.actor, step=values.step, answer=values.answer)
    return answer(run_shown(followed(gone_on)))


@router.post(
    "/records/{number}/runs/{run}/actions/take-back",
    response=RunShown,
    operation_id="take_back_in_runbook",
    summary="Take back an answer in a runbook",
)
@door("*.task", on_record=True)
def take_back(request: ActingRequest, number: Number, run: UUID, values: TakenBack) -> HttpResponse:
    """Take the last answer back; the history keeps it."""
    case = case_for_work(request.actor, number)
    back = actions.go_back_in_runbook(run_of(case, run), case, by=request.actor, step=values.step)
    return answer(run_shown(followed(back)))
