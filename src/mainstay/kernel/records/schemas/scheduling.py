"""Replies that are sent later, as the interface takes and shows them."""

from datetime import datetime

from typing_extensions import TypedDict

from mainstay.kernel.records.models import ScheduledReply
from mainstay.kernel.rest.schemas import Body, Instant, Words, closed


class NewReply(Body):
    """What is written to the requester at `at`; with `even_if_answered` also when something was written by then."""

    body: Words
    at: Instant
    even_if_answered: bool = False


class ReplyChanges(Body):
    """What is to change; the rest stays."""

    body: Words | None = None
    at: Instant | None = None
    even_if_answered: bool | None = None


@closed
class ReplyShown(TypedDict):
    """A reply that waits to be sent."""

    id: str
    author: str
    body: str
    at: datetime
    even_if_answered: bool


def reply_shown(reply: ScheduledReply) -> ReplyShown:
    """Return a waiting reply as the interface shows it."""
    return {
        "id": str(reply.uuid),
        "author": reply.author.name,
        "body": reply.body,
        "at": reply.at,
        "even_if_answered": reply.even_if_answered,
    }
