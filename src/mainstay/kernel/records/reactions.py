"""What records do by themselves when something happens to one."""

from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.records.actions.snoozing import wake
from mainstay.kernel.records.models import Snooze


@on("*.commented")
def wake_who_put_it_aside(event: Event) -> None:
    """What somebody else writes brings a record back to whoever put it aside."""
    if event.record_id is not None:
        others = Snooze.objects.filter(record=event.record_id).exclude(person=event.actor_id)
        if found := list(others.values_list("pk", flat=True)):
            wake(event.record_id, found)
