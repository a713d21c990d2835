"""Links in mails that open one case for the one who asked for help, without signing in."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.actions import emit
from mainstay.kernel.mail.models import SignedLink
from mainstay.kernel.mail.queries import digest_of, links_for, token_of
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require

#: How long a link is good after the last mail that carried it.
VALID = timedelta(days=14)


@transaction.atomic
def issue_link(record: Record, person: Person) -> str:
    """Return the token of the link that a mail about a record carries to a person; empty where it carries none.

    Only the requester's own mails carry one. It is the same in all of them until it is revoked or has expired, and good
    for 14 days from now. What is stored of it cannot be turned back into it.
    """
    if record.requester_id != person.pk or not settings.value("mail.links"):
        return ""
    now = timezone.now()
    Record.objects.select_for_update().get(pk=record.pk)  # two mails at once make one link
    in_use = SignedLink.objects.filter(record=record, person=person, revoked=None)
    in_use.filter(expires__lte=now).update(revoked=now)
    link = in_use.first()
    if link is None:
        link = SignedLink(record=record, person=person, expires=now + VALID)
        link.digest = digest_of(token_of(link))
        link.save(force_insert=True)
    else:
        SignedLink.objects.filter(pk=link.pk).update(expires=now + VALID)
    return token_of(link)


@transaction.atomic
def revoke_links(record: Record, *, by: Actor) -> int:
    """Let the links to a record open nothing any more: one's own, or all for those who may write to its requester.

    The next mail to the requester carries a new one. Return how many there were. It needs the capability `comment`.
    """
    require(by, "comment", record)
    now = timezone.now()
    count = links_for(by, record).update(revoked=now)
    if count:
        emit(f"{record.kind}.links_revoked", by=by, record_id=record.pk, data={"links": count})
    return count


def sweep_links() -> int:
    """Remove links that open nothing any more; return how many."""
    return SignedLink.objects.filter(expires__lt=timezone.now() - VALID).delete()[0]
