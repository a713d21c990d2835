"""What is said about an event to those it concerns. Practices announce their events; nobody hears of any other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mainstay.kernel.events.models import Event
from mainstay.kernel.records.models import Record

#: What people choose by: work that reached them, what was written, how it goes on, whether they are asked, news for
#: many.
Topic = Literal["work", "conversation", "progress", "survey", "news"]


@dataclass(frozen=True)
class Announcement:
    """How an event is told. Sentences are translatable and may name `%(author)s`; an empty one tells nobody.

    `requester` and `following` tell the requester what happened and what comes next; `staff` tells those who work on
    the record or watch it. `to_team` also tells the record's whole team while nobody has it. `detail` gives a text
    that belongs to it and that the requester may read, such as a solution. `answers` are offered to the requester:
    words, and the query with which the page that their link opens has that answer chosen.
    """

    topic: Topic
    staff: Any = ""
    requester: Any = ""
    following: Any = ""
    to_team: bool = False
    detail: Callable[[Record, Event], str] | None = None
    answers: Sequence[tuple[Any, str]] = ()


announcements: dict[str, Announcement] = {}


def announce(event: str, announcement: Announcement) -> None:
    """Announce the event of this name (`kind.past`); announcing it twice is a mistake."""
    if event in announcements:
        raise ValueError(f"{event} is announced twice")
    announcements[event] = announcement
