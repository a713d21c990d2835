"""Paths of accounts. Names without a prefix are those by which django-allauth finds its own pages."""

from django.urls import URLPattern, URLResolver, include, path

from mainstay.kernel.accounts.views import entrance, profile

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/sign-in/", entrance.sign_in, name="account_login"),
    path("accounts/sign-out/", entrance.sign_out, name="account_logout"),
    path("accounts/confirm/", entrance.confirm_password, name="account_reauthenticate"),
    path("accounts/first-administrator/<str:token>/", entrance.first_administrator, name="first_administrator"),
    path("profile/password/", entrance.change_password, name="account_change_password"),
    path("profile/password/first/", entrance.set_first_password, name="account_set_password"),
    path("profile/", include(([path("", profile.overview, name="overview")], "profile"))),
]
