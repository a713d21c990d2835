"""The interface to major incidents."""

from typing import Any

from django.http import HttpResponse
from ninja import Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.documents.responses import to_save
from mainstay.kernel.records.queries import require
from mainstay.kernel.rest.answers import BASE, answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.references import person_by_email
from mainstay.kernel.rest.schemas import Number
from mainstay.kernel.web.documents.api import DOCUMENT, preferred
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.actions import major as deeds
from mainstay.support.incidents.models import MajorIncident
from mainstay.support.incidents.queries.major import get_major
from mainstay.support.incidents.queries.report import report_of
from mainstay.support.incidents.schemas import MajorLead, MajorReason, MajorReview, MajorShown, major_shown

router = Router(tags=["Incidents"])

#: What each step takes, and what it is called.
STEPS: dict[str, tuple[Any, str]] = {
    "accept": (MajorLead, "Accept a major incident"),
    "reject": (MajorReason, "Reject a major incident"),
    "appoint": (MajorLead, "Change who leads a major incident"),
    "end": (MajorReason, "End a major incident"),
    "review": (MajorReview, "Keep what was learnt from a major incident"),
}


def shown(request: ActingRequest, major: MajorIncident, *, status: int = 200) -> HttpResponse:
    """Answer a major incident; with 201, also where it is."""
    location = f"{BASE}/incidents/{major.incident.number}/major" if status == 201 else ""
    return answer(major_shown(major, request.actor), status=status, location=location)


@router.get("/incidents/{number}/major", response=MajorShown, operation_id="get_major", summary="Show a major incident")
@door("incident.read_internal", on_record=True)
def get_major_incident(request: ActingRequest, number: Number) -> HttpResponse:
    """How far it is, who leads, whom it reaches, and what was learnt. 404 where an incident was never proposed."""
    return shown(request, get_major(request.actor, number))


@router.post(
    "/incidents/{number}/major",
    response={201: MajorShown},
    operation_id="propose_major",
    summary="Propose a major incident",
)
@door("incident.propose_major", on_record=True)
def propose_major(request: ActingRequest, number: Number, values: MajorReason) -> HttpResponse:
    """Propose that an incident be handled as a major one."""
    incident = queries.get(request.actor, number)
    return shown(request, actions.propose_major(incident, by=request.actor, reason=values.reason), status=201)


@router.get(
    "/incidents/{number}/major/report",
    operation_id="get_major_report",
    summary="Download the report of a major incident",
    openapi_extra=DOCUMENT,
)
@door("incident.read_internal", on_record=True)
def get_major_report(request: ActingRequest, number: Number) -> HttpResponse:
    """PDF, or HTML where `Accept` prefers `text/html`."""
    return to_save(report_of(request.actor, get_major(request.actor, number)), preferred(request))


def _offer(verb: str) -> None:
    """Make the operation of one step."""
    shape, summary = STEPS[verb]

    def take_step(request: ActingRequest, number: Number, values: Any) -> HttpResponse:
        require(request.actor, "decide_major", queries.get(request.actor, number))
        major = get_major(request.actor, number)
        given = values.model_dump(exclude_none=True)
        for name in ("leader", "speaker"):
            if name in given:
                people = queries.people_for([major.incident.organisation])
                given[name] = person_by_email(people, given[name], name)
        return shown(request, deeds.VERBS[verb](major, by=request.actor, **given))

    take_step.__doc__ = f"{summary}."
    take_step.__annotations__["values"] = shape
    router.post(
        f"/incidents/{{number}}/major/{verb}",
        response=MajorShown,
        operation_id=f"{verb}_major",
        summary=summary,
    )(door("incident.decide_major", on_record=True)(take_step))


for _verb in STEPS:
    _offer(_verb)
