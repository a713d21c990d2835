"""Asking about one-time tokens."""

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.accounts.models import OneTimeToken
from mainstay.kernel.people.engine.secret import digest
from mainstay.kernel.practice.errors import Missing


def one_time_token(purpose: str, text: str) -> OneTimeToken:
    """Return the token if it still opens what it was made for; raise Missing if not."""
    found = OneTimeToken.objects.filter(
        purpose=purpose, digest=digest(text), used=None, expires__gt=timezone.now()
    ).first()
    if found is None:
        raise Missing(_("This link has been used, or its time has passed. Ask for a new one."))
    return found
