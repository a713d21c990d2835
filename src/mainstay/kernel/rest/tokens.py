"""Finding out who calls: a bearer token (RFC 6750) and nothing else; a session is no use here."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.models import Token
from mainstay.kernel.access.queries import actor_for, is_current
from mainstay.kernel.people.engine.secret import digest
from mainstay.kernel.practice.statements import Statement

#: How old `last_used` may grow before it is written again: a write for every request would cost more than it tells.
LAST_USED_EVERY = timedelta(hours=1)


class BearerToken(HttpBearer):
    """Resolves the token to the actor, in two queries: whose it is, and what they hold at this moment."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor behind the token, and give it to the request; None when the token is no longer good."""
        found = next(iter(_tokens(digest=digest(token))), None) if token.isascii() else None
        if found is None or not is_current(found.expires, found.revoked) or not found.person.is_active:
            return None
        note_use(found)
        actor = actor_for(found.person, door="api", scopes=found.scopes)
        request.actor = actor  # type: ignore[attr-defined]  # every door sets it
        return actor


_tokens = Statement(
    lambda digest: Token.objects.select_related("person__organisation").filter(digest=digest),
    digest=Token._meta.get_field("digest"),
)


def note_use(token: Token) -> None:
    """Write when the token was last used, to the hour."""
    now: Any = timezone.now()
    if token.last_used is None or now - token.last_used > LAST_USED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used=now)


#: Asks every operation's caller who they are.
bearer = BearerToken()
