"""Checklists and runbooks beside a case of any kind."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.queries import require
from mainstay.kernel.web.records.pages import done, in_dialog, pages_of
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.guiding import checklist_for, checklists_for, run_of, runbook_for
from mainstay.support.service_desk.queries.prepared import case_for_work


class ChecklistForm(forms.Form):
    """One of the checklists that a case does not have yet."""

    checklist = forms.ChoiceField(label=_("Checklist"))

    def __init__(self, offered: list[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["checklist"] = forms.ChoiceField(label=_("Checklist"), choices=offered)


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def add_checklist(request: ActingRequest, number: str) -> HttpResponse:
    """Give the case the tasks of a checklist."""
    case = case_for_work(request.actor, number)
    require(request.actor, "task", case)
    offered = [(each.slug, each.name) for each in checklists_for(case)]
    form = ChecklistForm(offered, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.attach_checklist(checklist_for(case, form.cleaned_data["checklist"]), case, by=request.actor)
        return done(pages_of(case.kind), request, case.number)
    address = reverse("service_desk:add_checklist", kwargs={"number": case.number})
    context = {"form": form, "title": _("Add a checklist"), "address": address}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


@door(SIGNED_IN)
@require_POST
def start_runbook(request: ActingRequest, number: str, key: str) -> HttpResponse:
    """Begin to follow a runbook."""
    case = case_for_work(request.actor, number)
    actions.start_runbook(runbook_for(case, key), case, by=request.actor)
    return done(pages_of(case.kind), request, case.number)


@door(SIGNED_IN)
@require_POST
def answer_runbook(request: ActingRequest, number: str, run: UUID) -> HttpResponse:
    """Answer the question that a run has come to, or take the last answer back."""
    case = case_for_work(request.actor, number)
    found, step, answer = run_of(case, run), _place(request, "step"), _place(request, "answer")
    try:
        if answer is None:
            actions.go_back_in_runbook(found, case, by=request.actor, step=step or 0)
        else:
            actions.answer_runbook(found, case, by=request.actor, step=step or 0, answer=answer)
    except (NotPossible, Invalid) as refusal:
        return done(pages_of(case.kind), request, case.number, refusal.message, kind="error")
    return done(pages_of(case.kind), request, case.number)


def _place(request: ActingRequest, name: str) -> int | None:
    given = request.POST.get(name, "")
    return int(given) if given.isdecimal() and given.isascii() and len(given) < 6 else None
