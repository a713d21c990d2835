"""Who an event concerns, and how they want to hear of it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Choice = Literal["both", "app", "mail", "none"]
CHOICES: tuple[Choice, ...] = ("both", "app", "mail", "none")
#: Under which key of a person's preferences their choices stand, by topic.
PREFERENCE = "notify"


@dataclass(frozen=True)
class Concerned:
    """Those whom an event may concern, by their ids."""

    requester: int | None = None
    assignee: int | None = None
    team: Collection[int] = ()
    watchers: Collection[int] = ()


def recipients(
    concerned: Concerned, *, author: int | None, tells_requester: bool, tells_staff: bool, tells_team: bool
) -> set[int]:
    """Return who is told of an event: never its author, and the whole team only while nobody has the work."""
    told: set[int | None] = set()
    if tells_requester:
        told.add(concerned.requester)
    if tells_staff:
        told |= {concerned.assignee, *concerned.watchers}
    if tells_team and concerned.assignee is None:
        told |= {*concerned.team}
    return {person for person in told if person is not None and person != author}


def choice_of(preferences: object, topic: str) -> Choice:
    """Return how somebody wants to hear of a topic; who never chose, both ways."""
    chosen = preferences.get(PREFERENCE) if isinstance(preferences, dict) else None
    wanted = chosen.get(topic) if isinstance(chosen, dict) else None
    return next((choice for choice in CHOICES if choice == wanted), "both")
