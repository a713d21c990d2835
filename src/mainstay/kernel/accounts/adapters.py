"""Where django-allauth asks how this product does things."""

import base64
import hmac
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.accounts import actions
from mainstay.kernel.people.engine.secret import digest
from mainstay.kernel.people.models import Person
from mainstay.kernel.web.pages import problem, safe_target

MESSAGES = {
    "account/messages/password_changed.txt": _("Your password is changed. Every other session was signed out."),
    "account/messages/password_set.txt": _("Your password is set."),
    "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app is removed."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new recovery codes; the old ones no longer work."),
    "mfa/messages/webauthn_added.txt": _("The passkey is added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey is removed."),
    "usersessions/messages/sessions_logged_out.txt": _("Those sessions are signed out."),
    "socialaccount/messages/account_connected.txt": _("The account is connected."),
    "socialaccount/messages/account_disconnected.txt": _("The account is disconnected."),
}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators; whoever may not sign in hears the same words as a stranger."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right. Check both and try again."),
        "incorrect_password": _("That is not your password. Try again."),
        "enter_current_password": _("That is not your password. Try again."),
        "incorrect_code": _("That code is not right, or its time has passed. Use the newest one."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Person | None:
        """Return the person whose password it is, if they may sign in; a deactivated one is as unknown."""
        person: Person | None = super().authenticate(request, **credentials)
        if person is not None and not person.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        actions.note_failed_sign_in(email=credentials.get("email", ""))

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Ask for the password again, under the same limits as signing in."""
        person = self.authenticate(self.request, email=user.email or "", password=password)
        return person is not None and person.pk == user.pk

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        """Stop somebody whom another system signed in, or a passkey, but who may not come in here."""
        title, advice = gettext("This account may not sign in"), gettext("Ask your administrator about it.")
        return problem(request, 403, title, advice, action=(gettext("Back to signing in"), reverse("account_login")))

    def set_password(self, user: Person, password: str) -> None:
        actions.set_password(user, by=actor_for(user, door="page"), password=password)

    def is_safe_url(self, url: str) -> bool:
        """Follow `next=` to this site only, whatever other hosts the settings name."""
        return safe_target(self.request, url, "") == url

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say it in our words, or not at all: signing in and out is seen without being told."""
        if words := message or MESSAGES.get(message_template or ""):
            messages.add_message(request, level, str(words))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keys of authenticator apps are kept encrypted, under a key made from the instance's secret."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"]
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"second factor", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Whom another system signs in. An account is known by issuer and subject alone, never by its e-mail address."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        account, app = sociallogin.account, sociallogin.provider.app
        token = account.extra_data.get("id_token") or {}
        issuer = token.get("iss") or app.settings["issuer"]
        account.uid = digest(f"{issuer}\n{account.uid}")  # one subject of two issuers is two people
        person: Person = sociallogin.user
        person.email = data.get("email") or None
        person.name = _name_in(data)
        return person

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Let the first visit make a requester where the provider was configured so; else explain and stop."""
        if not sociallogin.provider.app.settings["create_people"]:
            raise self._refused(request, _("Ask your administrator, or sign in otherwise and connect it."))
        address = sociallogin.user.email
        verified = [known.email for known in sociallogin.email_addresses if known.verified]
        if not address or address not in verified:
            raise self._refused(request, _("It names no e-mail address that was verified. Ask your administrator."))
        if Person.objects.filter(email__iexact=address).exists():
            raise self._refused(
                request,
                _("Somebody has its e-mail address already. If it is you, sign in and connect it in your profile."),
            )
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Person:
        app = sociallogin.provider.app
        person = actions.create_requester(
            name=sociallogin.user.name, email=sociallogin.user.email, organisation=app.settings["organisation"]
        )
        sociallogin.email_addresses = []
        sociallogin.connect(request, person)
        return person

    def on_authentication_error(self, request: HttpRequest, provider: Any, **details: Any) -> None:
        raise self._refused(request, _("The other system did not confirm who you are. Try again."), 401)

    def _refused(self, request: HttpRequest, advice: Any, status: int = 403) -> ImmediateHttpResponse:
        title = gettext("This account did not sign you in")
        action = (gettext("Back to signing in"), reverse("account_login"))
        return ImmediateHttpResponse(problem(request, status, title, str(advice), action=action))


def _name_in(data: dict[str, Any]) -> str:
    parts = [data.get("first_name") or "", data.get("last_name") or ""]
    return str(data.get("name") or " ".join(filter(None, parts)) or data.get("email") or "")[:200]
