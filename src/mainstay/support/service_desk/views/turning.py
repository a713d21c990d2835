"""Turning a contact into an incident."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.web.pages import redirect, toast
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.forms.console import TurningForm
from mainstay.support.service_desk.queries import desk
from mainstay.support.service_desk.views.pages import PAGES


@door("contact.convert")
@require_http_methods(["GET", "POST"])
def turn(request: ActingRequest, number: str) -> HttpResponse:
    """Ask for what an incident has beyond a contact, and let the contact go on as one."""
    contact = desk.get_in_console(request.actor, number)
    form = TurningForm(contact, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            incident = actions.turn_into_incident(contact, by=request.actor, **form.values())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _("It goes on as %(number)s.") % {"number": incident.number})
            return redirect(request, "incidents:record", number=incident.number)
    context = {"form": form, "title": _("Turn into an incident"), "address": PAGES.at(contact.number, "turn")}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)
