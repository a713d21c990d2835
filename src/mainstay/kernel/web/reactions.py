"""What the web kernel does by itself when something happens to a record."""

from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.web import actions


@on("*.commented")
@on("*.reply_scheduled")
def forget_what_was_sent(event: Event) -> None:
    """What somebody wrote on a page is begun no longer: it is there with the next page, in whichever browser."""
    if event.door == "page" and event.actor_id is not None and event.record_id is not None:
        actions.forget_draft(person=event.actor_id, record=event.record_id, form="comment")
