"""Editing an incident's fields."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import edit as edit_record
from mainstay.kernel.records.attributes import checked
from mainstay.kernel.records.models import Access
from mainstay.kernel.records.queries import require
from mainstay.support.incidents import queries
from mainstay.support.incidents.actions.checks import check_call_back, check_category, check_title
from mainstay.support.incidents.models import Incident, Level, Priority

#: What a person may edit directly; everything else changes by a move.
EDITABLE = ("title", "description", "impact", "urgency", "category", "call_back", "access", "attributes")


@transaction.atomic
def edit(incident: Incident, *, by: Actor, version: int, values: Mapping[str, Any], reason: str = "") -> None:
    """Set editable fields, if the incident's version is still `version`.

    A new impact or urgency gives the priority anew and ends an override. Raises Invalid for unknown fields and refused
    values, Stale when somebody else edited it since.
    """
    require(by, "edit", incident)
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise Invalid({name: _("This field cannot be edited.") for name in unknown})
    checked_values = dict(values)
    if "title" in values:
        checked_values["title"] = check_title(values["title"])
    if "description" in values:
        checked_values["description"] = values["description"].replace("\x00", "").strip()
    if "call_back" in values:
        checked_values["call_back"] = check_call_back(values["call_back"])
    if "category" in values and values["category"] != incident.category:
        check_category(values["category"], queries.opening_categories(), "category")
    if "access" in values and values["access"] not in Access.values:
        raise Invalid({"access": _("Choose public, internal or confidential.")})
    if "attributes" in values:
        category = values.get("category", incident.category)
        checked_values["attributes"] = checked(queries.KIND, category, values["attributes"], before=incident.attributes)
    checked_values |= _priority_of(incident, values)
    edit_record(incident, by=by, version=version, values=checked_values, reason=reason)


@transaction.atomic
def override_priority(incident: Incident, *, by: Actor, version: int, priority: int, reason: str) -> None:
    """Set a priority that differs from the matrix, with the reason why. It lasts until impact or urgency change."""
    require(by, "override_priority", incident)
    errors = {}
    if priority not in Priority.values:
        errors["priority"] = _("The priority goes from 1 (critical) to 5 (planning).")
    if not reason.strip():
        errors["reason"] = _("Say why the matrix is wrong here.")
    if errors:
        raise Invalid(errors)
    edit_record(
        incident,
        by=by,
        version=version,
        values={"priority": priority, "priority_reason": reason.strip()[:500]},
        reason=reason,
    )


def _priority_of(incident: Incident, values: Mapping[str, Any]) -> dict[str, Any]:
    impact, urgency = values.get("impact", incident.impact), values.get("urgency", incident.urgency)
    if (impact, urgency) == (incident.impact, incident.urgency):
        return {}
    for name, level in (("impact", impact), ("urgency", urgency)):
        if level not in Level.values:
            raise Invalid({name: _("Choose 1 (high), 2 (medium) or 3 (low).")})
    return {"priority": queries.priority_for(impact, urgency), "priority_reason": ""}
