"""Promising the requester when they hear next."""

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import Pages, done, in_dialog


class PromiseForm(forms.Form):
    """By when the requester hears next."""

    next_update = forms.DateTimeField(
        label=gettext_lazy("The caller hears from us by"),
        help_text=gettext_lazy("The caller reads it on the page of the case. Empty promises nothing."),
        required=False,
    )


def promise(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Ask by when the caller hears next, and promise it."""
    record = pages.find(request.actor, number)
    form = PromiseForm(request.POST if request.method == "POST" else None, initial={"next_update": record.next_update})
    if form.is_valid():
        try:
            actions.promise(record, by=request.actor, at=form.cleaned_data["next_update"])
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(pages, request, number)
    context = {"form": form, "title": _("Promise news"), "address": pages.at(number, "promise")}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)
