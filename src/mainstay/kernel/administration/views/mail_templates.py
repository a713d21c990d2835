"""Trying a mail text with a real case, before anybody gets such a mail."""

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.administration.forms import ExactForm
from mainstay.kernel.administration.queries import CONFIGURATION, may_enter
from mainstay.kernel.administration.wording import title_of
from mainstay.kernel.mail.letters import content, plain
from mainstay.kernel.mail.models import MailTemplate
from mainstay.kernel.mail.queries import example_of
from mainstay.kernel.practice.configuration import kinds
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.web.pages import render


class CaseForm(ExactForm):
    """The case that a text is tried with."""

    number = forms.CharField(label=gettext_lazy("Number of a case"), max_length=20)


@door(CONFIGURATION)
@require_GET
def preview(request: ActingRequest, key: str) -> HttpResponse:
    """Show what the mail would say about a case that the administrator may see, and holding no more than that."""
    template = MailTemplate.objects.filter(slug=key).first()
    if template is None or not may_enter(request.actor, kinds()["mail-templates"]):
        raise Http404
    form = CaseForm(request.GET if "number" in request.GET else None)
    kind = kinds()["mail-templates"]
    context: dict[str, Any] = {"template": template, "form": form, "title": title_of(kind, key, kind.read()[key])}
    if form.is_bound and form.is_valid():
        try:
            context |= _tried(request, template, form.cleaned_data["number"])
        except Missing:
            form.refuse({"number": _("There is no such case, or you may not see it.")})
        except Invalid as refused:
            form.refuse(refused.errors)
    status = 422 if form.errors else 200
    return render(request, "administration/mail_preview.html", context, status=status)


def _tried(request: ActingRequest, template: MailTemplate, number: str) -> dict[str, Any]:
    occasion, reader = example_of(request.actor, template, number)
    with translation.override(template.language):
        said = content(request.actor, reader, occasion, template)
        text = plain(said, occasion.record)
    return {"said": said, "text": text, "reader": reader, "happened": occasion.event is not None}
