"""The report of a major incident: what happened, whom it reached, what was told and learnt."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.documents.engine.description import Document
from mainstay.kernel.records.surroundings import surroundings
from mainstay.kernel.web.documents.description import (
    facts_of,
    framed,
    history_of,
    part,
    related_table,
    tasks_table,
    text,
)
from mainstay.kernel.web.formats import absolute_time
from mainstay.support.incidents.models import MajorIncident, Priority
from mainstay.support.incidents.queries.major import Reach, reach_of


def report_of(actor: Actor, major: MajorIncident) -> Document:
    """Return the report of a major incident as `actor`, who sees its internal part, may read it."""
    incident, around = major.incident, surroundings(actor, major.incident)
    reached = reach_of(incident, around.related)
    sections = (
        part(_("What happened"), text(incident.description)),
        part(_("How it was restored"), text(major.outcome), text(incident.solution)),
        part(_("Causes"), text(major.causes)),
        part(_("What went well"), text(major.went_well)),
        part(_("What to improve"), text(major.to_improve)),
        part(_("Actions"), tasks_table(around.tasks)),
        part(_("Linked cases"), related_table((_("child"), child) for child in reached.children)),
        part(_("Timeline"), history_of(actor, incident)),
    )
    facts = facts_of(_facts(major, reached))
    return framed(actor, incident, _("Report of a major incident"), facts, sections, _("With internal parts"))


def _facts(major: MajorIncident, reached: Reach) -> Iterator[tuple[Any, Any]]:
    yield _("Stage"), major.get_stage_display()
    yield _("Priority"), Priority(major.incident.priority).label
    yield _("Led by"), major.leader and major.leader.name
    yield _("Communication"), major.speaker and major.speaker.name
    yield _("Linked cases"), len(reached.children)
    yield _("People affected"), reached.people
    for label, moment in (
        (_("Opened"), major.incident.opened),
        (_("Proposed"), major.proposed),
        (_("Decided"), major.decided),
        (_("Ended"), major.ended),
        (_("Reviewed"), major.reviewed),
    ):
        yield label, absolute_time(moment) if moment else None
    yield _("Why it was proposed"), major.proposal
    yield _("Why it was decided so"), major.decision
