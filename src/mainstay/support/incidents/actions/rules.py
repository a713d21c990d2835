"""Giving an incident its team by rule."""

from mainstay.kernel.access.actor import system
from mainstay.support.incidents import queries
from mainstay.support.incidents.actions.moves import assign
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import Incident


def assign_by_rule(incident: Incident) -> None:
    """Give a new incident that nobody has to the team of the first rule that fits it, if there is one.

    The product itself assigns, with the rule's name as the reason. To be called in the transaction that opened or
    reclassified the incident.
    """
    if incident.state != S.NEW.slug or incident.team_id is not None or incident.assignee_id is not None:
        return
    rule = queries.rule_for(incident)
    if rule is not None:
        assign(incident, by=system("rule"), team=rule.team, reason=rule.name)
