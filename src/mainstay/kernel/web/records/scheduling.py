"""Writing a reply in the console that is sent later."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.records.queries import waiting_reply
from mainstay.kernel.web.queries import draft_of
from mainstay.kernel.web.records.forms import refuse, text
from mainstay.kernel.web.records.pages import Pages, done, in_dialog


class ReplyForm(forms.Form):
    """What is sent, and when."""

    body = text(gettext_lazy("Reply to the caller"), rows=6)
    at = forms.DateTimeField(label=gettext_lazy("Send it at"))
    even_if_answered = forms.BooleanField(
        label=gettext_lazy("Even if somebody else or the caller has written by then"), required=False
    )


def schedule(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Ask for a reply and when it is sent, beginning with what was being written; keep it."""
    record = pages.find(request.actor, number)
    begun = {"body": draft_of(request.actor, f"{record.number}/comment")}
    form = ReplyForm(request.POST if request.method == "POST" else None, initial=begun)
    if form.is_valid():
        try:
            actions.schedule_reply(record, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(pages, request, number, _("It is sent later."))
    return _ask(request, form, _("Send a reply later"), pages.at(number, "schedule"))


def change(pages: Pages, request: ActingRequest, number: str, reply: UUID) -> HttpResponse:
    """Change a reply that still waits."""
    found = waiting_reply(pages.find(request.actor, number), reply)
    shown = {name: getattr(found, name) for name in ("body", "at", "even_if_answered")}
    form = ReplyForm(request.POST if request.method == "POST" else None, initial=shown)
    if form.is_valid():
        try:
            actions.change_reply(found, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return done(pages, request, number, _("Saved."))
    return _ask(request, form, _("Change"), pages.at(number, "change_reply", reply=reply))


def take_back(pages: Pages, request: ActingRequest, number: str, reply: UUID) -> HttpResponse:
    """Let a reply not be sent."""
    found = waiting_reply(pages.find(request.actor, number), reply)
    try:
        actions.take_back_reply(found, by=request.actor)
    except Refusal as refusal:
        return done(pages, request, number, refusal.message, kind="error")
    return done(pages, request, number, _("It is not sent."))


def _ask(request: ActingRequest, form: forms.Form, title: str, address: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "address": address}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)
