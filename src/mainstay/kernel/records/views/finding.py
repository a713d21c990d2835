"""The one address of every record, for links in mails, messages and lists."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.records import queries
from mainstay.kernel.records.addresses import address_of


@require_safe
@door(SIGNED_IN)
def lead(request: ActingRequest, number: str) -> HttpResponse:
    """Lead to the page that shows this record, under its present or a former number, to the actor."""
    record = queries.find(request.actor, number)
    return HttpResponseRedirect(address_of(request.actor, record))
