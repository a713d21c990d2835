"""Taking a suggestion at its word."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.search.models import Suggested
from mainstay.kernel.search.queries.suggestions import suggestions_for
from mainstay.kernel.web.records.pages import Pages, done


def use(pages: Pages, request: ActingRequest, number: str, field: str) -> HttpResponse:
    """Set a column of the record to what is suggested for it, as its own action does."""
    record = pages.find(request.actor, number)
    proposal = next((each for each in suggestions_for(request.actor, record) if each.field == field), None)
    if proposal is None:
        raise Http404
    try:
        if proposal.field == Suggested.TEAM:
            pages.moves["assign"](record, by=request.actor, team=proposal.value)
        else:
            pages.edit(record, by=request.actor, version=record.version, values={field: proposal.value})
    except Refusal as refusal:
        return done(pages, request, number, refusal.message, kind="error")
    return done(pages, request, number, _("Saved."))
