"""Mails that became nothing: reading them, letting them in after all, or leaving it at that."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import governs
from mainstay.kernel.administration.queries import CONFIGURATION
from mainstay.kernel.administration.wording import why_set_aside
from mainstay.kernel.mail import actions, queries
from mainstay.kernel.mail.engine import read
from mainstay.kernel.mail.models import MailState, ReceivedMail
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.web.pages import redirect, render, toast

ON_A_PAGE = 50
#: How much of a mail is shown; all of it is in the original. Characters.
SHOWN = 20_000


@door(CONFIGURATION)
@require_GET
def listing(request: ActingRequest) -> HttpResponse:
    """Show mails in one state, a page at a time; first those that somebody has to look at."""
    wanted = request.GET.get("state", MailState.QUARANTINED)
    if wanted not in MailState.values or not governs(request.actor, CONFIGURATION):
        raise Http404
    found = queries.set_aside(request.actor).filter(state=wanted)
    before = request.GET.get("before", "")
    if before.isdecimal():
        found = found.filter(pk__lt=int(before[:18]))
    mails = list(found[: ON_A_PAGE + 1])
    context = {
        "lines": [(mail, why_set_aside(mail)) for mail in mails[:ON_A_PAGE]],
        "wanted": wanted,
        "states": [state for state in MailState if state != MailState.TAKEN],
        "next": f"?state={wanted}&before={mails[ON_A_PAGE - 1].pk}" if len(mails) > ON_A_PAGE else None,
    }
    return render(request, "administration/mails.html", context)


@door(CONFIGURATION)
@require_http_methods(["GET", "POST"])
def mail(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Show what a mail says and why it was set aside; release or dismiss it."""
    found = _mail(request, uuid)
    decide = {"release": actions.release, "dismiss": actions.dismiss}.get(request.POST.get("decision", ""))
    if decide is not None:
        try:
            decide(found, by=request.actor)
            toast(request, _("Done."))
        except NotPossible as refused:
            toast(request, refused.message, "warning")
        return redirect(request, "administration:mails")
    letter = read(queries.original(found))
    why = why_set_aside(found)
    context = {
        "mail": found,
        "why": why,
        "letter": letter,
        "text": letter.text[:SHOWN],
        "problems": [words for problem in letter.problems if (words := _(problem.words)) != why],
    }
    return render(request, "administration/mail.html", context, status=422 if request.method == "POST" else 200)


def _mail(request: ActingRequest, uuid: UUID) -> ReceivedMail:
    found = queries.set_aside(request.actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found
