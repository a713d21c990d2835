"""What a link in a mail opens: one case, for the one who asked for help, without signing in.

The token in the address is the whole proof, so nobody is signed in by it: no session begins, nothing else can be
reached, and whatever is wrong with it answers as if there were nothing.
"""

from typing import Any

from allauth.core.internal import ratelimit  # the outer one lets every GET pass
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import open_to_everyone
from mainstay.kernel.access.queries import actor_for, within
from mainstay.kernel.mail.actions import revoke_links
from mainstay.kernel.mail.models import SignedLink
from mainstay.kernel.mail.queries import opened_by
from mainstay.kernel.practice.errors import Invalid, Missing, Refusal
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.queries import moves_for
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.web.pages import problem, redirect, render
from mainstay.kernel.web.records.forms import refuse
from mainstay.support.service_desk.actions import rate
from mainstay.support.service_desk.forms.portal import RatingForm
from mainstay.support.service_desk.queries import cases
from mainstay.support.service_desk.views.portal import CLOSE, satisfaction, standing

#: All that a link allows.
ALLOWED = ("read", "comment", "close")
DEEDS = ("say", "confirm", "rate", "revoke")
#: What was done, as the page says it afterwards.
DONE = {"say": "said", "confirm": "confirmed", "rate": "rated"}


@open_to_everyone("The token in its address is the proof; it opens one case to the one who asked for help.")
@require_http_methods(["GET", "POST"])
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """Show a case's public conversation; take an answer, the word that it is solved, or how satisfied they are."""
    if not ratelimit.consume(request, app="allauth.account", action="letter", limit_get=True):
        title, advice = _("That was too often"), _("For safety there is a limit. Wait a few minutes, then try again.")
        return problem(request, 429, title, advice)
    link = _link(token)
    actor = _acting(link)
    case = cases.get(actor, link.record.number)
    deed = request.POST.get("deed", "")
    if request.method == "POST" and deed in DEEDS:
        return _private(_do(request, token, link, actor, case, deed))
    return _private(_page(request, token, actor, case))


def _link(token: str) -> SignedLink:
    try:
        return opened_by(token)
    except Missing:
        raise Http404 from None


def _acting(link: SignedLink) -> Actor:
    """Return the one whom a link is for, with what it allows and no more."""
    actor = actor_for(link.person, door="mail")
    scopes = frozenset(f"{link.record.kind}.{name}" for name in ALLOWED)
    return Actor(within(actor.standing, scopes), "mail", link.person)


def _do(request: HttpRequest, token: str, link: SignedLink, actor: Actor, case: Any, deed: str) -> HttpResponse:
    if deed == "revoke":
        revoke_links(case, by=actor)
        return render(request, "service_desk/letter_revoked.html", {})
    if deed == "rate":
        return _rate(request, token, actor, case)
    text = request.POST.get("body", "")
    try:
        if deed == "say":
            records.comment(case, by=actor, body=text)
        else:
            CLOSE[case.kind](case, by=actor)
    except Refusal as refused:
        # Answered as a page like any other: a refusal would be logged together with the address.
        return _page(request, token, actor, case, typed=text, errors=[refused.message])
    return redirect(request, f"{request.path}?done={DONE[deed]}")


def _rate(request: HttpRequest, token: str, actor: Actor, case: Any) -> HttpResponse:
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            rate(case, by=actor, **form.cleaned_data)
        except Invalid as refused:
            refuse(form, refused)
        except Refusal:  # it is too late; the page says what can be done now
            return _page(request, token, actor, case)
        else:
            return redirect(request, f"{request.path}?done={DONE['rate']}")
    return _page(request, token, actor, case, rating_form=form)


def _page(
    request: HttpRequest,
    token: str,
    actor: Actor,
    case: Any,
    *,
    typed: str = "",
    errors: list[str] | None = None,
    **details: Any,
) -> HttpResponse:
    newest, _more = timeline(actor, case, limit=200, newest_first=True)
    context = {
        "case": case,
        "entries": newest[::-1],
        "may_say": case.state_category != "closed" and actor.can(f"{case.kind}.comment", case),
        "may_confirm": "close" in {move.verb for move in moves_for(actor, case)},
        "typed": typed,
        "errors": errors or [],
        "done": request.GET.get("done", "") if request.GET.get("done") in DONE.values() else "",
        "thanks": {
            "said": _("Thank you, it is sent."),
            "confirmed": _("Good to hear. The case is closed."),
            "rated": _("Thank you for your answer."),
        },
        **standing(case),
        **satisfaction(actor, case, request.GET),
    }
    return render(request, "service_desk/letter.html", {**context, **details})


def _private(response: HttpResponse) -> HttpResponse:
    """Keep an answer out of caches and search engines; its address never goes along to another site."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
