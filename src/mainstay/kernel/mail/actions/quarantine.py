"""What an administrator does with mail that was set aside."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.models import MailState, ReceivedMail
from mainstay.kernel.practice.errors import NotPossible

SET_ASIDE = (MailState.QUARANTINED, MailState.IGNORED)


@transaction.atomic
def release(mail: ReceivedMail, *, by: Actor) -> None:
    """Let a mail be taken in whatever spoke against it. Raises NotPossible when it is not set aside any more."""
    _change(mail, state=MailState.WAITING, released=True, attempts=0, reason="", detail="")
    emit("received_mail.released", by=by, subject=f"received_mail:{mail.uuid}")
    defer("mail.handle", received=mail.pk)


@transaction.atomic
def dismiss(mail: ReceivedMail, *, by: Actor) -> None:
    """Decide that nothing is to become of a mail. Raises NotPossible when it is not set aside any more."""
    _change(mail, state=MailState.IGNORED, reason="dismissed", handled=timezone.now())
    emit("received_mail.dismissed", by=by, subject=f"received_mail:{mail.uuid}")


def _change(mail: ReceivedMail, **values: object) -> None:
    """Change a mail that is set aside; of two who decide at once one is told that it is decided."""
    if not ReceivedMail.objects.filter(pk=mail.pk, state__in=SET_ASIDE).update(**values):
        raise NotPossible(_("This mail is no longer set aside."))
