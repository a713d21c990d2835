"""What the fields of records are called, wherever a change of one is told."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, Any] = {
    "kind": _("Kind"),
    "number": _("Number"),
    "type": _("Type"),
    "owner": _("Owner"),
    "due": _("Due"),
    "next_update": _("Next news"),
    "title": _("Title"),
    "description": _("Description"),
    "state": _("State"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "priority": _("Priority"),
    "priority_reason": _("Reason for the priority"),
    "category": _("Category"),
    "closing_category": _("Closing category"),
    "team": _("Team"),
    "assignee": _("Assignee"),
    "requester": _("Caller"),
    "call_back": _("Call back"),
    "access": _("Who may see it"),
    "attributes": _("Custom fields"),
    "solution": _("Solution"),
    "hold_reason": _("Reason for the hold"),
    "resume_at": _("Resumes"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "hand_overs": _("Hand-overs"),
    "escalations": _("Escalations"),
    "reopenings": _("Reopenings"),
}
