"""The portal: where people say what is wrong, in their own words, and follow what becomes of it."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Invalid, Refusal
from mainstay.kernel.records.actions.attachment import comment_with_files
from mainstay.kernel.records.labels import state_label
from mainstay.kernel.records.models import Attachment, Visibility
from mainstay.kernel.records.queries import moves_for
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.engine.closing import closing_instant
from mainstay.support.incidents.forms import refuse
from mainstay.support.incidents.forms.portal import ReasonForm, ReportForm, uploads
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import Incident, Source

#: All that anybody does here. Whoever may do more meets the portal as a requester does, without internal parts.
DONE_HERE = frozenset(f"incident.{name}" for name in ("read", "create", "comment", "attach", "close", "reopen"))
#: How far along a case is, by its state: received, worked on, solved, done.
STAGES = {S.NEW: 0, S.ASSIGNED: 0, S.IN_PROGRESS: 1, S.PENDING: 1, S.RESOLVED: 2, S.CLOSED: 3, S.CANCELLED: 3}
STAGE = {state.slug: stage for state, stage in STAGES.items()}
#: The most of one's own cases that the pages list.
FEW, MANY = 5, 200


def here(actor: Actor) -> Actor:
    """Return the actor with what is done in the portal, and nothing else."""
    return Actor(actor.standing.within(DONE_HERE), actor.door, actor.person, actor.on_behalf_of)


def _mine(actor: Actor) -> Any:
    return queries.visible_to(here(actor)).filter(requester_id=actor.person_id).order_by("-updated", "-id")


def _listed(actor: Actor, most: int) -> list[dict[str, Any]]:
    """Return the actor's own cases, last changed first, as lists show them."""
    rows = list(_mine(actor).values("number", "title", "state", "state_category", "updated")[:most])
    return [{**row, "label": state_label(queries.KIND, row["state"], "requesters")} for row in rows]


@door(SIGNED_IN)
@require_GET
def home(request: ActingRequest) -> HttpResponse:
    """Ask how we can help; whoever works on incidents goes on to the console."""
    if request.actor.standing.organisations("incident.read_internal"):
        return redirect(request, "incidents:overview")
    return render(
        request,
        "incidents/portal/home.html",
        {"cases": _listed(request.actor, FEW), "may_report": request.actor.holds("incident.create")},
    )


@door("incident.create")
@require_http_methods(["GET", "POST"])
def report(request: ActingRequest) -> HttpResponse:
    """Take a report of something that does not work; what was typed stays when something is refused."""
    if request.method == "GET":
        return _report_page(request, ReportForm())
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            incident = actions.report(
                by=here(request.actor), files=uploads(request.FILES), source=Source.PORTAL, **form.values()
            )
        except Invalid as refused:
            refuse(form, refused)
        else:
            return redirect(request, "portal:reported", number=incident.number)
    return _report_page(request, form, 422)


def _report_page(request: HttpRequest, form: ReportForm, status: int = 200) -> HttpResponse:
    return render(request, "incidents/portal/report.html", {"form": form}, status=status)


@door("incident.read")
@require_GET
def reported(request: ActingRequest, number: str) -> HttpResponse:
    """Confirm a report: its number, and what happens next."""
    incident = queries.get(here(request.actor), number)
    return render(request, "incidents/portal/reported.html", {"incident": incident, **_standing(incident)})


@door("incident.read")
@require_GET
def cases(request: ActingRequest) -> HttpResponse:
    """List the actor's own cases: those that are going on, then those that are done."""
    rows = _listed(request.actor, MANY)
    done = [row for row in rows if row["state_category"] == "closed"]
    going_on = [row for row in rows if row["state_category"] != "closed"]
    return render(request, "incidents/portal/cases.html", {"going_on": going_on, "done": done})


@door("incident.read")
@require_GET
def case(request: ActingRequest, number: str) -> HttpResponse:
    """Show where a case stands, what happens next, and its conversation."""
    return _case_page(request, queries.get(here(request.actor), number))


def _case_page(request: ActingRequest, incident: Incident, status: int = 200, **details: Any) -> HttpResponse:
    actor = here(request.actor)
    newest, _more = timeline(actor, incident, limit=200, newest_first=True)
    context = {
        "incident": incident,
        "entries": newest[::-1],
        "files": Attachment.objects.filter(record_id=incident.pk, comment=None, visibility=Visibility.PUBLIC),
        "verbs": {move.verb for move in moves_for(actor, incident)},
        "may_say": incident.state_category != "closed" and actor.can("incident.comment", incident),
        "may_ask_again": incident.state_category == "closed" and actor.can("incident.reopen", incident),
        "reason_form": ReasonForm(),
        "typed": "",
        "errors": (),
        **_standing(incident),
    }
    return render(request, "incidents/portal/case.html", {**context, **details}, status=status)


def _standing(incident: Incident) -> dict[str, Any]:
    """Return where a case stands, in the requester's words."""
    closes = None
    if incident.state == S.RESOLVED.slug and incident.resolved:
        days = settings.value("incidents.close_after_days")
        closes = closing_instant(incident.resolved, days, incident.organisation.zone)
    return {
        "label": state_label(queries.KIND, incident.state, "requesters"),
        "stage": STAGE[incident.state],
        "closes": closes,
    }


@door("incident.comment")
@require_POST
def say(request: ActingRequest, number: str) -> HttpResponse:
    """Add what the requester says, with files, to the conversation."""
    incident = queries.get(here(request.actor), number)
    text = request.POST.get("body", "")
    try:
        comment_with_files(incident, by=here(request.actor), body=text, files=uploads(request.FILES))
    except Invalid as refused:
        return _case_page(request, incident, 422, typed=text, errors=list(refused.errors.values()))
    toast(request, _("Thank you, it is sent."))
    return redirect(request, "portal:case", number=incident.number)


@door("incident.close")
@require_POST
def confirm(request: ActingRequest, number: str) -> HttpResponse:
    """Take the requester's word that it works again."""
    incident = queries.get(here(request.actor), number)
    actions.close(incident, by=here(request.actor))
    toast(request, _("Good to hear. The case is closed."))
    return redirect(request, "portal:case", number=incident.number)


@door("incident.reopen")
@require_POST
def reopen(request: ActingRequest, number: str) -> HttpResponse:
    """Take a case up again that is not solved after all."""

    def act(incident: Incident, reason: str) -> Incident:
        actions.reopen(incident, by=here(request.actor), reason=reason)
        return incident

    return _with_reason(request, number, act, _("We take it up again."))


@door("incident.reopen")
@require_POST
def again(request: ActingRequest, number: str) -> HttpResponse:
    """Open a new case when a closed one happens again."""

    def act(closed: Incident, reason: str) -> Incident:
        return actions.follow_up(closed, by=here(request.actor), reason=reason, source=Source.PORTAL)

    return _with_reason(request, number, act, _("We have opened a new case that follows the old one."))


def _with_reason(
    request: ActingRequest, number: str, act: Callable[[Incident, str], Incident], thanks: str
) -> HttpResponse:
    """Do what needs a reason; a refusal keeps what was typed."""
    incident = queries.get(here(request.actor), number)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            outcome = act(incident, form.cleaned_data["reason"])
        except Refusal as refused:
            refuse(form, refused)
        else:
            toast(request, thanks)
            return redirect(request, "portal:case", number=outcome.number)
    return _case_page(request, incident, 422, reason_form=form)
