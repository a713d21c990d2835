"""Signing in by another system, with OpenID Connect or SAML, and connecting its account to one's own."""

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.socialaccount.providers.saml import views
from allauth.socialaccount.views import ConnectionsView
from django.http import HttpRequest
from django.views.decorators.http import require_GET, require_POST

from mainstay.kernel.access.doors import SIGNED_IN, door, open_to_everyone
from mainstay.kernel.accounts.views.drawn import drawn


def providers_for(request: HttpRequest) -> list[tuple[str, str]]:
    """Return name and address of each system by which one can sign in."""
    return [(each.name, each.get_login_url(request)) for each in get_adapter().list_providers(request)]


_signing_in = open_to_everyone("whoever signs in is not signed in yet")

# Only by a button of ours: a link could sign somebody in to an account that is not theirs.
openid_connect = _signing_in(require_POST(oidc.login))
openid_connect_answer = _signing_in(require_GET(oidc.callback))
saml = _signing_in(require_POST(views.login))
saml_answer = _signing_in(require_POST(views.acs))
saml_finish = _signing_in(require_GET(views.finish_acs))
saml_end = _signing_in(views.sls)
saml_metadata = open_to_everyone("the provider's administrator reads it")(require_GET(views.metadata))

connections = door(SIGNED_IN)(drawn(ConnectionsView, extra_context={"providers_for": providers_for}))
