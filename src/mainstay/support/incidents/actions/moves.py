"""The verbs of an incident's life: each one move of the lifecycle, with what it changes."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import check_holder, heard, move
from mainstay.kernel.records.actions import escalate as escalate_record
from mainstay.kernel.records.models import Category
from mainstay.support.incidents import queries
from mainstay.support.incidents.actions.checks import check_category, check_team
from mainstay.support.incidents.models import HoldReason, Incident

#: What ends with a hold, however it ends.
NOT_ON_HOLD: dict[str, Any] = {"hold_reason": None, "resume_at": None}


def assign(
    incident: Incident, *, by: Actor, team: Team | None = None, person: Person | None = None, reason: str = ""
) -> Event:
    """Give the incident to a team, a person of it, or both; counts as a hand-over when somebody had it before.

    A person alone must be of the incident's team, or of just one that may work on it. A team that has it hands it over
    instead, with a reason. Raises Invalid otherwise.
    """
    if team is None and person is None:
        raise Invalid({"team": _("Choose a team or a person.")})
    team = team or _team_for(incident, person)
    check_team(team, incident)
    check_holder(team, incident, by)
    if person is not None and not queries.assignable_people(team).filter(pk=person.pk).exists():
        raise Invalid({"person": _("%(name)s is not in this team.") % {"name": person.name}})
    held_before = incident.team_id is not None or incident.assignee_id is not None
    changed = (incident.team_id, incident.assignee_id) != (team.pk, person.pk if person else None)
    return move(
        incident,
        "assign",
        by=by,
        values={
            "team": team,
            "assignee": person,
            "hand_overs": incident.hand_overs + (held_before and changed),
        },
        reason=reason,
    )


def _team_for(incident: Incident, person: Person | None) -> Team:
    """Return the team in which `person` works on the incident: its own if it can be, else the only one."""
    teams = list(queries.assignable_teams(incident.organisation).filter(members=person))
    own = [team for team in teams if team.pk == incident.team_id]
    if not own and len(teams) != 1:
        raise Invalid({"team": _("Choose the team in which %(name)s takes it.") % {"name": person}})
    return (own or teams)[0]


def hand_over(incident: Incident, *, by: Actor, team: Team, reason: str, person: Person | None = None) -> Event:
    """Give the incident to another team, perhaps to a person of it, and say why; counted on it.

    Raises Invalid without a reason, for the team that has it, and for one that may not have it.
    """
    if team.pk == incident.team_id:
        raise Invalid({"team": _("This team has it already.")})
    check_team(team, incident)
    if person is not None and not queries.assignable_people(team).filter(pk=person.pk).exists():
        raise Invalid({"person": _("%(name)s is not in this team.") % {"name": person.name}})
    count = incident.hand_overs + (incident.team_id is not None)
    values = {"team": team, "assignee": person, "hand_overs": count}
    return move(incident, "hand_over", by=by, values=values, reason=_required(reason), public=False)


def escalate(
    incident: Incident, *, by: Actor, reason: str, team: Team | None = None, person: Person | None = None
) -> Event:
    """Escalate the incident to another team, or to a person who may decide. Raises Invalid; see `records.actions`."""
    if team is not None:
        check_team(team, incident)
    return escalate_record(incident, by=by, reason=reason, team=team, person=person)


def start(incident: Incident, *, by: Actor) -> Event:
    """Begin to work on the incident; the actor takes it when nobody has it."""
    values: dict[str, Any] = {}
    if incident.assignee_id is None and by.person is not None:
        values["assignee"] = by.person
    if incident.team_id is None and by.person is not None:
        values["team"] = queries.assignable_teams(incident.organisation).filter(members=by.person).first()
    return move(incident, "start", by=by, values=values)


def hold(incident: Incident, *, by: Actor, reason: HoldReason, until: datetime | None = None) -> Event:
    """Put the incident on hold for a reason, if wanted until an instant (UTC), when it resumes by itself."""
    if reason.retired is not None:
        raise Invalid({"reason": _("This reason is no longer used.")})
    if until is not None and until <= timezone.now():
        raise Invalid({"until": _("Choose a time that is still to come.")})
    return move(incident, "hold", by=by, values={"hold_reason": reason, "resume_at": until})


def resume(incident: Incident, *, by: Actor) -> Event:
    """Go on with an incident that was on hold."""
    return move(incident, "resume", by=by, values=NOT_ON_HOLD)


def resolve(
    incident: Incident, *, by: Actor, solution: str, closing_category: Category, told: Collection[int] = ()
) -> Event:
    """Resolve the incident with its solution.

    People (ids) in `told` hear nothing of it, because they heard the same already.
    """
    if not solution.strip():
        raise Invalid({"solution": _("Say what solved it; the requester reads this.")})
    check_category(closing_category, queries.closing_categories(), "closing_category")
    return move(
        incident,
        "resolve",
        by=by,
        values={
            **NOT_ON_HOLD,
            "solution": solution.replace("\x00", "").strip(),
            "closing_category": closing_category,
            "resolved": timezone.now(),
        },
        data=heard(told),
    )


def reopen(incident: Incident, *, by: Actor, reason: str) -> Event:
    """Take up a resolved incident again, because the solution did not hold."""
    values = {"resolved": None, "reopenings": incident.reopenings + 1}
    return move(incident, "reopen", by=by, values=values, reason=_required(reason))


def close(incident: Incident, *, by: Actor, told: Collection[int] = ()) -> Event:
    """Close a resolved incident: its requester confirms, or the time to object has passed."""
    return move(incident, "close", by=by, values={"closed": timezone.now()}, data=heard(told))


def cancel(incident: Incident, *, by: Actor, reason: str) -> Event:
    """Give the incident up without a solution, with the reason why."""
    values = {**NOT_ON_HOLD, "closed": timezone.now()}
    return move(incident, "cancel", by=by, values=values, reason=_required(reason))


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
    "hold": hold,
    "resume": resume,
    "resolve": resolve,
    "reopen": reopen,
    "close": close,
    "cancel": cancel,
}
