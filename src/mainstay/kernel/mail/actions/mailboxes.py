"""Changing mailboxes, and what is known of how reading them fares."""

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.models import Role
from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.mail.engine import plain_address
from mainstay.kernel.mail.models import Encryption, Mailbox, MailboxReading, SignIn
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.sealing import sealed

SECRETS = ("secret", "refresh_token")
#: Whoever may change one of these could have a secret sent elsewhere, or in the clear: then it is forgotten.
FORGOTTEN_WITH = ("imap_host", "imap_port", "encryption", "user", "sign_in", "token_endpoint", "client")


@transaction.atomic
def save_mailbox(*, by: Author, slug: str, address: str, role: Role | None, retired: bool, **values: Any) -> Mailbox:
    """Make a mailbox, or change the one with this slug. Raises Invalid for refused values.

    The role is handed out to whoever writes, so it may hold nothing but what concerns somebody's own records. Secrets
    that are missing or empty stay, unless something changes that decides where they are sent.
    """
    if role is not None and any(not capability.endswith(":own") for capability in role.capabilities):
        raise Invalid({"role": _("Choose a role that allows no more than one's own cases.")})
    mailbox = Mailbox.objects.select_for_update().filter(slug=slug).first() or Mailbox(slug=slug)
    values |= _secrets(mailbox, values)
    _check_reading({name: values.get(name, getattr(mailbox, name)) for name in ("imap_host", *REQUIRED_WITH_HOST)})
    written = {**values, "address": plain_address(address), "role": role, "retired": retirement(mailbox, retired)}
    write_row(mailbox, written, by=by, subject=f"mailbox:{slug}", unnamed=SECRETS)
    return mailbox


def _secrets(mailbox: Mailbox, values: dict[str, Any]) -> dict[str, str]:
    """Return the sealed secrets that the mailbox is to have."""
    forgotten = any(name in values and getattr(mailbox, name) != values[name] for name in FORGOTTEN_WITH)
    kept = {name: "" if forgotten else getattr(mailbox, name) for name in SECRETS}
    return kept | {name: sealed(values[name]) for name in SECRETS if values.get(name)}


REQUIRED_WITH_HOST = ("user", "folder", "encryption", "sign_in", "token_endpoint", "client", "done_folder")


def _check_reading(values: dict[str, str]) -> None:
    """Raise Invalid unless everything is said that reading the mailbox takes."""
    if not values["imap_host"]:
        return
    required = _("This field is required.")
    errors = {name: required for name in ("user", "folder") if not values[name]}
    if values["sign_in"] != SignIn.PASSWORD:
        errors |= {name: required for name in ("token_endpoint", "client") if not values[name]}
        if urlsplit(values["token_endpoint"]).scheme != "https":
            errors["token_endpoint"] = _("Give an address that begins with https://.")
        if values["encryption"] == Encryption.NONE:
            errors["encryption"] = _("A token may not travel where others can read along.")
    if values["done_folder"] and values["done_folder"] == values["folder"]:
        errors["done_folder"] = _("Name another folder than the one that is read.")
    if errors:
        raise Invalid(errors)


def keep_refresh_token(mailbox: Mailbox, token: str) -> None:
    """Keep the refresh token that replaces the one used; nothing happens when somebody entered another meanwhile."""
    used = {"pk": mailbox.pk, "refresh_token": mailbox.refresh_token}
    Mailbox.objects.filter(**used).update(refresh_token=sealed(token))


def note_success(mailbox: Mailbox, remark: str = "") -> None:
    """Write down that a mailbox was looked into just now, and what there is to be said of it all the same."""
    MailboxReading.objects.update_or_create(
        mailbox=mailbox, defaults={"succeeded": timezone.now(), "failing": None, "error": remark}
    )


def note_failure(mailbox: Mailbox, words: str) -> None:
    """Write down that a mailbox cannot be looked into, and since when."""
    reading, _is_new = MailboxReading.objects.get_or_create(mailbox=mailbox)
    since = reading.failing or timezone.now()
    MailboxReading.objects.filter(pk=reading.pk).update(failing=since, error=words.replace("\x00", "")[:500])
