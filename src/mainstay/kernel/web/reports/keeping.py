"""Keeping a report under a name, and having it mailed."""

from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.reports.actions import CAPABILITY, remove_report, save_report
from mainstay.kernel.reports.models import Every, Form
from mainstay.kernel.reports.queries.asking import understand
from mainstay.kernel.reports.queries.keeping import kept_by
from mainstay.kernel.web.pages import redirect, toast
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.kernel.web.reports.views import zone


class KeepingForm(forms.Form):
    """A name for a report, and when it is mailed."""

    name = forms.CharField(label=_("Name"), max_length=100)
    every = forms.ChoiceField(
        label=_("Send it to me by mail"),
        choices=Every.choices,
        required=False,
        help_text=_("At six in the morning of your time zone, counting what you see then."),
    )
    form = forms.ChoiceField(label=_("Attached as"), choices=Form.choices)


@door(CAPABILITY)
@require_http_methods(["GET", "POST"])
def save(request: ActingRequest, report: str) -> HttpResponse:
    """Keep the report that the address describes."""
    asked = understand(request.actor, report, request.GET, zone())
    query = asked.address().removeprefix("?")
    form = KeepingForm(request.POST if request.method == "POST" else None, initial={"name": asked.report.label})
    if form.is_valid():
        try:
            save_report(by=request.actor, report=report, query=query, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _now("The report is saved."))
            return redirect(request, f"{reverse('reports:show', kwargs={'report': report})}?{query}")
    address = f"{reverse('reports:save', kwargs={'report': report})}?{query}"
    context = {"form": form, "title": _now("Save report"), "address": address}
    return in_dialog(request, "web/records/_form.html", context, 422 if form.is_bound else 200)


@door(CAPABILITY)
@require_POST
def remove(request: ActingRequest, uuid: UUID) -> HttpResponse:
    """Forget a report of one's own."""
    found = kept_by(request.actor).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    remove_report(found, by=request.actor)
    toast(request, _now("The report is removed."))
    return redirect(request, "reports:overview")
