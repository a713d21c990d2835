"""The verbs of a contact's life: each one move of the lifecycle, with what it changes."""

from collections.abc import Callable, Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import check_holder, heard, move
from mainstay.kernel.records.actions import escalate as escalate_record
from mainstay.support.incidents.queries import assignable_people
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.actions.checks import check_team
from mainstay.support.service_desk.models import Contact


def assign(
    contact: Contact, *, by: Actor, team: Team | None = None, person: Person | None = None, reason: str = ""
) -> Event:
    """Give the contact to a team, a person of it, or both; who answers for it stays the same.

    A person alone must be of the contact's team, or of just one that may have it. A team that has it hands it over
    instead, with a reason. Raises Invalid otherwise.
    """
    if team is None and person is None:
        raise Invalid({"team": _("Choose a team or a person.")})
    team = check_team(team or _team_for(contact, person), contact)
    check_holder(team, contact, by)
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


def hand_over(contact: Contact, *, by: Actor, team: Team, reason: str, person: Person | None = None) -> Event:
    """Give the contact to another team, perhaps to a person of it, and say why; counted on it.

    Raises Invalid without a reason, for the team that has it, and for one that may not have it.
    """
    if team.pk == contact.team_id:
        raise Invalid({"team": _("This team has it already.")})
    check_team(team, contact)
    if person is not None and not assignable_people(team).filter(pk=person.pk).exists():
        raise Invalid({"person": _("%(name)s is not in this team.") % {"name": person.name}})
    count = contact.hand_overs + (contact.team_id is not None)
    values = {"team": team, "assignee": person, "hand_overs": count}
    return move(contact, "hand_over", by=by, values=values, reason=_required(reason), public=False)


def escalate(
    contact: Contact, *, by: Actor, reason: str, team: Team | None = None, person: Person | None = None
) -> Event:
    """Escalate the contact to another team, or to a person who may decide. Raises Invalid; see `records.actions`."""
    if team is not None:
        check_team(team, contact)
    return escalate_record(contact, by=by, reason=reason, team=team, person=person)


def start(contact: Contact, *, by: Actor) -> Event:
    """Begin to look after the contact; the actor takes it when nobody has it."""
    taken = {"assignee": by.person} if contact.assignee_id is None and by.person is not None else {}
    return move(contact, "start", by=by, values=taken)


def answer(contact: Contact, *, by: Actor, solution: str, told: Collection[int] = ()) -> Event:
    """Answer the contact with a solution, without making anything else of it: solved at first contact.

    People (ids) in `told` hear nothing of it, because they heard the same already.
    """
    if not solution.strip():
        raise Invalid({"solution": _("Say what solved it; the requester reads this.")})
    values = {"solution": solution.replace("\x00", "").strip(), "resolved": timezone.now()}
    if contact.assignee_id is None and by.person is not None:
        values["assignee"] = by.person
    return move(contact, "answer", by=by, values=values, data=heard(told))


def reopen(contact: Contact, *, by: Actor, reason: str) -> Event:
    """Take up an answered contact again, because the answer did not help."""
    values = {"resolved": None, "reopenings": contact.reopenings + 1}
    return move(contact, "reopen", by=by, values=values, reason=_required(reason))


def close(contact: Contact, *, by: Actor, told: Collection[int] = ()) -> Event:
    """Close an answered contact: its requester confirms, or the time to object has passed."""
    return move(contact, "close", by=by, values={"closed": timezone.now()}, data=heard(told))


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
    "hand_over": hand_over,
    "escalate": escalate,
    "start": start,
    "answer": answer,
    "reopen": reopen,
    "close": close,
    "cancel": cancel,
}
