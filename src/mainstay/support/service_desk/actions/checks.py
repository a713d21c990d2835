"""The checks that only a contact's values must pass, whichever action sets them."""

from django.utils.translation import gettext as _

from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.models import Contact, Source, Type


def check_source(source: str) -> str:
    """Return the way somebody reached the desk if it is one; raise Invalid if not."""
    if source not in Source.values:
        raise Invalid({"source": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Source.values)}})
    return source


def check_type(type_: str) -> str:
    """Return the type of a contact if it is one; raise Invalid if not."""
    if type_ not in Type.values:
        raise Invalid({"type": _("Choose one of: %(choices)s.") % {"choices": ", ".join(Type.values)}})
    return type_


def check_team(team: Team, contact: Contact) -> Team:
    """Return the team if it may be given this contact; raise Invalid if not."""
    if not queries.assignable_teams(contact.organisation).filter(pk=team.pk).exists():
        raise Invalid({"team": _("This team does not work for %(name)s.") % {"name": contact.organisation.name}})
    return team
