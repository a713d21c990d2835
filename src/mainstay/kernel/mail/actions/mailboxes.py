"""Changing mailboxes."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.models import Role
from mainstay.kernel.events.actions import Author, retirement, write_row
from mainstay.kernel.mail.engine import plain_address
from mainstay.kernel.mail.models import Mailbox
from mainstay.kernel.practice.errors import Invalid


@transaction.atomic
def save_mailbox(*, by: Author, slug: str, address: str, role: Role | None, retired: bool, **values: Any) -> Mailbox:
    """Make a mailbox, or change the one with this slug. Raises Invalid for refused values.

    The role is handed out to whoever writes, so it may hold nothing but what concerns somebody's own records.
    """
    if role is not None and any(not capability.endswith(":own") for capability in role.capabilities):
        raise Invalid({"role": _("Choose a role that allows no more than one's own cases.")})
    mailbox = Mailbox.objects.select_for_update().filter(slug=slug).first() or Mailbox(slug=slug)
    written = {**values, "address": plain_address(address), "role": role, "retired": retirement(mailbox, retired)}
    write_row(mailbox, written, by=by, subject=f"mailbox:{slug}")
    return mailbox
