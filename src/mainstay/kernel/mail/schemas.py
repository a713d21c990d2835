"""What the interface shows of mails that went out."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from typing_extensions import TypedDict

from mainstay.kernel.mail.models import Delivery, DeliveryState
from mainstay.kernel.rest.schemas import PersonReference, closed, person_reference

if TYPE_CHECKING:
    StateName = str
else:
    StateName = Literal[tuple(DeliveryState.values)]


@closed
class DeliveryShown(TypedDict):
    """A mail about a record: the event it tells of, its reader, and what became of it.

    `address` and `subject` are empty until it was tried; `error` is what the mail server said last.
    """

    id: str
    event: str
    person: PersonReference | None
    address: str
    subject: str
    state: StateName
    error: str
    created: datetime
    sent: datetime | None
    resends: int


def delivery_shown(row: Delivery, event: str) -> DeliveryShown:
    """Return a mail as the interface shows it."""
    return {
        "id": str(row.uuid),
        "event": event,
        "person": person_reference(row.person),
        "address": row.address,
        "subject": row.subject,
        "state": row.state,
        "error": row.error,
        "created": row.created,
        "sent": row.sent,
        "resends": row.resends,
    }
