"""The tokens with which a person's programs use the API."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mainstay.kernel.access.actions import create_token, revoke_token
from mainstay.kernel.access.doors import SIGNED_IN, ActingRequest, door
from mainstay.kernel.access.registry import capabilities
from mainstay.kernel.accounts import queries
from mainstay.kernel.accounts.forms import TokenForm
from mainstay.kernel.web.pages import redirect, render, toast


@door(SIGNED_IN)
@require_http_methods(["GET", "POST"])
def overview(request: ActingRequest) -> HttpResponse:
    """List the tokens, and make one; its text is shown on this answer and never again."""
    person = request.actor.person
    assert person is not None
    held = {name: label for name, label in capabilities().items() if request.actor.holds(name)}
    choices = [(name, _("%(label)s (%(name)s)") % {"label": label, "name": name}) for name, label in held.items()]
    form, text = TokenForm(request.POST or None, choices=choices), ""
    if form.is_valid():
        _token, text = create_token(person, by=request.actor, **form.cleaned_data)
        form = TokenForm(choices=choices)
    context = {"form": form, "text": text, "tokens": queries.tokens_of(person)}
    return render(request, "accounts/tokens.html", context, status=422 if form.is_bound else 200)


@door(SIGNED_IN)
@require_POST
def revoke(request: ActingRequest, token: UUID) -> HttpResponse:
    """End one of the actor's own tokens."""
    assert request.actor.person is not None
    revoke_token(queries.token_of(request.actor.person, token), by=request.actor)
    toast(request, _("The token no longer works."))
    return redirect(request, "profile:tokens")
