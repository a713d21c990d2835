"""The portal: where people say what is wrong, in their own words, and follow what becomes of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.mail import actions as mail
from mainstay.kernel.mail.queries import links_for
from mainstay.kernel.practice.errors import Invalid, Refusal
from mainstay.kernel.records.actions.attachment import comment_with_files
from mainstay.kernel.records.labels import state_label
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import attachments_for, moves_for, require
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.search.queries.beginnings import described
from mainstay.kernel.web.documents.queries import as_requester
from mainstay.kernel.web.documents.views import answer
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.records.forms import refuse
from mainstay.support.incidents import actions as incidents
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.forms.portal import RatingForm, ReasonForm, ReportForm, uploads
from mainstay.support.service_desk.models import Source
from mainstay.support.service_desk.models.satisfaction import SCORES
from mainstay.support.service_desk.queries.cases import STAGES, TOLD, closes, get, going_on, in_portal, mine, waiting
from mainstay.support.service_desk.queries.ratings import may_rate, rating_of, require_own

#: The most of one's own cases that the pages list.
FEW, MANY = 5, 200
SCORE_NAMES = {str(score) for score, _words in SCORES}
#: What confirms a solution, and what says that it did not help, for each kind of case.
CLOSE: dict[str, Callable[..., Any]] = {"contact": actions.close, "incident": incidents.close}
REOPEN: dict[str, Callable[..., Any]] = {"contact": actions.reopen, "incident": incidents.reopen}


def _listed(actor: Actor, most: int) -> list[dict[str, Any]]:
    """Return the actor's own cases, last changed first, as lists show them."""
    here = ("kind", "number", "title", "state", "state_category", "updated")
    there = ("merged_into__kind", "merged_into__state", "merged_into__state_category")
    return [_as_it_stands(row) for row in mine(actor).values(*here, *there)[:most]]


