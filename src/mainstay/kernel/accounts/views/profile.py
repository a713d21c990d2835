"""What people see and change about themselves."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.forms import ProfileForm
from mainstay.kernel.people.models import Person
from mainstay.kernel.web.pages import redirect, render, toast


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def overview(request: ActingRequest) -> HttpResponse:
    """Show the account with its choices, and save them."""
    person = request.actor.person
    assert person is not None
    form = ProfileForm(request.POST or None, initial=_choices(person))
    if not form.is_valid():
        return render(request, "accounts/profile.html", {"form": form}, status=422 if form.is_bound else 200)
    actions.edit_profile(by=request.actor, **form.cleaned_data)
    with translation.override(form.cleaned_data["language"]):
        toast(request, _("Saved."))
    return redirect(request, "profile:overview")


def _choices(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "language": person.language,
        "zone": person.zone,
        "theme": person.preferences.get("theme", "auto"),
        "shortcuts": person.preferences.get("shortcuts", "on"),
    }
