"""Asking about incidents."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import teams_holding
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import Category
from mainstay.kernel.records.queries import find, visible_details
from mainstay.support.incidents.models import HoldReason, Incident, PriorityRule

KIND = "incident"


def visible_to(actor: Actor, capability: str = "read") -> QuerySet[Incident]:
    """Return the incidents on which `actor` holds `incident.{capability}`."""
    return visible_details(Incident, KIND, actor, capability)


def get(actor: Actor, number: str) -> Incident:
    """Return the incident with this number, present or former. Raises Missing if there is none to see."""
    incidents = visible_to(actor).select_related(
        "category", "team", "assignee", "requester", "organisation", "hold_reason", "closing_category"
    )
    return find(incidents, number)


def priority_for(impact: int, urgency: int) -> int:
    """Return the priority that the matrix gives. Raises Invalid when a level is not in the matrix."""
    rule = PriorityRule.objects.filter(impact=impact, urgency=urgency).values_list("priority", flat=True).first()
    if rule is None:
        raise Invalid({"impact": _("Impact and urgency go from 1 (high) to 3 (low).")})
    return rule


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
