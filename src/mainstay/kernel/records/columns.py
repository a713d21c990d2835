"""The columns that lists of records can show, each with the paths it reads."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what it reads; the first path is what an export writes."""

    label: Any
    paths: tuple[str, ...]


COLUMNS: dict[str, Column] = {
    "number": Column(_("Number"), ("number",)),
    "title": Column(_("Title"), ("title",)),
    "state": Column(_("State"), ("state", "state_category")),
    "priority": Column(_("Priority"), ("priority",)),
    "category": Column(_("Category"), ("category__name",)),
    "team": Column(_("Team"), ("team__name",)),
    "assignee": Column(_("Assignee"), ("assignee__name",)),
    "requester": Column(_("Caller"), ("requester__name",)),
    "organisation": Column(_("Organisation"), ("organisation__name",)),
    "opened": Column(_("Opened"), ("opened",)),
    "updated": Column(_("Updated"), ("updated",)),
    "due": Column(_("Due"), ("due",)),
    "resolved": Column(_("Resolved"), ("resolved",)),
}
DEFAULT_COLUMNS = ("number", "title", "state", "priority", "team", "assignee", "updated")
