"""The way in and the way out."""

from typing import Any

from allauth.account import views as allauth
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import SIGNED_IN, door, open_to_everyone
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.forms import FirstAdministratorForm
from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.accounts.queries import one_time_token
from mainstay.kernel.accounts.views.drawn import drawn
from mainstay.kernel.accounts.views.providers import providers_for
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.web.pages import problem, redirect, render


class SignOut(allauth.LogoutView):
    """Ends the session, and has the browser forget what pages stored."""

    def post(self, *arguments: Any, **values: Any) -> HttpResponse:
        response: HttpResponse = super().post(*arguments, **values)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response


sign_in = open_to_everyone("whoever signs in is not signed in yet")(
    drawn(allauth.LoginView, extra_context={"providers_for": providers_for})
)
sign_out = open_to_everyone("signing out twice is no mistake")(drawn(SignOut))
confirm_password = door(SIGNED_IN)(drawn(allauth.ReauthenticateView))
change_password = door(SIGNED_IN)(drawn(allauth.PasswordChangeView))
set_first_password = door(SIGNED_IN)(drawn(allauth.PasswordSetView))


@open_to_everyone("the token in the address is the right to it")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def first_administrator(request: HttpRequest, token: str) -> HttpResponse:
    """Let the holder of the token printed at the first start become the first administrator."""
    one_time_token(OneTimeToken.Purpose.FIRST_ADMINISTRATOR, token)
    form = FirstAdministratorForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.create_first_administrator(token, **form.cleaned_data)
        except Invalid as refused:
            for field, message in refused.errors.items():
                form.add_error(field if field in form.fields else None, message)
        else:
            login(request, person)
            return redirect(request, "/")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/first_administrator.html", {"form": form}, status=status)


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 429: somebody tries too often. Named by `handler429`."""
    return problem(
        request,
        429,
        _("That was too often"),
        _("For safety there is a limit. Wait a few minutes, then try again."),
    )
