"""Asking about accounts: one-time tokens, sessions, and the tokens of the API."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
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


def forgetful_person(pk: int | None) -> Person | None:
    """Return the person if they sign in here by a password that they could forget."""
    person = Person.objects.filter(pk=pk or 0, is_active=True).exclude(email=None).first()
    return person if person and person.has_usable_password() else None


def former_email(person: Person, version: int | None = None) -> tuple[int, str]:
    """Return the version of a person's row, by default their last former one, and the address it holds, maybe empty."""
    former: Any = person
    found = former.history.filter(pgh_id=version) if version else former.history.order_by("-pgh_id")
    key, email = found.values_list("pgh_id", "email").first()
    return key, email or ""


def require_recent_proof(request: HttpRequest) -> None:
    """Have somebody show once more who they are before what protects an account is changed, unless they just did.

    Raises ReauthenticationRequired: they are asked, and what they sent is then done. Whoever signs in by another
    system alone has nothing to show here.
    """
    raise_if_reauthentication_required(request, app="account")


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
