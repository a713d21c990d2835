"""Asking about contacts, and about all that the desk took in."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import teams_holding
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.queries import Finder, find, visible_details
from mainstay.support.service_desk.models import Contact, Desk

KIND = "contact"


def visible_to(actor: Actor, capability: str = "read") -> QuerySet[Contact]:
    """Return the contacts on which `actor` holds `contact.{capability}`."""
    return visible_details(Contact, KIND, actor, capability)


#: Finds a contact by its number, with what its page and its answers show.
get = Finder(
    lambda actor: visible_to(actor).select_related(
        "category__parent__parent", "team", "owner", "assignee", "requester", "organisation"
    )
)


def still_contact(actor: Actor, number: str) -> Contact:
    """Return the contact with this number. Raises NotPossible where it has become something else meanwhile."""
    record = find(actor, number)
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
