"""Asking about contacts, and about all that the desk took in."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import teams_holding
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.queries import find, visible_details
from mainstay.kernel.records.queries import visible_to as records_visible_to
from mainstay.support.service_desk.models import Contact, Desk

KIND = "contact"


def visible_to(actor: Actor, capability: str = "read") -> QuerySet[Contact]:
    """Return the contacts on which `actor` holds `contact.{capability}`."""
    return visible_details(Contact, KIND, actor, capability)


def get(actor: Actor, number: str) -> Contact:
    """Return the contact with this number, in any spelling. Raises Missing if there is none to see."""
    whole = ("category__parent__parent", "team", "owner", "assignee", "requester", "organisation")
    return find(visible_to(actor).select_related(*whole), number)


def still_contact(actor: Actor, number: str) -> Contact:
    """Return the contact with this number. Raises NotPossible where it has become something else meanwhile."""
    record = find(records_visible_to(actor), number)
    if record.kind != KIND:
        raise NotPossible(_("It has become %(number)s already.") % {"number": record.number})
    return get(actor, number)


def assignable_teams(organisation: Organisation) -> QuerySet[Team]:
    """Return the teams that may be given contacts of `organisation`: those granted to see them there."""
    return teams_holding("contact.read", organisation)


def desk_for(organisation: Organisation) -> Desk | None:
    """Return the desk that takes in contacts of `organisation`: the first that fits."""
    fits = Q(organisation=None) | Q(organisation__descents__descendant=organisation)
    return Desk.objects.filter(fits, retired=None).select_related("team", "complaints").first()
