"""Telling people, and what they do with what they were told."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import get_args

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.actions import queue
from mainstay.kernel.mail.announcements import Topic, announcements
from mainstay.kernel.mail.queries import is_configured, may_hear
from mainstay.kernel.notify.engine import CHOICES, PREFERENCE, choice_of
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.queries import notifications_of, recipients_of, standing_in_for
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.models import Record


@transaction.atomic
def deliver(pk: int) -> None:
    """Tell everybody whom an event concerns and who may know of it now; doing it again tells nobody twice."""
    event = Event.objects.get(pk=pk)
    if event.record_id is None:
        return
    record = Record.objects.get(pk=event.record_id)
    topic, mail = announcements[event.name].topic, is_configured()
    told = recipients_of(event)
    told |= standing_in_for(told - {record.requester_id}, event)
    for person in Person.objects.filter(pk__in=told, is_active=True).order_by("pk"):
        choice = choice_of(person.preferences, topic)
        if choice == "none" or not may_hear(actor_for(person, door="job"), event, record):
            continue
        if choice != "mail":
            _notify(event, record, person)
        if choice != "app" and mail and person.email:
            queue(event, record, person)


def _notify(event: Event, record: Record, person: Person) -> None:
    told = Notification(
        event_id=event.pk,
        event=event.name,
        author_id=event.actor_id,
        public=event.public,
        record=record,
        person=person,
        created=event.recorded,
    )
    Notification.objects.bulk_create([told], ignore_conflicts=True)


def notify_of(subject: str, event_id: int, *, event: str, people: Collection[int]) -> None:
    """Tell people (ids) behind the bell of an event about something that is no record; each once.

    Whether they may know of it is asked when they look.
    """
    told = [
        Notification(event_id=event_id, event=event, public=True, subject=subject, person_id=person)
        for person in people
    ]
    Notification.objects.bulk_create(told, ignore_conflicts=True)


def mark_read(notification: Notification, *, by: Actor) -> None:
    """Mark one of the actor's own notifications as read."""
    Notification.objects.filter(pk=notification.pk, person=by.person, read=None).update(read=timezone.now())


def mark_all_read(*, by: Actor) -> None:
    """Mark all that the actor was told so far as read."""
    notifications_of(by).filter(read=None).update(read=timezone.now())


@transaction.atomic
def choose(*, by: Actor, choices: Mapping[str, str]) -> None:
    """Remember how the actor wants to hear of topics: `both`, `app`, `mail` or `none`. Raises Invalid otherwise."""
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    if wrong := {topic for topic, choice in choices.items() if topic not in get_args(Topic) or choice not in CHOICES}:
        raise Invalid({topic: _("There is no such choice.") for topic in wrong})
    person = Person.objects.select_for_update().get(pk=by.person.pk)
    chosen = {**person.preferences.get(PREFERENCE, {}), **choices}
    Person.objects.filter(pk=person.pk).update(preferences={**person.preferences, PREFERENCE: chosen})


def sweep() -> int:
    """Remove notifications older than the setting `notify.keep_days`; return how many."""
    limit = timezone.now() - timedelta(days=settings.value("notify.keep_days"))
    return Notification.objects.filter(created__lt=limit).delete()[0]
