"""Opening an incident."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible
from mainstay.kernel.records.actions import convert, link
from mainstay.kernel.records.actions import create as create_record
from mainstay.kernel.records.attributes import checked
from mainstay.kernel.records.models import Category, Record
from mainstay.support.incidents import queries
from mainstay.support.incidents.actions.checks import check_call_back, check_category, check_team, check_title
from mainstay.support.incidents.lifecycle import S
from mainstay.support.incidents.models import Incident, Level, Source


@transaction.atomic
def create(
    *,
    by: Actor,
    title: str,
    description: str = "",
    impact: int = Level.LOW,
    urgency: int = Level.LOW,
    requester: Person | None = None,
    team: Team | None = None,
    category: Category | None = None,
    attributes: Mapping[str, Any] | None = None,
    source: str = Source.PORTAL,
    call_back: str = "",
) -> Incident:
    """Open an incident for `requester`, by default the actor, in the requester's organisation.

    The matrix gives the priority; rules may set further what they find to be right. Raises Invalid for refused values
    and NotPermitted where the actor may not open incidents for that person.
    """
    requester = requester or by.person
    if requester is None:
        raise Invalid({"requester": _("Say who has the problem.")})
    incident = Incident(
        title=check_title(title),
        description=description.replace("\x00", "").strip(),
        impact=impact,
        urgency=urgency,
        priority=queries.priority_for(impact, urgency),
        requester=requester,
        organisation=requester.organisation,
        category=check_category(category, queries.opening_categories(), "category"),
        source=source,
        call_back=check_call_back(call_back),
    )
    if not by.can("incident.create", incident):
        raise NotPermitted(_("You may not open incidents for this person."))
    incident.attributes = checked(
        queries.KIND, category, attributes or {}, public_only=not by.can("incident.edit", incident)
    )
    incident.team = check_team(team, incident)
    return create_record(incident, by=by, kind=queries.KIND, data={"source": source})


@transaction.atomic
def take_over(
    record: Record,
    *,
    by: Actor,
    version: int,
    description: str,
    source: str,
    impact: int = Level.LOW,
    urgency: int = Level.LOW,
    team: Team | None = None,
    category: Category | None = None,
    attributes: Mapping[str, Any] | None = None,
    call_back: str = "",
    hand_overs: int = 0,
    escalations: int = 0,
) -> Incident:
    """Let a record of another kind go on as an incident, as if it had been opened as one; nobody works on it yet.

    What its former kind permits is the caller's to check. Without a team, it stays where it is unless a rule gives it
    one. Raises what `create` raises, and Stale when somebody changed the record after `version`.
    """
    if not by.can("incident.create", record):
        raise NotPermitted(_("You may not open incidents for this person."))
    if category != record.category:
        check_category(category, queries.opening_categories(), "category")
    values = {
        "description": description,
        "impact": impact,
        "urgency": urgency,
        "priority": queries.priority_for(impact, urgency),
        "category": category,
        "team": team,
        "assignee": None,
        "attributes": checked(queries.KIND, category, attributes or {}, before=record.attributes),
        "source": source,
        "call_back": call_back,
        "hand_overs": hand_overs,
        "escalations": escalations,
    }
    incident = Incident(organisation=record.organisation, **values)
    values["team"] = check_team(team, incident)
    if team is None and record.team in queries.assignable_teams(record.organisation):
        values["team"] = record.team
    undecided = ("team",) if team is None else ()
    return convert(record, Incident, by=by, kind=queries.KIND, version=version, values=values, undecided=undecided)


@transaction.atomic
def follow_up(closed: Incident, *, by: Actor, reason: str, source: str = Source.PORTAL) -> Incident:
    """Open a new incident that follows a closed one, when it is too late to reopen that.

    Raises NotPossible while the old one can still be worked on, NotPermitted where the actor may not open one.
    """
    if closed.state_category != S.CLOSED.category:
        raise NotPossible(_("It is not closed yet: write to it, or reopen it."))
    if not by.can("incident.reopen", closed):
        raise NotPermitted(_("You may not open an incident that follows this one."))
    if not reason.strip():
        raise Invalid({"reason": _("Say what is wrong again.")})
    follower = create(
        by=by,
        title=closed.title,
        description=reason,
        impact=closed.impact,
        urgency=closed.urgency,
        requester=closed.requester,
        category=closed.category if closed.category and closed.category.retired is None else None,
        source=source,
        call_back=closed.call_back,
    )
    link(follower, "follows", closed, by=by, permitted_by="reopen")
    return follower
