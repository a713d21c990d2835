"""What incidents add to the pages that every record has in the console."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.records.queries import category_path
from mainstay.kernel.records.timeline import Entry
from mainstay.kernel.web.records.pages import Pages
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.forms import MOVE_FIELDS, EditForm
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import HoldReason, Incident, Level, Priority
from mainstay.support.incidents.queries.major import major_of

#: What opens the console: those who see the internal part of some incidents. Requesters have the portal.
CONSOLE = "incident.read_internal"
SENTENCES: dict[str, tuple[Any, str]] = {
    "created": (_("%(who)s opened this incident"), "plus"),
    "held": (_("%(who)s put it on hold: %(what)s"), "player-pause"),
    "reminded": (_("%(who)s reminded the caller"), "bell"),
    "resumed": (_("%(who)s took it up again"), "player-play"),
    "resolved": (_("%(who)s resolved it"), "circle-check"),
    "major_proposed": (_("%(who)s proposed it as a major incident"), "flag"),
    "major_accepted": (_("%(who)s accepted it as a major incident, led by %(to)s"), "flame"),
    "major_rejected": (_("%(who)s rejected it as a major incident"), "ban"),
    "major_appointed": (_("%(who)s gave the lead of the major incident to %(to)s"), "users"),
    "major_ended": (_("%(who)s ended the major incident"), "circle-check"),
    "major_reviewed": (_("%(who)s wrote what was learnt from the major incident"), "bulb"),
    "imported": (_("%(who)s changed it in the system it came from"), "circle"),
}


def state_names() -> dict[str, str]:
    """Return what agents call each state, looked up once for a page that shows many."""
    return {slug: str(state.label) for slug, state in LIFECYCLE.states.items()}


def _essentials(incident: Incident) -> dict[str, Any]:
    return {"priority_label": Priority(incident.priority).label, "major": major_of(incident)}


def _tabs(incident: Incident) -> Iterable[tuple[Any, str]]:
    return ((_("Response"), "major"),) if major_of(incident) else ()


def _facts(incident: Incident) -> Iterable[tuple[Any, Any]]:
    yield _("Priority"), Priority(incident.priority).label
    yield _("Reason for the priority"), incident.priority_reason
    yield _("Impact"), incident.get_impact_display()
    yield _("Urgency"), incident.get_urgency_display()
    yield _("Call back"), incident.call_back
    yield _("Reason for the hold"), incident.hold_reason and incident.hold_reason.name
    yield _("Closing category"), incident.closing_category and category_path(incident.closing_category)
    yield _("Hand-overs"), incident.hand_overs or None
    yield _("Reopened"), incident.reopenings or None


def _names(entries: Iterable[Entry]) -> dict[tuple[str, Any], str]:
    """Return the names of hold reasons, which the kernel's timeline leaves as ids."""
    held = {value for entry in entries for value in entry.changes.get("hold_reason") or () if value is not None}
    reasons = HoldReason.objects.in_bulk(held) if held else {}
    return {("hold_reason", key): reason.name for key, reason in reasons.items()}


def _undo(incident: Incident, verb: str) -> str:
    """Return the address that takes a move back, where another move does just that."""
    address = {"number": incident.number}
    if verb == "hold" and incident.state == "in_progress":
        return reverse("incidents:move", kwargs={**address, "verb": "resume"})
    if verb == "assign" and incident.team is not None and incident.state in ("assigned", "pending"):
        holder = {"team": incident.team.slug} | ({"person": incident.assignee.uuid} if incident.assignee else {})
        return f"{reverse('incidents:move', kwargs={**address, 'verb': verb})}?{urlencode(holder)}"
    return ""


PAGES = Pages(
    kind=queries.KIND,
    label="incidents",
    find=queries.get_in_console,
    moves=actions.MOVES,
    move_fields=MOVE_FIELDS,
    people=queries.people_for,
    edit=actions.edit,
    edit_form=EditForm,
    solves="resolve",
    facts=_facts,
    essentials=_essentials,
    tabs=_tabs,
    sentences=SENTENCES,
    choices={"impact": dict(Level.choices), "urgency": dict(Level.choices), "priority": dict(Priority.choices)},
    names=_names,
    undo=_undo,
)
