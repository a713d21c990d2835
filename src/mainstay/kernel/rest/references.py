"""Finding what a request refers to, among the rows that the caller may refer to.

What does not exist and what the caller may not know of are refused in the same words.
"""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.kernel.practice.errors import Invalid, Missing

Found = TypeVar("Found")
Row = TypeVar("Row", bound=Model)


def known_teams(actor: Actor) -> QuerySet[Team]:
    """Return the active teams of the organisations whose people `actor` may see."""
    return Team.objects.filter(retired=None, organisation__in=_organisations(actor, "people.read"))


def known_people(actor: Actor, capability: str = "people.read") -> QuerySet[Person]:
    """Return the active people of the organisations for which `actor` holds `capability` beyond their own affairs."""
    return Person.objects.filter(is_active=True, organisation__in=_organisations(actor, capability))


def _organisations(actor: Actor, capability: str) -> QuerySet[Organisation]:
    if actor.standing.unbounded:
        return Organisation.objects.all()
    held = actor.standing.organisations(capability, "all") | actor.standing.organisations(capability, "public")
    return Organisation.objects.filter(pk__in=held)


def existing(found: Found | None) -> Found:
    """Return what was found; raise Missing if nothing was."""
    if found is None:
        raise Missing(_("There is nothing here, or you may not see it."))
    return found


def by_slug(rows: QuerySet[Row], slug: str, field: str) -> Row:
    """Return the one of `rows` with this slug; raise Invalid, keyed `field`, if there is none."""
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Invalid({field: _("There is nothing of this name to choose here.")})
    return found


def person_by_email(people: QuerySet[Person], email: str, field: str) -> Person:
    """Return the one of `people` with this address, whatever its case; raise Invalid, keyed `field`, if none."""
    found = people.alias(address=Lower("email")).filter(address=email.lower()).select_related("organisation").first()
    if found is None:
        raise Invalid({field: _("There is nobody with this address to choose here.")})
    return found
