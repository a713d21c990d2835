"""What the web kernel changes: drafts, the choices of the screen, and who is where."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import require
from mainstay.kernel.web.models import Draft, Presence
from mainstay.kernel.web.queries import place_of

#: The longest text kept as a draft, in characters, and the most drafts one person has.
LONGEST, MOST = 100_000, 200
PREFERENCES = {
    "theme": ("auto", "light", "dark"),
    "density": ("comfortable", "compact"),
    "shortcuts": ("on", "off"),
}


def _person(by: Actor) -> Person:
    if by.person is None:
        raise NotPermitted(_("Sign in first."))
    return by.person


@transaction.atomic
def keep_draft(*, by: Actor, key: str, body: str) -> None:
    """Keep the actor's unfinished text for a place (see `queries.place_of`); empty text forgets it, as sending does.

    Beyond 200 drafts the oldest give way. Raises Invalid when the key or the text is too long.
    """
    person = _person(by)
    if not 0 < len(key) <= 120:
        raise Invalid({"key": _("The name of the draft has 1 to 120 characters.")})
    if len(body) > LONGEST:
        raise Invalid({"body": _("A draft has at most %(limit)d characters.") % {"limit": LONGEST}})
    mine, place = Draft.objects.filter(person=person), place_of(by, key)
    if not body.strip():
        mine.filter(**place).delete()
        return
    Draft.objects.update_or_create(person=person, **place, defaults={"body": body})
    mine.exclude(pk__in=mine.order_by("-updated").values("pk")[:MOST]).delete()


def forget_draft(*, person: int, record: int, form: str) -> None:
    """Forget what somebody (id) had begun to write in a form of a record (id), for it was sent."""
    Draft.objects.filter(person=person, record=record, key=form).delete()


@transaction.atomic
def choose_preference(*, by: Actor, key: str, value: str) -> None:
    """Remember a choice of the screen for the actor. Raises Invalid for a choice that does not exist."""
    if value not in PREFERENCES.get(key, ()):
        raise Invalid({key: _("There is no such choice.")})
    person = Person.objects.select_for_update().get(pk=_person(by).pk)
    Person.objects.filter(pk=person.pk).update(preferences={**person.preferences, key: value})


#: So long after somebody was last heard of they count as gone: two heartbeats and a half.
GONE_AFTER = timedelta(seconds=25)


@transaction.atomic
def be_present(record: Record, *, by: Actor, replying: bool = False) -> None:
    """Keep that the actor has a record open now, and forget whoever has gone from it.

    For those alone who see its internal part: what they compose is no concern of its requester.
    """
    require(by, "read_internal", record)
    now = timezone.now()
    Presence.objects.filter(record_id=record.pk, seen__lt=now - GONE_AFTER).exclude(person=_person(by)).delete()
    Presence.objects.update_or_create(
        record_id=record.pk, person=_person(by), defaults={"seen": now, "replying": replying}
    )


def leave(record: Record, *, by: Actor) -> None:
    """Keep that the actor has gone from a record."""
    Presence.objects.filter(record_id=record.pk, person=_person(by)).delete()


def forget_the_gone() -> int:
    """Forget everybody who has not been heard of for a while, wherever they were; return how many."""
    return Presence.objects.filter(seen__lt=timezone.now() - GONE_AFTER).delete()[0]
