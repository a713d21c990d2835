"""Making a case of its own of some of what was said on another."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records.addresses import address_of
from mainstay.kernel.records.queries import comments_for, require
from mainstay.kernel.web.pages import redirect, toast
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.kernel.web.templating import url
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.forms.splitting import SplitForm
from mainstay.support.service_desk.queries.prepared import case_for_work

#: The newest messages, from which one chooses.
MOST = 100


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def split(request: ActingRequest, number: str) -> HttpResponse:
    """Ask which messages go on in a new case, make it, and show it."""
    case = case_for_work(request.actor, number)
    require(request.actor, "merge", case)
    newest = comments_for(request.actor, case).select_related("author").order_by("-written", "-id")[:MOST]
    form = SplitForm(case, list(newest), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.split(case, by=request.actor, **form.values(request.actor))
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            undo = url("service_desk:unsplit", number=case.number, made=made.number)
            toast(request, _("It goes on in %(number)s.") % {"number": made.number}, undo=undo)
            return redirect(request, address_of(request.actor, made))
    address = url("service_desk:split", number=case.number)
    context = {"form": form, "title": _("Split off a new case"), "address": address}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


@door(SIGNED_IN)
@require_POST
def unsplit(request: ActingRequest, number: str, made: str) -> HttpResponse:
    """Take a split back, and show the case that it was taken from."""
    case, other = case_for_work(request.actor, number), case_for_work(request.actor, made)
    require(request.actor, "merge", case)
    try:
        actions.unsplit(case, other, by=request.actor)
    except Refusal as refusal:
        toast(request, refusal.message, "error")
    else:
        toast(request, _("%(number)s is cancelled; all goes on here again.") % {"number": other.number})
    return redirect(request, address_of(request.actor, case))
