"""Queueing a mail, and sending it at last."""

from collections.abc import Callable
from email.message import EmailMessage

from django.db import transaction
from django.utils import timezone

from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.mail.letters import letter
from mainstay.kernel.mail.models import Delivery, DeliveryState
from mainstay.kernel.mail.queries import is_configured, may_hear
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.models import Record

#: How often a mail is tried; the job waits 3, 9, 27 ... seconds in between, two hours and a half in all.
MOST_ATTEMPTS = 8


class Refused(Exception):
    """The mail server will never take this mail; the message says why."""


class Postponed(Exception):
    """The mail server could not take it now; the message says why."""


@transaction.atomic
def queue(event: Event, record: Record, person: Person) -> None:
    """Let a person have a mail about an event; queueing it twice is queueing it once."""
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
def _attempt(pk: int, by_way_of: Callable[[EmailMessage], None]) -> Postponed | None:
    """Try once and write down what came of it; the row is locked meanwhile, so that no other job sends it too."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("record", "person").filter(pk=pk).first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return None
    state, error = _outcome(delivery, by_way_of)
    last = delivery.attempts + 1 >= MOST_ATTEMPTS
    Delivery.objects.filter(pk=pk).update(
        state=DeliveryState.FAILED if last and state == DeliveryState.WAITING else state,
        error=str(error or "")[:500],
        attempts=delivery.attempts + 1,
        sent=timezone.now() if state == DeliveryState.SENT else None,
    )
    return error if isinstance(error, Postponed) and not last else None


def _outcome(delivery: Delivery, by_way_of: Callable[[EmailMessage], None]) -> tuple[DeliveryState, Exception | None]:
    """Send a mail, unless its reader is no longer to have it; return its new state and what went wrong."""
    event = Event.objects.get(pk=delivery.event_id)
    reader = actor_for(delivery.person, door="job")
    if not may_hear(reader, event, delivery.record):
        return DeliveryState.DROPPED, None
    try:
        by_way_of(letter(reader, event, delivery.record))
    except (Refused, ValueError) as error:
        return DeliveryState.FAILED, error
    except Postponed as error:
        return DeliveryState.WAITING, error
    return DeliveryState.SENT, None
