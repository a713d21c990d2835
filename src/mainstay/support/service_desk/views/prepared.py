"""Canned answers and macros beside a case of any kind, and macros for many cases at once."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.practice.errors import Invalid, NotPossible, Refusal
from mainstay.kernel.web.records.pages import done, in_dialog, pages_of
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Macro
from mainstay.support.service_desk.queries.macros import Plan, plan
from mainstay.support.service_desk.queries.prepared import answers_for, case_for_work, macro_for, macros_of

#: The most cases handled at once: what a person can look through.
MOST = 200


@door(SIGNED_IN)
@require_GET
def answers(request: ActingRequest, number: str) -> HttpResponse:
    """Offer the canned answers that fit, as they would read."""
    case, asked = case_for_work(request.actor, number), request.GET.get("q", "")[:100]
    found = answers_for(request.actor, case, asked)
    context = {"record": case, "found": found, "asked": asked, "title": _("Canned answers")}
    return in_dialog(request, "service_desk/_answers.html", context)


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def macro(request: ActingRequest, number: str, key: str) -> HttpResponse:
    """Show what a macro would do to a case; when confirmed, do it."""
    case = case_for_work(request.actor, number)
    found = macro_for(request.actor, case, key)
    if request.method == "GET":
        return _ask(request, case, found)
    try:
        actions.apply_macro(found, case, by=request.actor, version=_version(request, case))
    except (NotPossible, Invalid) as refusal:
        return _ask(request, case_for_work(request.actor, number), found, refusal.message)
    return done(pages_of(case.kind), request, case.number, _("%(label)s: done.") % {"label": found.name})


def _version(request: ActingRequest, case: Any) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and given.isascii() else case.version


def _ask(request: ActingRequest, case: Any, found: Macro, problem: str = "") -> HttpResponse:
    planned = plan(found, case, request.actor)
    context = {"record": case, "macro": found, "plan": planned, "title": found.name, "problem": problem}
    return in_dialog(request, "service_desk/_macro.html", context, 422 if problem else 200)


@door("incident.read_internal")
@require_POST
def macros_on_many(request: ActingRequest) -> HttpResponse:
    """Offer the macros for the selected cases; show what the chosen one would do; when confirmed, do it and report."""
    cases = _selected(request)
    kinds = sorted({case.kind for case in cases})
    offered = [macro for kind in kinds for macro in macros_of(request.actor, kind)]
    chosen = next((macro for macro in offered if macro.slug == request.POST.get("macro")), None)
    context: dict[str, Any] = {
        "cases": cases,
        "offered": offered,
        "macro": chosen,
        "title": chosen.name if chosen else _("Macro"),
    }
    if chosen is None:
        return in_dialog(request, "service_desk/_macros_on_many.html", context)
    confirmed = "confirmed" in request.POST
    outcomes = [(case, _outcome(request.actor, case, chosen, confirmed)) for case in cases]
    context |= {
        "confirmed": confirmed,
        "changed": [(case, planned) for case, (planned, refusal) in outcomes if not refusal],
        "refused": [(case, refusal) for case, (planned, refusal) in outcomes if refusal],
    }
    return in_dialog(request, "service_desk/_macros_on_many.html", context)


def _selected(request: ActingRequest) -> list[Any]:
    numbers = list(dict.fromkeys(request.POST.getlist("selected")))
    if not 0 < len(numbers) <= MOST:
        raise Invalid({"selected": _("Select 1 to %(number)d cases.") % {"number": MOST}})
    return [case_for_work(request.actor, number) for number in numbers]


def _outcome(actor: Actor, case: Any, chosen: Macro, confirmed: bool) -> tuple[Plan | None, str]:
    """Return the plan, or what refuses it; once confirmed it is done, each case in its own transaction."""
    try:
        fitting = macro_for(actor, case, chosen.slug)
        planned = plan(fitting, case, actor)
        if confirmed and not planned.refusals:
            actions.apply_macro(fitting, case, by=actor)
    except Refusal as refusal:
        return None, refusal.message
    return planned, " ".join(planned.refusals)
