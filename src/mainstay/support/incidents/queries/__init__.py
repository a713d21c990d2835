"""Asking about incidents."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import (
    Aggregate,
    Avg,
    Count,
    DurationField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
)
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.access.queries import allowed, people_holding, teams_holding
from mainstay.kernel.people.models import Membership, Organisation, Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.lists import Selection, read
from mainstay.kernel.records.models import Category, Record, RecordNumber
from mainstay.kernel.records.queries import Finder, category_path, visible_details
from mainstay.kernel.records.surroundings import counts
from mainstay.support.incidents.models import HoldReason, Incident, MajorIncident, PriorityRule

KIND = "incident"
UNFINISHED = "phase=open&phase=paused"
#: The lists in the rail and on the start page, as the addresses of the queue.
LISTS = (
    ("mine", gettext_lazy("My work"), "user", f"{UNFINISHED}&assignee=me&snoozed=no"),
    ("teams", gettext_lazy("My teams' work"), "users", f"{UNFINISHED}&team=mine"),
    ("unassigned", gettext_lazy("Unassigned"), "inbox", f"{UNFINISHED}&assignee=nobody"),
    ("open", gettext_lazy("All open"), "list", UNFINISHED),
    ("snoozed", gettext_lazy("Put aside"), "clock", f"{UNFINISHED}&snoozed=yes"),
)


def visible_to(actor: Actor, capability: str = "read") -> QuerySet[Incident]:
    """Return the incidents on which `actor` holds `incident.{capability}`."""
    return visible_details(Incident, KIND, actor, capability)


#: Finds an incident by its number, with what its answers show.
get = Finder(
    lambda actor: visible_to(actor).select_related(
        "category", "team", "assignee", "requester", "organisation", "hold_reason", "closing_category"
    )
)


def priority_for(impact: int, urgency: int) -> int:
    """Return the priority that the matrix gives. Raises Invalid when a level is not in the matrix."""
    found = _priorities(impact=impact, urgency=urgency)
    if not found:
        raise Invalid({"impact": _("Impact and urgency go from 1 (high) to 3 (low).")})
    return found[0]


_priorities = Statement(
    lambda impact, urgency: PriorityRule.objects.filter(impact=impact, urgency=urgency).values_list(
        "priority", flat=True
    ),
    impact=IntegerField(),
    urgency=IntegerField(),
)


def assignable_teams(organisation: Organisation) -> QuerySet[Team]:
    """Return the teams that may be given incidents of `organisation`: those granted to see them there."""
    return teams_holding("incident.read", organisation)


def assignable_people(team: Team) -> QuerySet[Person]:
    """Return the people who may be given work of `team`: its active members."""
    return Person.objects.filter(memberships__team=team, is_active=True)


def opening_categories() -> QuerySet[Category]:
    """Return the categories that may be chosen when an incident is opened."""
    return Category.objects.filter(opens=True, retired=None)


def closing_categories() -> QuerySet[Category]:
    """Return the categories that may be chosen when an incident is resolved."""
    return Category.objects.filter(closes=True, retired=None)


def hold_reasons() -> QuerySet[HoldReason]:
    """Return the reasons for which an incident may be put on hold."""
    return HoldReason.objects.filter(retired=None)


def children_of(incident: Incident) -> QuerySet[Incident]:
    """Return the children of an incident, whoever may see them: for the product itself, never for a door."""
    return Incident.objects.filter(links_in__kind="parent_of", links_in__source_id=incident.pk)


def in_console(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents that `actor` works on or oversees: those whose internal part it may see."""
    return visible_to(actor, "read_internal")


#: Finds an incident by its number as its record page shows it.
get_in_console = Finder(
    lambda actor: in_console(actor).select_related(
        *("category__parent__parent", "team", "assignee", "requester", "organisation", "hold_reason"),
        *("closing_category", "major__leader", "major__speaker"),
    )
)


def teams_for(organisations: Iterable[Organisation]) -> QuerySet[Team]:
    """Return the teams that may be given incidents of at least one of `organisations`."""
    return teams_holding("incident.read", *organisations)


def people_for(organisations: Iterable[Organisation]) -> QuerySet[Person]:
    """Return the people who may be given incidents of at least one of `organisations`."""
    members = Membership.objects.filter(team__in=teams_for(organisations))
    return Person.objects.filter(pk__in=members.values("person"), is_active=True)


def superiors_for(organisations: Iterable[Organisation]) -> QuerySet[Person]:
    """Return the people to whom incidents of at least one of `organisations` may be escalated: who reads them."""
    return people_holding(f"{KIND}.read_internal", *organisations)


def rows_in_console(actor: Actor) -> QuerySet[Record]:
    """Return the same incidents as `in_console`, as the records that lists read."""
    return Record.objects.filter(allowed(actor, f"{KIND}.read_internal"), kind=KIND)


def all_categories() -> list[Category]:
    """Return the categories in use, in the order of their paths."""
    rows = Category.objects.filter(retired=None).select_related("parent__parent__parent")
    return sorted(rows, key=category_path)


