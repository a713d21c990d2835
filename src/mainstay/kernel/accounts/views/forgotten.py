"""A new password for whoever forgot theirs: asked for by address, chosen with a link that is mailed there."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mainstay.kernel.access.doors import open_to_everyone
from mainstay.kernel.accounts import actions
from mainstay.kernel.accounts.forms import ChosenPasswordForm, ForgottenPasswordForm
from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.accounts.queries import one_time_token
from mainstay.kernel.mail.queries import is_configured
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.web.pages import no_store, problem, redirect, render, toast


@open_to_everyone("whoever forgot their password cannot sign in")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take the address of somebody who forgot their password; the answer is the same whoever has it, if anybody."""
    form = ForgottenPasswordForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "sends_mail": is_configured(), "asked": False}
    if not form.is_valid():
        return render(request, "accounts/forgotten.html", context, status=422 if form.is_bound else 200)
    email = form.cleaned_data["email"]
    if not ratelimit.consume(request, action="reset_password", key=email.lower()):
        refused: HttpResponse = ratelimit.respond_429(request)
        return refused
    actions.ask_for_new_password(email=email)
    return render(request, "accounts/forgotten.html", {**context, "asked": True})


@open_to_everyone("the token in the address is the right to it")
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "token")
def choose(request: HttpRequest) -> HttpResponse:
    """Let the holder of a mailed link choose a new password, and then sign in with it.

    The token stands behind the question mark, for logs name the addresses that were refused without what follows it.
    """
    text = request.POST.get("token") or request.GET.get("token", "")
    try:
        token = one_time_token(OneTimeToken.Purpose.NEW_PASSWORD, text)
        form = ChosenPasswordForm(
            token.person, request.POST if request.method == "POST" else None, initial={"token": text}
        )
        if form.is_valid():
            actions.choose_password(text, password=form.cleaned_data["password"])
            toast(request, _("Your password is changed. Sign in with it."))
            return redirect(request, "account_login")
    except Missing as refused:
        again = (_("Ask for a new link"), reverse("forgotten_password"))
        return problem(request, 404, _("This link no longer works"), refused.message, action=again)
    answer = render(request, "accounts/new_password.html", {"form": form}, status=422 if form.is_bound else 200)
    no_store(answer)
    return answer
