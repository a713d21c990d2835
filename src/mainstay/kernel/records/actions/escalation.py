"""Escalating a record by hand: to another team that knows more, or to a superior who decides."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions.record import move
from mainstay.kernel.records.models import Record, Watch

FUNCTIONAL, HIERARCHIC = "functional", "hierarchic"


@transaction.atomic
def escalate(detail: Any, *, by: Actor, reason: str, team: Team | None = None, person: Person | None = None) -> Event:
    """Make the move `escalate`: to a team, which then has the record (functional), or to a person, who from now on
    watches it (hierarchic).

    That the team may have it is the caller's to check. Whoever it is escalated to must see its internal part. Raises
    Invalid otherwise, and without a reason or with neither or both of team and person.
    """
    reason = required(reason)
    if (team is None) == (person is None):
        raise Invalid({"person": _("Choose either a team or a person.")})
    values: dict[str, Any] = {"escalations": detail.escalations + 1}
    if team is not None:
        if team.pk == detail.team_id:
            raise Invalid({"team": _("This team has it already.")})
        values |= {"team": team, "assignee": None, "hand_overs": detail.hand_overs + (detail.team_id is not None)}
    if person is not None:
        _check(person, detail)
        Watch.objects.get_or_create(record_id=detail.pk, person=person)
    data = {"way": FUNCTIONAL if team else HIERARCHIC, **({"to": person.pk} if person else {})}
    return move(detail, "escalate", by=by, values=values, reason=reason, data=data, public=False)


def _check(person: Person, record: Record) -> None:
    if not actor_for(person, door="job").can(f"{record.kind}.read_internal", record):
        raise Invalid({"person": _("%(name)s may not see this.") % {"name": person.name}})


def check_holder(team: Team, record: Record, by: Actor) -> None:
    """Refuse to let a person assign what another team has: it is handed over, with a reason. Raises Invalid."""
    if by.person is not None and record.team_id is not None and record.team_id != team.pk:
        raise Invalid({"team": _("Another team has it: hand it over, with a reason.")})


def required(reason: str) -> str:
    """Return the reason; raise Invalid where there is none."""
    if not reason.strip():
        raise Invalid({"reason": _("Give a reason.")})
    return reason.strip()
