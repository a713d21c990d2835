"""Asking whom an announcement concerns, who sees and changes it, and how many were told in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import governs, managed
from mainstay.kernel.people.models import Membership, Organisation, OrganisationDescent, Person, Team
from mainstay.kernel.practice import settings
from mainstay.kernel.practice.errors import Missing
from mainstay.support.service_desk.models import Announcement, Telling

#: What it takes to write announcements, where those are whom they concern.
ANNOUNCE = "contact.announce"
WORKS = "contact.read_internal"
#: By which people choose how they hear of them.
TOPIC = "news"
#: The most that a page lists of what is over.
MOST_PAST = 50


def audience(row: Announcement) -> QuerySet[Person]:
    """Return the active people whom an announcement concerns."""
    people = Person.objects.filter(is_active=True)
    if row.everybody:
        return people
    below = OrganisationDescent.objects.filter(ancestor__in=row.organisations.values("pk")).values("descendant")
    members = Membership.objects.filter(team__in=row.teams.values("pk")).values("person")
    return people.filter(Q(organisation__in=below) | Q(pk__in=members))


def _concerning(organisations: Iterable[int]) -> QuerySet[Announcement]:
    """Return the announcements to organisations (ids) or to any above them."""
    above = OrganisationDescent.objects.filter(descendant__in=list(organisations)).values("ancestor")
    return Announcement.objects.filter(organisations__in=above)


def visible_to(actor: Actor, *, now: datetime | None = None) -> QuerySet[Announcement]:
    """Return the announcements that `actor` may see: those that concern them, or an organisation they work for.

    What is for later, and no planned outage, is seen before it begins by those alone who may change it. Nobody sees but
    what is public.
    """
    if actor.person is None or not actor.person.is_active:
        return Announcement.objects.filter(public=True, begins__lte=now or timezone.now())
    works_for = actor.standing.organisations(WORKS)
    mine = Q(everybody=True) | Q(pk__in=_concerning({actor.person.organisation_id, *works_for}).values("pk"))
    of_teams = Announcement.objects.filter(Q(teams__members=actor.person) | Q(teams__organisation__in=works_for))
    mine |= Q(pk__in=of_teams.values("pk"))
    begun = Q(outage=True) | Q(begins__lte=now or timezone.now())
    return Announcement.objects.filter((mine & begun) | Q(pk__in=changeable_by(actor).values("pk")))


def changeable_by(actor: Actor) -> QuerySet[Announcement]:
    """Return the announcements that `actor` may change: who may announce wherever those are whom they concern."""
    if not actor.holds(ANNOUNCE):
        return Announcement.objects.none()
    if governs(actor, ANNOUNCE):
        return Announcement.objects.all()
    here = managed(actor, ANNOUNCE).values("pk")
    elsewhere = Announcement.objects.filter(
        Q(organisations__in=Organisation.objects.exclude(pk__in=here))
        | Q(teams__in=Team.objects.exclude(organisation__in=here))
    )
    return Announcement.objects.filter(everybody=False).exclude(pk__in=elsewhere.values("pk"))


def may_change(actor: Actor, row: Announcement) -> bool:
    """Return whether `actor` may change an announcement."""
    return changeable_by(actor).filter(pk=row.pk).exists()


def announcement(actor: Actor, uuid: UUID) -> Announcement:
    """Return an announcement that `actor` may see. Raises Missing if there is none."""
    found = visible_to(actor).select_related("author").filter(uuid=uuid).first()
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def running(actor: Actor, *, ahead: timedelta = timedelta(days=7)) -> list[Announcement]:
    """Return what start pages show: what holds now, and the outages planned for the time just ahead, first things
    first."""
    now = timezone.now()
    found = visible_to(actor, now=now).filter(cancelled=None, ends__gt=now)
    shown = found.filter(Q(begins__lte=now) | Q(outage=True, begins__lte=now + ahead))
    return list(shown.order_by("begins", "pk")[:5])


def coming(rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Return what has not begun, the next first."""
    return rows.filter(cancelled=None, begins__gt=timezone.now()).order_by("begins", "pk")


