"""The phone log: who calls, what they have with us, what they say now, and what is done about it at once."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records.addresses import address_of
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.records.absences import words_about
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import state_of
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.forms.console import CallForm
from mainstay.support.service_desk.queries import desk
from mainstay.support.service_desk.views.pages import CONSOLE


@door(CONSOLE)
@require_GET
def search(request: ActingRequest) -> HttpResponse:
    """Find the caller by name, address, telephone or case number; whoever is meant alone is taken at once."""
    text = request.GET.get("q", "")[:200]
    found = desk.callers(request.actor, text)
    context = {"text": text.strip(), "callers": found}
    return render(request, "service_desk/phone.html", context, fragment="service_desk/_callers.html")


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def call(request: ActingRequest, caller: UUID) -> HttpResponse:
    """Show the caller with their cases, and take down what they say. What is refused comes back as it was typed."""
    person = desk.caller(request.actor, caller)
    form = CallForm(request.actor, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            record = actions.take_call(
                by=request.actor,
                caller=person,
                outcome=request.POST.get("outcome", "take_in"),
                concerned=_concerned(request, form),
                **form.values(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _("%(number)s is taken down.") % {"number": record.number})
            return redirect(request, address_of(request.actor, record))
    return render(
        request, "service_desk/call.html", _context(request, person, form), status=422 if form.is_bound else 200
    )


def _concerned(request: ActingRequest, form: CallForm) -> Person | None:
    text = form.cleaned_data["for_whom"].strip()
    return desk.the_caller(request.actor, text) if text else None


def _context(request: ActingRequest, person: Person, form: CallForm) -> dict[str, Any]:
    going_on, done = desk.cases_of(request.actor, person)
    return {
        "who": person,
        "form": form,
        "going_on": going_on,
        "done": done,
        "state_of": state_of,
        "away": words_about([person.pk]),
    }
