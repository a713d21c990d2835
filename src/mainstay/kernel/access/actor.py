"""Who acts: handed to every action and query."""

from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.engine.decision import Protected, Standing, permits
from mainstay.kernel.people.models import Person

Door = Literal["page", "api", "mail", "agent", "rule", "job", "command"]
#: What people call the doors.
DOOR_NAMES: dict[str, Any] = {
    "page": _("Page"),
    "api": _("API"),
    "mail": _("E-mail"),
    "agent": _("Assistant"),
    "rule": _("Rule"),
    "job": _("Timer"),
    "command": _("Command line"),
}


@dataclass(frozen=True)
class Actor:
    """Somebody or something that acts, through one door, with the rights it holds at this moment.

    `on_behalf_of` is the person acted for; the standing then is what both of them hold. `as_of` is the newest event
    that was begun when the rights were read: what was found out for the same standing as of the same event still holds.
    """

    standing: Standing = field(default_factory=Standing)
    door: Door = "page"
    person: Person | None = None
    on_behalf_of: Person | None = None
    as_of: int = 0

    @property
    def person_id(self) -> int | None:
        return self.standing.person_id

    @property
    def on_behalf_of_id(self) -> int | None:
        return self.on_behalf_of.pk if self.on_behalf_of else None

    def can(self, capability: str, record: Protected) -> bool:
        """Return whether the actor may exercise `capability` on `record`."""
        return permits(self.standing, capability, record)

    def holds(self, capability: str) -> bool:
        """Return whether the actor holds `capability` anywhere: whether a menu entry makes sense."""
        return self.standing.holds(capability)


#: What the product itself holds.
EVERYTHING = Standing(unbounded=True)
#: Nobody: an anonymous visitor, who may do nothing.
NOBODY = Actor()


def system(door: Door = "job") -> Actor:
    """Return the product itself as an actor: for timers and maintenance, which act for nobody and may do all."""
    return Actor(EVERYTHING, door)
