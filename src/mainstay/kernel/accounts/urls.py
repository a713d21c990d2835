"""Paths of accounts. Names without a prefix are those by which django-allauth finds its own pages."""

from django.urls import URLPattern, URLResolver, include, path

from mainstay.kernel.accounts.views import (
    absence,
    entrance,
    forgotten,
    profile,
    providers,
    second_factor,
    sessions,
    tokens,
)

PROFILE = [
    path("", profile.overview, name="overview"),
    path("sessions/", sessions.overview, name="sessions"),
    path("sessions/<int:session>/end/", sessions.end, name="end_session"),
    path("sessions/end-others/", sessions.end_others, name="end_other_sessions"),
    path("absences/", absence.overview, name="absences"),
    path("absences/<uuid:absence>/end/", absence.end, name="end_absence"),
    path("tokens/", tokens.overview, name="tokens"),
    path("tokens/<uuid:token>/revoke/", tokens.revoke, name="revoke_token"),
]
SECOND_FACTOR = [
    path("", second_factor.overview, name="mfa_index"),
    path("app/", second_factor.set_up_app, name="mfa_activate_totp"),
    path("app/remove/", second_factor.remove_app, name="mfa_deactivate_totp"),
    path("codes/", second_factor.show_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", second_factor.make_codes, name="mfa_generate_recovery_codes"),
    path("passkeys/add/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", second_factor.remove_passkey, name="mfa_remove_webauthn"),
]
PROVIDERS = [
    path("oidc/<slug:provider_id>/login/", providers.openid_connect, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", providers.openid_connect_answer, name="openid_connect_callback"),
    path("saml/<slug:organization_slug>/login/", providers.saml, name="saml_login"),
    path("saml/<slug:organization_slug>/acs/", providers.saml_answer, name="saml_acs"),
    path("saml/<slug:organization_slug>/acs/finish/", providers.saml_finish, name="saml_finish_acs"),
    path("saml/<slug:organization_slug>/sls/", providers.saml_end, name="saml_sls"),
    path("saml/<slug:organization_slug>/metadata/", providers.saml_metadata, name="saml_metadata"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/sign-in/", entrance.sign_in, name="account_login"),
    path("accounts/sign-in/second-factor/", second_factor.authenticate, name="mfa_authenticate"),
    path("accounts/sign-in/passkey/", second_factor.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("accounts/sign-out/", entrance.sign_out, name="account_logout"),
    path("accounts/confirm/", entrance.confirm_password, name="account_reauthenticate"),
    path("accounts/confirm/code/", second_factor.confirm, name="mfa_reauthenticate"),
    path("accounts/confirm/passkey/", second_factor.confirm_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("accounts/forgotten-password/", forgotten.ask, name="forgotten_password"),
    path("accounts/new-password/", forgotten.choose, name="new_password"),
    path("accounts/first-administrator/<str:token>/", entrance.first_administrator, name="first_administrator"),
    path("profile/password/", entrance.change_password, name="account_change_password"),
    path("profile/password/first/", entrance.set_first_password, name="account_set_password"),
    path("accounts/", include(PROVIDERS)),
    path("profile/connections/", providers.connections, name="socialaccount_connections"),
    path("profile/second-factor/", include(SECOND_FACTOR)),
    path("profile/", include((PROFILE, "profile"))),
]
