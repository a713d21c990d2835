"""An announced event is told in a job, so that what happened need not wait for it."""

from mainstay.kernel.events.models import Event
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.notify.queries import recipients_of


def tell_later(event: Event) -> None:
    """Defer telling of an event, if it concerns anybody at all but its author."""
    if recipients_of(event):
        defer("notify.deliver", event=event.pk)
