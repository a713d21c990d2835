"""When somebody is away, and who stands in for them: each says so themselves."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.accounts.forms import AbsenceForm
from mainstay.kernel.people.actions import end_leave, take_leave
from mainstay.kernel.people.queries import absences_of, colleagues_of
from mainstay.kernel.practice.errors import Refusal
from mainstay.kernel.web.pages import redirect, render, toast
from mainstay.kernel.web.records.forms import refuse


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def overview(request: ActingRequest) -> HttpResponse:
    """List when the actor is or will be away, and take down one more."""
    person = request.actor.person
    assert person is not None
    form = AbsenceForm(colleagues_of(person), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            take_leave(person, by=request.actor, **form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            toast(request, _("Saved."))
            return redirect(request, "profile:absences")
    context = {"form": form, "absences": absences_of(person)}
    return render(request, "accounts/absences.html", context, status=422 if form.is_bound else 200)


@door(SIGNED_IN)
@require_POST
def end(request: ActingRequest, absence: UUID) -> HttpResponse:
    """Let the actor be back now, or call off what has not begun."""
    assert request.actor.person is not None
    found = absences_of(request.actor.person).filter(uuid=absence).first()
    if found is None:
        raise Http404
    end_leave(found, by=request.actor)
    toast(request, _("The absence is ended."))
    return redirect(request, "profile:absences")
