"""What happens by itself when something happens to an incident."""

from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.events.registry import on
from mainstay.kernel.jobs.registry import defer
from mainstay.kernel.records.models import Link
from mainstay.kernel.search import registry as search
from mainstay.support.incidents import actions
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import Incident

search.text("incident", Incident, ("description", "solution"), moves=("resolved",))


@on("incident.commented")
def resume_when_the_requester_replies(event: Event) -> None:
    """A public word from the requester ends the wait."""
    if not event.public or event.record_id is None:
        return
    incident = Incident.objects.filter(pk=event.record_id, state=S.PENDING.slug, requester_id=event.actor_id).first()
    if incident is not None:
        actions.resume(incident, by=system("rule"))


@on("incident.resolved")
def resolve_children_later(event: Event) -> None:
    """Children are resolved in a job, one transaction each: a large family must not hold up its parent."""
    if Link.objects.filter(kind="parent_of", source_id=event.record_id).exists():
        defer("incidents.resolve_children", parent=event.record_id)
