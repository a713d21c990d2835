"""Finding out what a contact is, and letting it go on as that."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records.models import Category
from mainstay.kernel.records.queries import require
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.models import Level as IncidentLevel
from mainstay.support.service_desk.lifecycle import UNANSWERED
from mainstay.support.service_desk.models import Contact, Type


@transaction.atomic
def turn_into_incident(
    contact: Contact,
    *,
    by: Actor,
    version: int,
    impact: int = IncidentLevel.LOW,
    urgency: int = IncidentLevel.LOW,
    team: Team | None = None,
    category: Category | None = None,
    attributes: Mapping[str, Any] | None = None,
) -> Incident:
    """Let a contact that is not answered yet go on as an incident, with all it says and all that hangs on it.

    Without a team, the first rule for incidents that fits gives one; else it stays where it is. Who took the contact
    in answers for the incident, too. Raises NotPossible where the state or the type forbids it, Stale when somebody
    else changed or converted the contact after `version`, and what opening an incident raises.
    """
    require(by, "convert", contact)
    if contact.state not in {state.slug for state in UNANSWERED}:
        raise NotPossible(_("Only a contact that waits for an answer can become an incident."))
    if contact.type == Type.COMPLAINT:
        raise NotPossible(
            _("A complaint keeps its owner and its date. Link an incident to it, or edit its type first.")
        )
    return incidents.take_over(
        contact,
        by=by,
        version=version,
        description=contact.description,
        impact=impact,
        urgency=urgency,
        team=team,
        category=category or contact.category,
        attributes=attributes,
        source=contact.source,
        call_back=contact.call_back,
        hand_overs=contact.hand_overs,
        escalations=contact.escalations,
    )
