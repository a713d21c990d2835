"""Taking a call: a contact, and what is done about it while the caller waits."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import comment
from mainstay.kernel.records.models import Category, Record
from mainstay.support.service_desk.actions.moves import answer
from mainstay.support.service_desk.actions.opening import create
from mainstay.support.service_desk.actions.turning import turn_into_incident
from mainstay.support.service_desk.models import Source, Type

#: What a call ends with: the contact waits, is answered on the spot, or goes on as an incident.
TAKE_IN, ANSWER, INCIDENT = "take_in", "answer", "incident"
OUTCOMES = (TAKE_IN, ANSWER, INCIDENT)


@transaction.atomic
def take_call(
    *,
    by: Actor,
    caller: Person,
    outcome: str,
    title: str,
    description: str = "",
    concerned: Person | None = None,
    source: str = Source.PHONE,
    type: str = Type.CASE,
    category: Category | None = None,
    attributes: Mapping[str, Any] | None = None,
    call_back: str = "",
    solution: str = "",
    impact: int = 3,
    urgency: int = 3,
    team: Team | None = None,
) -> Record:
    """Take in what a caller says, perhaps for somebody else, and do at once what was decided; all or nothing.

    Whoever is concerned is the requester; that another person called stands in an internal note. Raises what taking
    in, answering and turning into an incident raise.
    """
    if outcome not in OUTCOMES:
        raise Invalid({"outcome": _("Choose one of: %(choices)s.") % {"choices": ", ".join(OUTCOMES)}})
    contact = create(
        by=by,
        title=title,
        description=description,
        requester=concerned or caller,
        category=category,
        attributes=attributes,
        source=source,
        type=type,
        call_back=call_back,
    )
    if concerned is not None and concerned != caller:
        comment(
            contact, by=by, body=_("%(name)s turned to us about it.") % {"name": caller.name}, visibility="internal"
        )
    if outcome == ANSWER:
        answer(contact, by=by, solution=solution)
    if outcome == INCIDENT:
        return turn_into_incident(
            contact, by=by, version=contact.version, impact=impact, urgency=urgency, team=team, category=category
        )
    return contact
