"""The verbs of a contact's life: each one move of the lifecycle, with what it changes."""

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import move
from mainstay.support.incidents.queries import assignable_people
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.actions.checks import check_team
from mainstay.support.service_desk.models import Contact


def assign(
    contact: Contact, *, by: Actor, team: Team | None = None, person: Person | None = None, reason: str = ""
) -> Event:
    """Give the contact to a team, a person of it, or both; who answers for it stays the same.

    A person alone must be of the contact's team, or of just one that may have it. Raises Invalid otherwise.
    """
    if team is None and person is None:
        raise Invalid({"team": _("Choose a team or a person.")})
    team = check_team(team or _team_for(contact, person), contact)
    if person is not None and not assignable_people(team).filter(pk=person.pk).exists():
        raise Invalid({"person": _("%(name)s is not in this team.") % {"name": person.name}})
    return move(contact, "assign", by=by, values={"team": team, "assignee": person}, reason=reason)


def _team_for(contact: Contact, person: Person | None) -> Team:
    """Return the team in which `person` works on the contact: its own if it can be, else the only one."""
    teams = list(queries.assignable_teams(contact.organisation).filter(members=person))
    own = [team for team in teams if team.pk == contact.team_id]
    if not own and len(teams) != 1:
        raise Invalid({"team": _("Choose the team in which %(name)s takes it.") % {"name": person}})
    return (own or teams)[0]


def start(contact: Contact, *, by: Actor) -> Event:
    """Begin to look after the contact; the actor takes it when nobody has it."""
    taken = {"assignee": by.person} if contact.assignee_id is None and by.person is not None else {}
    return move(contact, "start", by=by, values=taken)


def answer(contact: Contact, *, by: Actor, solution: str) -> Event:
    """Answer the contact with a solution, without making anything else of it: solved at first contact."""
    if not solution.strip():
        raise Invalid({"solution": _("Say what solved it; the requester reads this.")})
    values = {"solution": solution.replace("\x00", "").strip(), "resolved": timezone.now()}
    if contact.assignee_id is None and by.person is not None:
        values["assignee"] = by.person
    return move(contact, "answer", by=by, values=values)


def reopen(contact: Contact, *, by: Actor, reason: str) -> Event:
    """Take up an answered contact again, because the answer did not help."""
    values = {"resolved": None, "reopenings": contact.reopenings + 1}
    return move(contact, "reopen", by=by, values=values, reason=_required(reason))


def close(contact: Contact, *, by: Actor) -> Event:
    """Close an answered contact: its requester confirms, or the time to object has passed."""
    return move(contact, "close", by=by, values={"closed": timezone.now()})


def cancel(contact: Contact, *, by: Actor, reason: str) -> Event:
    """Give the contact up without an answer, with the reason why."""
    return move(contact, "cancel", by=by, values={"closed": timezone.now()}, reason=_required(reason))


def _required(reason: str) -> str:
    if not reason.strip():
        raise Invalid({"reason": _("Give a reason.")})
    return reason.strip()


#: Every verb of the lifecycle with its action: for doors that are generated from the lifecycle.
MOVES: dict[str, Callable[..., Event]] = {
    "assign": assign,
    "start": start,
    "answer": answer,
    "reopen": reopen,
    "close": close,
    "cancel": cancel,
}
