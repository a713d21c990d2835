"""The interface to what administrators try out."""

from django.http import HttpResponse
from ninja import Router

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest
from mainstay.kernel.administration.schemas import TrialShown, TriedClock, trial_shown
from mainstay.kernel.calendars.queries import try_out
from mainstay.kernel.rest.answers import answer
from mainstay.kernel.rest.doors import door

router = Router(tags=["Calendars"])


@router.post("/calendars/try", response=TrialShown, operation_id="try_calendar", summary="Try a calendar")
@door(SIGNED_IN)
def try_calendar(request: ActingRequest, body: TriedClock) -> HttpResponse:
    """What a clock would say on a calendar that is given along; nothing is kept."""
    asked = body.question()
    return answer(trial_shown(asked, try_out(body.calendar.for_the_engine(), asked)))
