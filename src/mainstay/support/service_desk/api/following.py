"""The interface to what follows a record: its children and duplicates, resolved or closed as it is."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require, visible_to
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door
from mainstay.kernel.rest.schemas import Number
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.following import last_following
from mainstay.support.service_desk.queries.prepared import case_for_work
from mainstay.support.service_desk.schemas import FollowersShown, NewFollowers, followers_shown

router = Router(tags=["Records"])


@router.get(
    "/records/{number}/followers",
    response=FollowersShown,
    operation_id="get_followers",
    summary="Show what followed a record",
)
@door("*.read_internal", on_record=True)
def get_followers(request: ActingRequest, number: Number) -> HttpResponse:
    """How far those are that were last resolved or closed with this record, by policy or by somebody's choice."""
    case = case_for_work(request.actor, number)
    return answer(followers_shown(last_following(request.actor, case)))


@router.post(
    "/records/{number}/followers",
    response={202: FollowersShown},
    operation_id="let_follow",
    summary="Let others follow a record",
)
@door("*.edit", on_record=True)
def let_follow(request: ActingRequest, number: Number, values: NewFollowers) -> HttpResponse:
    """Let children and duplicates of this record be resolved or closed as it is, each by itself, in a job."""
    case = case_for_work(request.actor, number)
    require(request.actor, "edit", case)
    actions.let_follow(case, by=request.actor, records=_chosen(request, values.records))
    return answer(followers_shown(last_following(request.actor, case)), status=202)


def _chosen(request: ActingRequest, numbers: list[str]) -> list[Record]:
    found = list(visible_to(request.actor, "read_internal").filter(number__in=[each.upper() for each in numbers]))
    if len(found) < len(set(numbers)):
        raise Invalid({"records": _("Choose from its children and duplicates.")})
    return found