def _as_it_stands(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row with where the case stands; one that was merged stands where the other does."""
    if row["merged_into__kind"] is not None:
        row |= {name: row[f"merged_into__{name}"] for name in ("state", "state_category")}
    kind = row["merged_into__kind"] or row["kind"]
    return {**row, "label": state_label(kind, row["state"], "requesters")}


@door(SIGNED_IN)
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """Ask how we can help; whoever works on cases goes on to the console."""
    if any(request.actor.standing.organisations(f"{kind}.read_internal") for kind in STAGES):
        return redirect(request, "incidents:overview")
    return render(
        request,
        "service_desk/portal/home.html",
        {"cases": _listed(request.actor, FEW), "may_report": request.actor.holds("contact.create")},
    )


@door("contact.create")
@require_http_methods(["GET", "POST"])
def report(request: ActingRequest) -> HttpResponse:
    """Take a report of something that does not work; what was typed stays when something is refused."""
    if request.method == "GET":
        return _report_page(request, ReportForm())
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            contact = actions.take_in(
                by=in_portal(request.actor), files=uploads(request.FILES), source=Source.PORTAL, **form.values()
            )
        except Invalid as refused:
            refuse(form, refused)
        else:
            return redirect(request, "portal:reported", number=contact.number)
    return _report_page(request, form, 422)


def _report_page(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "service_desk/portal/report.html", {"form": form}, status=status)


@door(SIGNED_IN)
@require_GET
def reported(request: ActingRequest, number: str) -> HttpResponse:
    """Confirm a report: its number, and what happens next."""
    case = get(request.actor, number)
    return render(request, "service_desk/portal/reported.html", {"case": case, **standing(case)})


@door(SIGNED_IN)
@require_GET
def cases(request: ActingRequest) -> HttpResponse:
    """List the actor's own cases: those that are going on, then those that are done."""
    rows = _listed(request.actor, MANY)
    done = [row for row in rows if row["state_category"] == "closed"]
    going_on = [row for row in rows if row["state_category"] != "closed"]
    return render(request, "service_desk/portal/cases.html", {"going_on": going_on, "done": done})


@door(SIGNED_IN)
@require_GET
def show(request: ActingRequest, number: str) -> HttpResponse:
    """Show where a case stands, what happens next, and its conversation."""
    return _case_page(request, get(request.actor, number))


def _case_page(request: ActingRequest, case: Any, status: int = 200, **details: Any) -> HttpResponse:
    actor = in_portal(request.actor)
    newest, _more = timeline(actor, case, limit=200, newest_first=True)
    over = going_on(case).state_category == "closed"
    context = {
        "case": case,
        "entries": newest[::-1],
        "told": TOLD,
        "files": attachments_for(actor, case).filter(comment=None),
        "described": described(Record.objects.filter(pk__in={entry.record for entry in newest if entry.number})),
        "verbs": {move.verb for move in moves_for(actor, case)},
        "may_say": not over and actor.can(f"{case.kind}.comment", case),
        "may_ask_again": over and actor.can(f"{case.kind}.reopen", case),
        "reason_form": ReasonForm(),
        "links": links_for(actor, case).exists(),
        "typed": "",
        "errors": (),
        **standing(case),
        **satisfaction(actor, case, request.GET),
    }
    return render(request, "service_desk/portal/case.html", {**context, **details}, status=status)


def satisfaction(actor: Actor, case: Record, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return what the requester said of a case, and the form to say it in while they may; a link has chosen a score."""
    rated = rating_of(actor, case)
    if not may_rate(actor, case):
        return {"rated": rated, "rating_form": None}
    known = {"score": rated.score, "words": rated.words} if rated else {}
    score = {"score": chosen["score"]} if chosen.get("score") in SCORE_NAMES else {}
    return {"rated": rated, "rating_form": RatingForm(initial={**known, **score})}


def standing(case: Record) -> dict[str, Any]:
    """Return where a case stands, in the requester's words."""
    there = going_on(case)
    return {
        "label": state_label(there.kind, there.state, "requesters"),
        "stage": STAGES[there.kind][there.state],
        "closes": closes(case),
        "waiting": waiting(case),
    }


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def document(request: ActingRequest, number: str, ending: str) -> HttpResponse:
    """Answer a case as a document to keep; one with a long history is ordered."""
    return answer(request, as_requester(request.actor), get(request.actor, number), ending)


@door(SIGNED_IN)
@require_POST
def say(request: ActingRequest, number: str) -> HttpResponse:
    """Add what the requester says, with files, to the conversation."""
    case = get(request.actor, number)
    text = request.POST.get("body", "")
    try:
        comment_with_files(case, by=in_portal(request.actor), body=text, files=uploads(request.FILES))
    except Invalid as refused:
        return _case_page(request, case, 422, typed=text, errors=list(refused.errors.values()))
    toast(request, _("Thank you, it is sent."))
    return redirect(request, "portal:case", number=case.number)


@door(SIGNED_IN)
@require_POST
def revoke_links(request: ActingRequest, number: str) -> HttpResponse:
    """Let the links in the requester's mails about a case open nothing any more."""
    mail.revoke_links(get(request.actor, number), by=in_portal(request.actor))
    toast(request, _("The links open nothing any more. The next mail has a new one."))
    return redirect(request, "portal:case", number=number)


@door(SIGNED_IN)
@require_POST
def confirm(request: ActingRequest, number: str) -> HttpResponse:
    """Take the requester's word that it works again."""
    case = get(request.actor, number)
    CLOSE[case.kind](case, by=in_portal(request.actor))
    toast(request, _("Good to hear. The case is closed."))
    return redirect(request, "portal:case", number=case.number)


@door(SIGNED_IN)
@require_POST
def rate(request: ActingRequest, number: str) -> HttpResponse:
    """Take down how satisfied the requester is."""
    case = get(request.actor, number)
    require_own(in_portal(request.actor), case)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            actions.rate(case, by=in_portal(request.actor), **form.cleaned_data)
        except Invalid as refused:
            refuse(form, refused)
        else:
            toast(request, _("Thank you for your answer."))
            return redirect(request, "portal:case", number=case.number)
    return _case_page(request, case, 422, rating_form=form)


@door(SIGNED_IN)
@require_POST
def reopen(request: ActingRequest, number: str) -> HttpResponse:
    """Take a case up again that is not solved after all."""

    def act(case: Record, reason: str) -> Record:
        REOPEN[case.kind](case, by=in_portal(request.actor), reason=reason)
        return case

    return _with_reason(request, number, act, _("We take it up again."))


@door(SIGNED_IN)
@require_POST
def again(request: ActingRequest, number: str) -> HttpResponse:
    """Open a new case when a closed one happens again."""

    def act(closed: Any, reason: str) -> Record:
        return actions.follow_up(closed, by=in_portal(request.actor), reason=reason, call_back=closed.call_back)

    return _with_reason(request, number, act, _("We have opened a new case that follows the old one."))


def _with_reason(request: ActingRequest, number: str, act: Callable[[Any, str], Record], thanks: str) -> HttpResponse:
    """Do what needs a reason; a refusal keeps what was typed."""
    case = get(request.actor, number)
    require(in_portal(request.actor), "reopen", case)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            outcome = act(case, form.cleaned_data["reason"])
        except Refusal as refused:
            refuse(form, refused)
        else:
            toast(request, thanks)
            return redirect(request, "portal:case", number=outcome.number)
    return _case_page(request, case, 422, reason_form=form)
