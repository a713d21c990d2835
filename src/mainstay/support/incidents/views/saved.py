"""Lists kept under a name."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import ActingRequest, door
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.records.actions.view import remove_view, save_view
from mainstay.kernel.records.lists import read
from mainstay.kernel.records.surroundings import views_of
from mainstay.kernel.web.pages import redirect, toast
from mainstay.kernel.web.records.forms import refuse
from mainstay.kernel.web.records.pages import in_dialog
from mainstay.support.incidents import queries
from mainstay.support.incidents.forms import ViewForm
from mainstay.support.incidents.views.pages import CONSOLE


@door(CONSOLE)
@require_http_methods(["GET", "POST"])
def save(request: ActingRequest) -> HttpResponse:
    """Keep the list that the address describes; its place in the pages is not kept."""
    query = read(request.actor, queries.KIND, request.GET).address().removeprefix("?")
    form = ViewForm(request.actor, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            save_view(by=request.actor, kind=queries.KIND, query=query, **form.owner())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _("The view is saved."))
            return redirect(request, f"{reverse('incidents:queue')}?{query}")
    context = {
        "form": form,
        "title": _("Save view"),
        "address": f"{reverse('incidents:save_view')}?{query}",
        "views": views_of(request.actor, queries.KIND),
    }
    return in_dialog(request, "incidents/_views.html", context, 422 if form.is_bound else 200)


@door(CONSOLE)
@require_POST
def remove(request: ActingRequest, view: UUID) -> HttpResponse:
    """Forget a view."""
    found = [each for each in views_of(request.actor, queries.KIND) if each.uuid == view]
    if not found:
        raise Http404
    remove_view(found[0], by=request.actor)
    toast(request, _("The view is removed."))
    return redirect(request, "incidents:queue")
