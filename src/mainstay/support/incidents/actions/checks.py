"""The checks that an incident's values must pass, whichever action sets them."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import Category
from mainstay.support.incidents import queries
from mainstay.support.incidents.models import Incident

LONGEST_TITLE = 250
LONGEST_CALL_BACK = 200


def check_title(title: str) -> str:
    """Return the title without surrounding or control characters; raise Invalid when empty or too long."""
    title = _line("title", title, LONGEST_TITLE)
    if not title:
        raise Invalid({"title": _("Say in a few words what is wrong.")})
    return title


def check_call_back(call_back: str) -> str:
    """Return the way to reach the caller, as one line; raise Invalid when it is too long."""
    return _line("call_back", call_back, LONGEST_CALL_BACK)


def _line(field: str, text: str, longest: int) -> str:
    line = " ".join(text.replace("\x00", "").split())
    if len(line) > longest:
        raise Invalid({field: _("This is too long: at most %(number)d characters.") % {"number": longest}})
    return line


def check_category(category: Category | None, choices: QuerySet[Category], field: str) -> Category | None:
    """Return the category if it may be chosen there; raise Invalid if not."""
    if category is not None and not choices.filter(pk=category.pk).exists():
        raise Invalid({field: _("This category cannot be chosen here.")})
    return category


def check_team(team: Team | None, incident: Incident) -> Team | None:
    """Return the team if it may be given this incident; raise Invalid if not."""
    if team is not None and not queries.assignable_teams(incident.organisation).filter(pk=team.pk).exists():
        raise Invalid({"team": _("This team does not work for %(name)s.") % {"name": incident.organisation.name}})
    return team
