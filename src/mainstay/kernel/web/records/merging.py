"""Merging a record of any kind into another in the console, and taking that back."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from mainstay.kernel.access.doors import ActingRequest
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records import actions
from mainstay.kernel.records.addresses import address_of
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find
from mainstay.kernel.web.pages import redirect, toast
from mainstay.kernel.web.records.forms import MergeForm
from mainstay.kernel.web.records.pages import Pages, in_dialog


def merge(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Let a record go on as part of another, by its number, and show that one."""
    record = pages.find(request.actor, number)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            into = find(request.actor, form.cleaned_data["number"].strip())
            actions.merge(record, into, by=request.actor)
        except Refusal as refusal:
            form.add_error("number", refusal.message)
        else:
            undo = pages.at(record.number, "unmerge")
            toast(request, _("It goes on as part of %(number)s.") % {"number": into.number}, undo=undo)
            return redirect(request, address_of(request.actor, into))
    context = {"form": form, "title": _("Merge into another"), "address": pages.at(record.number, "merge")}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


def unmerge(pages: Pages, request: ActingRequest, number: str) -> HttpResponse:
    """Let a merged record go on by itself again, and show it."""
    record = Record.objects.select_related("merged_into").filter(number=number.upper(), kind=pages.kind).first()
    if record is None or not request.actor.can(f"{record.kind}.read_internal", record):
        raise Http404
    try:
        actions.unmerge(record, by=request.actor)
    except Refusal as refusal:
        toast(request, refusal.message, "error")
    else:
        toast(request, _("%(number)s goes on by itself again.") % {"number": record.number})
    return redirect(request, "records:record", number=record.number)
