"""Asking about accounts: one-time tokens, sessions, and the tokens of the API."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.models import Token
from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.people.engine.secret import digest
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Missing


def one_time_token(purpose: str, text: str) -> OneTimeToken:
    """Return the token if it still opens what it was made for; raise Missing if not."""
    found = OneTimeToken.objects.filter(
        purpose=purpose, digest=digest(text), used=None, expires__gt=timezone.now()
    ).first()
    if found is None:
        raise Missing(_("This link has been used, or its time has passed. Ask for a new one."))
    return found


def sessions_of(person: Person) -> QuerySet[UserSession]:
    """Return the sessions of a person that still hold, the last begun first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    found: QuerySet[UserSession] = UserSession.objects.filter(user=person, session_key__in=alive)
    return found.order_by("-created_at")


def tokens_of(person: Person) -> QuerySet[Token]:
    """Return the tokens of a person that still work, the newest first."""
    return Token.objects.filter(person=person, revoked=None, expires__gt=timezone.now())


def token_of(person: Person, uuid: UUID) -> Token:
    """Return one of a person's own tokens; raise Missing if there is none."""
    found = Token.objects.filter(person=person, uuid=uuid).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found
