"""How practices let people hear of their events."""

from mainstay.kernel.events.registry import on
from mainstay.kernel.mail import announcements
from mainstay.kernel.mail.announcements import Announcement
from mainstay.kernel.notify.reactions import tell_later
from mainstay.kernel.notify.recipients import concerns
from mainstay.kernel.notify.subjects import tells_of


def announce(event: str, announcement: Announcement) -> None:
    """Let those whom the event `kind.past` concerns hear of it as the announcement says, by bell and by mail."""
    announcements.announce(event, announcement)
    on(event)(tell_later)


__all__ = ["Announcement", "announce", "concerns", "tells_of"]
