"""Putting a record of any kind aside in the console, and taking it back."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import Pages, done, in_dialog


class SnoozeForm(forms.Form):
    """Until when."""

    until = forms.DateTimeField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy(
            "It leaves My work and comes back then, or as soon as somebody writes. Empty: when somebody writes."
        ),
    )


def snooze(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Ask until when, and put the record aside."""
    record = pages.find(request.actor, number)
    form = SnoozeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.snooze(record, by=request.actor, until=form.cleaned_data["until"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(pages, request, number, _("It is put aside."), undo=pages.at(number, "unsnooze"))
    context = {"form": form, "title": _("Put aside"), "address": pages.at(number, "snooze")}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


def unsnooze(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Take the record back."""
    actions.unsnooze(pages.find(request.actor, number), by=request.actor)
    return done(pages, request, number)
