"""The settings of the product, all on one page."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.access.queries import governs
from mainstay.kernel.administration.forms import SettingsForm
from mainstay.kernel.practice.configuration import fingerprint, kinds
from mainstay.kernel.web.pages import redirect, render, toast

CAPABILITY = "configuration.manage"


@door(CAPABILITY)
@require_http_methods(["GET", "POST"])
def edit(request: ActingRequest) -> HttpResponse:
    """Show every setting; set those that were changed."""
    if not governs(request.actor, CAPABILITY):
        raise Http404
    form = SettingsForm(request.POST if request.method == "POST" else None)
    seen = fingerprint(kinds()["settings"].read())
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and request.POST.get("seen") != seen:
            form.refuse({"": _("Somebody else has changed settings in the meantime. Compare, then save again.")})
            status = 409
        elif form.is_valid():
            with transaction.atomic():
                for key, value in form.values.items():
                    change_setting(by=request.actor, key=key, value=value)
            toast(request, _("Saved."))
            return redirect(request, "administration:settings")
    return render(request, "administration/settings.html", {"form": form, "seen": seen}, status=status)
