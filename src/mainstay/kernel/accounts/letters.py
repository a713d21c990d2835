"""Mails about people's own accounts, in the language that is spoken when they are written."""

from email.message import EmailMessage
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mainstay.kernel.mail.letters import notice
from mainstay.kernel.people.models import Person


def new_password(person: Person, token: str) -> EmailMessage:
    """Return the mail whose link lets its reader choose a new password."""
    address = f"{settings.BASE_URL}{reverse('new_password')}?{urlencode({'token': token})}"
    paragraphs = [
        _("Somebody asked for a new password for your account. Choose it here; the link works once, for an hour:"),
        address,
        _("If it was not you, do nothing: your password stays as it is."),
    ]
    return notice(_("A new password"), paragraphs, name=person.name, email=person.email or "")


def changed(change: str, name: str, email: str) -> EmailMessage:
    """Return the mail that tells somebody of a change they may not have made: of `email` or of `password`."""
    subject, sentence = {
        "email": (_("Your e-mail address was changed"), _("You no longer sign in with this e-mail address.")),
        "password": (_("Your password was changed"), _("You now sign in with a new password.")),
    }[change]
    advice = _("If you did not expect this, tell your administrator at once.")
    return notice(subject, [sentence, settings.BASE_URL, advice], name=name, email=email)
