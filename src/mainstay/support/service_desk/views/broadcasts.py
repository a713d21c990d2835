"""Writing one message to many cases: to whom it goes, and how far it is."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find_internal
from mainstay.kernel.web.pages import redirect, render
from mainstay.kernel.web.records.forms import refuse, text
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries import broadcasts
from mainstay.support.service_desk.views.pages import CONSOLE


class BroadcastForm(forms.Form):
    """The message."""

    body = text(_("Message to the callers"), rows=6, help_text=_("Each caller is told once."))


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    """Show to which cases a message would go, those of a parent or of a list, and let it go to those chosen."""
    parent, cases = _found(request)
    form = BroadcastForm(request.POST if request.method == "POST" else None)
    wanted = set(request.POST.getlist("cases")) if form.is_bound else {case.number for case in cases}
    if form.is_valid():
        chosen = [case for case in cases if case.number in wanted]
        try:
            row = actions.broadcast(by=request.actor, body=form.cleaned_data["body"], cases=chosen, parent=parent)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return redirect(request, "service_desk:broadcast", broadcast=row.uuid)
    context = {
        "form": form,
        "parent": parent,
        "cases": cases[: broadcasts.MOST],
        "wanted": wanted,
        "people": len({case.requester_id for case in cases if case.requester_id}),
        "too_many": len(cases) > broadcasts.MOST,
        "most": broadcasts.MOST,
    }
    return render(request, "service_desk/broadcast_new.html", context, status=422 if form.is_bound else 200)


def _found(request: ActingRequest) -> tuple[Record | None, list[Record]]:
    """Return the parent that the address names, if it does, and the cases that a message may go to."""
    if number := request.GET.get("parent"):
        parent = find_internal(request.actor, number)
        return parent, broadcasts.children(request.actor, parent)
    return None, broadcasts.listed(request.actor, request.GET)


@door(CONSOLE)
@require_GET
def show(request: ActingRequest, broadcast: UUID) -> HttpResponse:
    """Show a message and what became of it at each case."""
    row = broadcasts.broadcast(request.actor, broadcast)
    context = {
        "broadcast": row,
        "parent": row.parent if row.parent and request.actor.can(f"{row.parent.kind}.read", row.parent) else None,
        "targets": broadcasts.targets(request.actor, row),
        "progress": broadcasts.progress(request.actor, row),
    }
    return render(request, "service_desk/broadcast.html", context, fragment="service_desk/_broadcast.html")
