"""Access tokens for mailboxes (OAuth 2.0, RFC 6749): as a program (section 4.4), or by a refresh token (section 6)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from mainstay.kernel.practice import outbound

#: Seconds for which a token is used when its giver does not say.
SHORTEST_LIFE = 300


@dataclass(frozen=True)
class Access:
    """A token, for how many seconds it holds, and the refresh token that replaces the one used, or ""."""

    token: str
    seconds: int
    refresh_token: str = ""


def access(endpoint: str, *, client: str, secret: str, scope: str, refresh_token: str = "") -> Access:
    """Ask for an access token. Raises outbound.Unreachable when none is given, and OSError when nobody answers."""
    fields = {"client_id": client, "client_secret": secret, "scope": scope}
    if refresh_token:
        fields |= {"grant_type": "refresh_token", "refresh_token": refresh_token}
    else:
        fields |= {"grant_type": "client_credentials"}
    answer = outbound.post_form(endpoint, {name: value for name, value in fields.items() if value})
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not token.isprintable() or not token.isascii():
        raise outbound.Unreachable(_("The token endpoint gave no access token."))
    renewed = answer.get("refresh_token")
    return Access(
        token,
        seconds if isinstance(seconds, int) and seconds > 0 else SHORTEST_LIFE,
        renewed if isinstance(renewed, str) else "",
    )
