"""What those who work at the desk ask: for its lists, its contacts, and the people who turn to it."""

import time
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Func, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.access.queries import people_holding, teams_holding
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Membership, Organisation, Person, Team
from mainstay.kernel.practice.errors import Elsewhere, Invalid, Missing
from mainstay.kernel.practice.statements import KEPT
from mainstay.kernel.records.lists import Selection, read
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import find_internal, visible_to
from mainstay.kernel.records.surroundings import UNFINISHED, counts
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.models import Contact
from mainstay.support.service_desk.queries import KIND

#: Lists of records of every kind.
EVERY_KIND = ""
OPEN = "phase=open&phase=paused"
#: The lists in the rail, as the addresses of the desk's queue: slug, name, icon, address, key.
LISTS = (
    ("contacts", gettext_lazy("Contacts"), "headset", f"{OPEN}&kind=contact", "c"),
    ("taken_in", gettext_lazy("Taken in by my teams"), "inbox", f"{OPEN}&phase=resolved&owner=mine", "d"),
    ("complaints", gettext_lazy("Complaints"), "flag", f"{OPEN}&type=complaint", "k"),
    ("every_kind", gettext_lazy("All open cases"), "list", OPEN, "l"),
)
MOST_FOUND, MOST_CASES = 10, 8
#: How far figures look back: their cost must not grow with the years.
FIGURED = timedelta(days=30)


def rows(actor: Actor) -> QuerySet[Record]:
    """Return the records of every kind that `actor` works on or oversees, as lists read them."""
    return visible_to(actor, "read_internal")


def get_in_console(actor: Actor, number: str) -> Contact:
    """Return the contact with this number as its record page shows it.

    Raises Missing if there is none to see, and Elsewhere where it has become something else.
    """
    record = find_internal(actor, number)
    if record.kind != KIND:
        raise Elsewhere(_("It has become %(number)s already.") % {"number": record.number}, record.number)
    return queries.get(actor, record.number)


def counters(actor: Actor) -> dict[str, int]:
    """Return how many records each of the lists in the rail holds, up to 1,000; counted again after each event."""
    return _counters(actor.standing, actor.as_of, int(time.monotonic() // 10))


@lru_cache(maxsize=KEPT)
def _counters(standing: Standing, as_of: int, moment: int) -> dict[str, int]:
    actor = Actor(standing)
    selections = {slug: selection(actor, query) for slug, _label, _icon, query, _key in LISTS}
    return counts({slug: rows(actor).filter(each.condition()) for slug, each in selections.items()})


def selection(actor: Actor, query: str) -> Selection:
    """Return the list that the query string of an address describes."""
    return read(actor, EVERY_KIND, QueryDict(query))


def teams_for(organisations: Iterable[Organisation]) -> QuerySet[Team]:
    """Return the teams that may be given contacts of at least one of `organisations`."""
    return teams_holding("contact.read", *organisations)


def people_for(organisations: Iterable[Organisation]) -> QuerySet[Person]:
    """Return the people who may be given contacts of at least one of `organisations`."""
    members = Membership.objects.filter(team__in=teams_for(organisations))
    return Person.objects.filter(pk__in=members.values("person"), is_active=True)


def superiors_for(organisations: Iterable[Organisation]) -> QuerySet[Person]:
    """Return the people to whom contacts of at least one of `organisations` may be escalated: who reads all of them."""
    return people_holding("contact.read_internal", *organisations)


def served(actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations for all of whose people `actor` may take in contacts."""
    return Organisation.objects.filter(pk__in=actor.standing.organisations("contact.create"), retired=None)


def _people(actor: Actor) -> QuerySet[Person]:
    return Person.objects.filter(is_active=True, organisation__in=served(actor)).select_related("organisation")


def callers(actor: Actor, text: str) -> list[Person]:
    """Return up to 10 people whom `text` may mean: a part of a name, an address, a telephone or a case number.

    Only those for whom `actor` may take in contacts are found, and by cases only those whose case `actor` may see.
    """
    text = " ".join(text.replace("\x00", "").split())
    if not text:
        return []
    try:
        case = find_internal(actor, text)
    except Missing:
        pass
    else:
        return list(_people(actor).filter(pk=case.requester_id or 0))
    meant = Q(name__icontains=text) | Q(email__istartswith=text)
    digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
    if len(digits) >= 3 and not any(sign.isalpha() for sign in text):
        meant |= Q(digits__contains=digits.lstrip("0"))
    only_digits = Func(F("phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")
    return list(_people(actor).alias(digits=only_digits).filter(meant).order_by("name", "pk")[:MOST_FOUND])


def caller(actor: Actor, uuid: Any) -> Person:
    """Return one of the people for whom `actor` may take in contacts. Raises Missing if there is none."""
    found = _people(actor).filter(uuid=uuid).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def the_caller(actor: Actor, text: str) -> Person:
    """Return the one person that a text means. Raises Invalid where it means nobody or several."""
    found = callers(actor, text)
    exact = [each for each in found if (each.email or "").lower() == text.strip().lower()] or found
    if len(exact) != 1:
        words = _("Several people are called so: give the e-mail address.") if exact else _("Nobody here is called so.")
        raise Invalid({"for_whom": words})
    return exact[0]


def cases_of(actor: Actor, person: Person) -> tuple[list[Record], list[Record]]:
    """Return a person's unfinished cases and the last of the others, newest first, as far as `actor` sees them."""
    own = rows(actor).filter(requester=person).order_by("-id")
    return (
        list(own.filter(state_category__in=UNFINISHED)[:MOST_CASES]),
        list(own.exclude(state_category__in=UNFINISHED)[:MOST_CASES]),
    )


class Figures(NamedTuple):
    """What became of the contacts that somebody sees: answered for good at first contact, and all that were settled."""

    at_once: int
    settled: int

    @property
    def rate(self) -> int | None:
        """The share of the former in per cent, rounded; None where nothing is settled yet."""
        return round(100 * self.at_once / self.settled) if self.settled else None


def first_contact(actor: Actor) -> Figures:
    """Return how many contacts of the last 30 days were solved at first contact, of all answered or turned.

    First contact resolution = answered and never reopened / (answered + turned into something else).
    """
    since = {"opened__gte": timezone.now() - FIGURED}
    answered = queries.visible_to(actor, "read_internal").filter(**since).exclude(resolved=None)
    other = rows(actor).filter(**since).exclude(kind=KIND).values("pk")
    turned = Event.objects.filter(name="contact.converted", record_id__in=other)
    total = answered.count()
    return Figures(answered.filter(reopenings=0).count(), total + turned.count())
