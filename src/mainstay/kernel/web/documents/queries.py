"""Asking for documents: what is too long to be made at once, and what somebody ordered."""

from uuid import UUID

from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import within
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import reads_internal, visible_to
from mainstay.kernel.records.timeline import is_longer
from mainstay.kernel.web.models import OrderedDocument

#: A history of more entries is set by a job: setting 500 takes some 0.3 s, 5,000 some 2.5 s of a core.
AT_ONCE = 500


def takes_long(actor: Actor, record: Record) -> bool:
    """Return whether the document of a record is to be ordered, rather than made while its reader waits."""
    return is_longer(actor, record, AT_ONCE)


def as_requester(actor: Actor) -> Actor:
    """Return the actor as one who only reads, without internal parts: for documents that others are to have."""
    scopes = frozenset(f"{kind}.read" for kind in kinds)
    return Actor(within(actor.standing, scopes), actor.door, actor.person, actor.on_behalf_of)


def ordered(actor: Actor, uuid: UUID) -> OrderedDocument:
    """Return a document that `actor` ordered and may still see. Raises Missing if there is none."""
    found = (
        OrderedDocument.objects.select_related("record", "content")
        .filter(uuid=uuid, person_id=actor.person_id or 0, record__in=visible_to(actor))
        .first()
    )
    if found is None or (found.internal and not reads_internal(actor, found.record)):
        raise Missing(_("There is nothing here, or you may not see it."))
    return found
