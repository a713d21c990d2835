"""Where a person is signed in, and how to end that."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.accounts import actions, queries
from mainstay.kernel.accounts.devices import device
from mainstay.kernel.web.pages import redirect, render, toast


@door(SIGNED_IN)
@require_GET
def overview(request: ActingRequest) -> HttpResponse:
    """List the sessions of the one who asks."""
    assert request.actor.person is not None
    found = queries.sessions_of(request.actor.person)
    return render(
        request,
        "accounts/sessions.html",
        {"sessions": [(each, device(each.user_agent)) for each in found], "this_session": request.session.session_key},
    )


@door(SIGNED_IN)
@require_POST
def end(request: ActingRequest, session: int) -> HttpResponse:
    """End one session."""
    actions.end_session(session, by=request.actor)
    toast(request, _("That session is signed out."))
    return redirect(request, "profile:sessions")


@door(SIGNED_IN)
@require_POST
def end_others(request: ActingRequest) -> HttpResponse:
    """End every session but the one that asks."""
    actions.end_sessions(by=request.actor, but=request.session.session_key)
    toast(request, _("Every other session is signed out."))
    return redirect(request, "profile:sessions")
