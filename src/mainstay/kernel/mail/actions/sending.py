"""Queueing a mail, and sending it at last."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.actions import emit
from mainstay.kernel.events.models import Event
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.actions.links import issue_link
from mainstay.kernel.mail.letters import letter
from mainstay.kernel.mail.models import Delivery, DeliveryState
from mainstay.kernel.mail.queries import is_configured, may_answer, may_hear
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require

#: How often a mail is tried; the job waits 3, 9, 27 ... seconds in between, two hours and a half in all.
MOST_ATTEMPTS = 8


class Refused(Exception):
    """The mail server will never take this mail; the message says why."""


class Postponed(Exception):
    """The mail server could not take it now; the message says why."""


@transaction.atomic
def queue(event: Event, record: Record, person: Person) -> None:
    """Let a person have a mail about an event; queueing it twice is queueing it once.

    An automatic answer that nobody may get is not queued.
    """
    if not may_answer(event, person):
        return
    delivery, is_new = Delivery.objects.get_or_create(event_id=event.pk, person=person, defaults={"record": record})
    if is_new:
        defer("mail.send", delivery=delivery.pk)


def send(pk: int, *, by_way_of: Callable[[EmailMessage], None]) -> None:
    """Write and send a waiting mail, if its reader may still have it. Raises Postponed when it must be tried again."""
    if postponed := _attempt(pk, by_way_of):
        raise postponed


def send_notice(write: Callable[[], EmailMessage], *, by_way_of: Callable[[EmailMessage], None]) -> bool:
    """Send one mail that is about no record and is kept nowhere; return whether the server took it.

    Nothing is written while no server is named. Raises Postponed when it must be tried again.
    """
    if not is_configured():
        return False
    try:
        by_way_of(write())
    except (Refused, ValueError):
        return False
    return True


@transaction.atomic
def resend(delivery: Delivery, *, by: Actor) -> None:
    """Let a mail that was sent, failed or came back go out again, to the address its reader has now.

    What its reader may still know is decided when it is sent. Raises NotPossible while it waits to be sent, and where
    no mail is sent at all.
    """
    require(by, "comment", delivery.record)
    if not is_configured():
        raise NotPossible(_("No mail is sent: no mail server is named in the settings."))
    again = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.WAITING)
    if not again.update(state=DeliveryState.WAITING, attempts=0, error="", resends=models.F("resends") + 1):
        raise NotPossible(_("This mail is about to be sent."))
    record = delivery.record
    emit(f"{record.kind}.mail_resent", by=by, record_id=record.pk, data={"delivery": str(delivery.uuid)})
    defer("mail.send", delivery=delivery.pk)


def sweep() -> int:
    """Remove what is known of mails older than the setting `mail.keep_days`; return how many. What waits stays."""
    limit = timezone.now() - timedelta(days=settings.value("mail.keep_days"))
    old = Delivery.objects.filter(created__lt=limit).exclude(state=DeliveryState.WAITING)
    return old.delete()[0]


@transaction.atomic
def _attempt(pk: int, by_way_of: Callable[[EmailMessage], None]) -> Postponed | None:
    """Try once and write down what came of it; the row is locked meanwhile, so that no other job sends it too."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("record", "person").filter(pk=pk).first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return None
    state, error = _outcome(delivery, by_way_of)
    last = delivery.attempts + 1 >= MOST_ATTEMPTS
    Delivery.objects.filter(pk=pk).update(
        address=delivery.address,
        subject=delivery.subject,
        state=DeliveryState.FAILED if last and state == DeliveryState.WAITING else state,
        error=str(error or "")[:500],
        attempts=delivery.attempts + 1,
        sent=timezone.now() if state == DeliveryState.SENT else None,
    )
    return error if isinstance(error, Postponed) and not last else None


def _outcome(delivery: Delivery, by_way_of: Callable[[EmailMessage], None]) -> tuple[DeliveryState, Exception | None]:
    """Send a mail, unless its reader is no longer to have it; return its new state and what went wrong.

    Where it goes and its subject are noted on `delivery` as they are now.
    """
    event = Event.objects.get(pk=delivery.event_id)
    reader = actor_for(delivery.person, door="job")
    if not may_hear(reader, event, delivery.record):
        return DeliveryState.DROPPED, None
    delivery.address = (delivery.person.email or "")[:254]
    try:
        token = issue_link(delivery.record, delivery.person)
        message = letter(reader, event, delivery.record, again=delivery.resends, token=token)
        delivery.subject = str(message["Subject"])[:250]
        by_way_of(message)
    except (Refused, ValueError) as error:
        return DeliveryState.FAILED, error
    except Postponed as error:
        return DeliveryState.WAITING, error
    return DeliveryState.SENT, None
