"""Authenticator apps, recovery codes and passkeys: django-allauth's ceremonies, our pages."""

from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn

from mainstay.kernel.access.doors import SIGNED_IN, door, open_to_everyone
from mainstay.kernel.accounts.views.drawn import drawn

overview = door(SIGNED_IN)(drawn(base.IndexView))
authenticate = open_to_everyone("whoever signs in is half signed in here")(drawn(base.AuthenticateView))
confirm = door(SIGNED_IN)(drawn(base.ReauthenticateView))

set_up_app = door(SIGNED_IN)(drawn(totp.ActivateTOTPView))
remove_app = door(SIGNED_IN)(drawn(totp.DeactivateTOTPView))

show_codes = door(SIGNED_IN)(drawn(recovery_codes.ViewRecoveryCodesView))
make_codes = door(SIGNED_IN)(drawn(recovery_codes.GenerateRecoveryCodesView))

sign_in_by_passkey = open_to_everyone("a passkey alone signs somebody in")(drawn(webauthn.LoginWebAuthnView))
confirm_by_passkey = door(SIGNED_IN)(drawn(webauthn.ReauthenticateWebAuthnView))
add_passkey = door(SIGNED_IN)(drawn(webauthn.AddWebAuthnView))
remove_passkey = door(SIGNED_IN)(drawn(webauthn.RemoveWebAuthnView, success_url="/profile/second-factor/"))
