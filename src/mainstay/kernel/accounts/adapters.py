"""Where django-allauth asks how this product does things."""

import base64
import hmac
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.accounts import actions
from mainstay.kernel.people.models import Person
from mainstay.kernel.web.pages import safe_target

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
        person = super().authenticate(request, **credentials)
        if person is not None and not person.is_active:
            self.authentication_failed(request, **credentials)
            return None
        return person  # type: ignore[no-any-return]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        actions.note_failed_sign_in(email=credentials.get("email", ""))

    def reauthenticate(self, user: Person, password: str) -> bool:
        """Ask for the password again, under the same limits as signing in."""
        person = self.authenticate(self.request, email=user.email or "", password=password)
        return person is not None and person.pk == user.pk

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        raise ValidationError(self.error_messages["email_password_mismatch"])

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