def organisations_served(actor: Actor, capability: str) -> QuerySet[Organisation]:
    """Return the organisations for all of whose people `actor` holds `incident.{capability}`."""
    served = actor.standing.organisations(f"{KIND}.{capability}")
    return Organisation.objects.filter(pk__in=served, retired=None)


def callers(actor: Actor, text: str, limit: int = 10) -> list[Person]:
    """Return up to `limit` people for whom `actor` may open incidents and whose name or address holds `text`."""
    if not text.strip():
        return []
    people = Person.objects.filter(is_active=True, organisation__in=organisations_served(actor, "create"))
    matching = people.filter(Q(email__istartswith=text.strip()) | Q(name__icontains=text.strip()))
    return list(matching.select_related("organisation")[:limit])


def caller_called(actor: Actor, text: str) -> Person:
    """Return the one person that an e-mail address, a name, or both as `Name <address>` mean. Raises Invalid."""
    address = text.strip().rpartition("<")[2].rstrip(">").strip()
    found = [each for each in callers(actor, address, 2) if (each.email or "").lower() == address.lower()]
    found = found or callers(actor, text, 2)
    if not found:
        raise Invalid({"requester": _("Nobody here has this name or address.")})
    if len(found) > 1:
        raise Invalid({"requester": _("Several people have this name: give the e-mail address.")})
    return found[0]


#: Among the counters, the major incidents that are led now or wait for a decision; merged ones go on as others.
MAJOR = "major"
GOING_ON = (MajorIncident.Stage.ACCEPTED, MajorIncident.Stage.CANDIDATE)


def lists_of(actor: Actor) -> list[tuple[str, Any, str, Selection]]:
    """Return the lists everyone who works here starts from: slug, name, icon and selection."""
    return [(slug, label, icon, read(actor, KIND, QueryDict(query))) for slug, label, icon, query in LISTS]


def counters(actor: Actor) -> dict[str, int]:
    """Return how many incidents each of those lists holds, up to 1,000, and how many major ones go on (`MAJOR`).

    They are counted again after each event, and in any case every 10 seconds: an event is numbered before its
    transaction ends, so counters of that moment may still be without it.
    """
    return _counters(actor.standing, actor.as_of, int(time.monotonic() // 10))


@lru_cache(maxsize=KEPT)
def _counters(standing: Standing, as_of: int, moment: int) -> dict[str, int]:
    actor = Actor(standing)
    rows = rows_in_console(actor)
    lists = {slug: rows.filter(selection.condition()) for slug, _label, _icon, selection in lists_of(actor)}
    return counts({**lists, MAJOR: rows.filter(incident__major__stage__in=GOING_ON, merged_into=None)})


def known_numbers(numbers: Iterable[str]) -> frozenset[str]:
    """Return those of `numbers` that a record had in another system: for the product itself, never for a door."""
    return frozenset(RecordNumber.objects.filter(number__in=list(numbers)).values_list("number", flat=True))


class Median(Aggregate):
    """The middle value of a column of durations; between two, half way (SQL's percentile_cont)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


class Figures(NamedTuple):
    """What the incidents of somebody's reach amount to. Months are their first day, `YYYY-MM-01`."""

    closed: int
    hand_overs: int
    #: Incidents that were reopened at least once.
    reopened: int
    opened_by_month: dict[str, int]
    #: Opened and not yet closed when the month ended.
    backlog_by_month: dict[str, int]
    #: Incidents whose priority is neither the matrix's nor overridden with a reason.
    off_matrix: int
    mean_to_close: timedelta | None
    median_to_close: timedelta | None


def figures(actor: Actor, zone: ZoneInfo) -> Figures:
    """Return the figures of all incidents that `actor` sees; months begin at midnight in `zone`."""
    rows = visible_to(actor)
    closed = rows.exclude(closed=None).annotate(took=F("closed") - F("opened"))
    times = closed.aggregate(count=Count("pk"), mean=Avg("took"), median=Median("took"))
    by_month = rows.annotate(month=TruncMonth("opened", tzinfo=zone)).order_by("month").values_list("month")
    opened = dict(by_month.annotate(count=Count("pk")))
    ends = {month: _next_month(month) for month in opened}
    counts_at = {
        f"{month:at_%Y_%m}": Count("pk", filter=Q(opened__lt=end) & (Q(closed=None) | Q(closed__gte=end)))
        for month, end in ends.items()
    }
    backlog = rows.aggregate(**counts_at)
    fitting = PriorityRule.objects.filter(
        impact=OuterRef("impact"), urgency=OuterRef("urgency"), priority=OuterRef("priority")
    )
    return Figures(
        closed=times["count"],
        hand_overs=rows.aggregate(sum=Sum("hand_overs", default=0))["sum"],
        reopened=rows.filter(reopenings__gt=0).count(),
        opened_by_month={f"{month:%Y-%m-%d}": count for month, count in opened.items()},
        backlog_by_month={f"{month:%Y-%m-%d}": backlog[f"{month:at_%Y_%m}"] for month in opened},
        off_matrix=rows.filter(~Exists(fitting), priority_reason="").count(),
        mean_to_close=times["mean"],
        median_to_close=times["median"],
    )


def _next_month(month: datetime) -> datetime:
    """Return the midnight that begins the next month."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
