"""Taking mail in: keeping it for good, before its server hears that we have it."""

import io

from django.db import transaction

from mainstay.kernel.files.actions import preserve
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.engine import key_of, message_id_of
from mainstay.kernel.mail.models import Mailbox, ReceivedMail


@transaction.atomic
def take_in(mailbox: Mailbox, raw: bytes, *, recipient: str = "") -> ReceivedMail:
    """Keep a mail that came to a mailbox; one that it has already is not kept again. What it becomes a job decides.

    `recipient` is the address that the server was asked to bring it to. When this returns, and its transaction has
    ended, the mail cannot be lost; then, and not before, its server may be told so.
    """
    key = key_of(raw)
    known = ReceivedMail.objects.filter(mailbox=mailbox, key=key).first()
    if known is not None:
        return known
    kept = {"content": preserve(io.BytesIO(raw)), "message_id": message_id_of(raw)[:500], "recipient": recipient[:320]}
    mail, is_new = ReceivedMail.objects.get_or_create(mailbox=mailbox, key=key, defaults=kept)
    if is_new:
        defer("mail.handle", received=mail.pk)
    return mail
