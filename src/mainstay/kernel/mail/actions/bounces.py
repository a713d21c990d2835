"""Addresses from which our mail comes back."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from mainstay.kernel.events.actions import Author, emit
from mainstay.kernel.mail import queries
from mainstay.kernel.mail.engine import Delivery as Report
from mainstay.kernel.mail.models import Delivery, DeliveryState, FailingAddress
from mainstay.kernel.people.models import Person

#: The most recipients of one report that are looked at.
MOST_RECIPIENTS = 100


@transaction.atomic
def mark_failing(reports: Iterable[Report], raw: bytes, *, by: Author) -> None:
    """Mark the addresses that a report says will never take mail, where it brings back a mail that we sent there; in
    the log that mail has bounced.

    Anybody can write that something was not delivered; only who got our mail, or carried it, knows its Message-ID.
    """
    subjects = queries.quoted_subjects(raw)
    if not subjects:
        return
    for report in [*reports][:MOST_RECIPIENTS]:
        person = Person.objects.filter(email__iexact=report.recipient).first() if report.permanent else None
        got = Delivery.objects.filter(person=person, record__in={record for record, _event in subjects})
        if person is None or not got.exists():
            continue
        words = " ".join(f"{report.status} {report.diagnostic}".replace("\x00", "").split())[:500]
        returned = got.filter(event_id__in={event for _record, event in subjects if event}, state=DeliveryState.SENT)
        returned.update(state=DeliveryState.BOUNCED, error=words)
        address = person.email or ""
        _row, is_new = FailingAddress.objects.update_or_create(
            person=person,
            defaults={"address": address, "since": _since(person) or timezone.now(), "words": words},
        )
        if is_new:
            emit("person.mail_came_back", by=by, subject=f"person:{person.uuid}")


def _since(person: Person) -> datetime | None:
    """Return since when the person's present address is known to fail."""
    return (
        FailingAddress.objects.filter(person=person, address=person.email or "").values_list("since", flat=True).first()
    )


@transaction.atomic
def clear_failing(person: Person, *, by: Author) -> None:
    """Take the mark away: mail came from there again, or somebody knows better."""
    if FailingAddress.objects.filter(person=person).delete()[0]:
        emit("person.mail_arrives_again", by=by, subject=f"person:{person.uuid}")