def under_way(rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Return what holds now, the oldest first."""
    now = timezone.now()
    return rows.filter(cancelled=None, begins__lte=now, ends__gt=now).order_by("begins", "pk")


def past(rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Return what is over or was cancelled, the latest first."""
    return rows.filter(Q(cancelled__isnull=False) | Q(ends__lte=timezone.now())).order_by("-ends", "-pk")


Standing = Literal["coming", "running", "past", "cancelled"]
STATES = {"coming": coming, "running": under_way, "past": past}


def state_of(row: Announcement) -> Standing:
    """Return where an announcement stands: `coming`, `running`, `past` or `cancelled`."""
    now = timezone.now()
    if row.cancelled is not None:
        return "cancelled"
    return "coming" if row.begins > now else "running" if row.ends > now else "past"


def why(person: Person | None, row: Announcement) -> list[str]:
    """Return in words why an announcement concerns a person: which part of its audience they belong to.

    Nothing where it does not, and they only work for those whom it concerns.
    """
    if person is None:
        return []
    above = OrganisationDescent.objects.filter(descendant=person.organisation_id).values("ancestor")
    found = [_("it is for everybody")] if row.everybody else []
    found += [
        _("you belong to %(name)s") % {"name": each.name}
        for each in row.organisations.filter(pk__in=above).order_by("pk")
    ]
    found += [
        _("you are in the team %(name)s") % {"name": each.name}
        for each in row.teams.filter(members=person).order_by("pk")
    ]
    return found


def to_be_told() -> QuerySet[Announcement]:
    """Return what somebody is still to be told of now: of outages at once, of everything else when it begins.

    What is over is no news, and neither is that something was cancelled of which nobody had heard.
    """
    now = timezone.now()
    begun = Q(outage=True) | Q(begins__lte=now) | Q(cancelled__isnull=False)
    return Announcement.objects.filter(begun, told_round__lt=F("round"), ends__gt=now)


def untold(row: Announcement) -> QuerySet[Person]:
    """Return those whom an announcement concerns and who were not told in its present round, by their ids.

    That it was cancelled concerns only those who had heard of it.
    """
    tellings = Telling.objects.filter(announcement=row)
    people = audience(row).exclude(pk__in=tellings.filter(round=row.round).values("person"))
    if row.cancelled is not None:
        people = people.filter(pk__in=tellings.values("person"))
    return people.order_by("pk")


def subject_of(row: Announcement) -> str:
    """Return how events and notifications refer to an announcement."""
    return f"announcement:{row.uuid}"


@dataclass(frozen=True)
class Coverage:
    """How many of those whom an announcement concerns now were told of its present time, and when.

    `in_time` were told at least `hours` before it begins, `later` after that; `unwilling` want to hear of nothing; all
    others were not told, or not yet.
    """

    people: int
    in_time: int
    later: int
    unwilling: int
    hours: int

    @property
    def told(self) -> int:
        return self.in_time + self.later

    @property
    def untold(self) -> int:
        return self.people - self.told - self.unwilling

    @property
    def share(self) -> float | None:
        """The share (%) of those concerned who were told in time."""
        return 100 * self.in_time / self.people if self.people else None


def coverage(row: Announcement) -> Coverage:
    """Return how many of those whom an announcement concerns were told, and how long before it begins."""
    hours = int(settings.value("service_desk.announced_hours"))
    concerned = audience(row)
    rows = Telling.objects.filter(announcement=row, round=row.round, person__in=concerned.values("pk"))
    in_time = Q(told__lte=row.begins - timedelta(hours=hours))
    return Coverage(
        people=concerned.count(),
        in_time=rows.filter(in_time).count(),
        later=rows.filter(told__isnull=False).exclude(in_time).count(),
        unwilling=rows.filter(in_app=False, mail="").count(),
        hours=hours,
    )
