"""The columns that lists of records can show, each with the paths it reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from mainstay.kernel.records.models import AttributeDefinition


@dataclass(frozen=True)
class Column:
    """A column: its heading, and what it reads; the first path is what an export writes."""

    label: Any
    paths: tuple[str, ...]


COLUMNS: dict[str, Column] = {
    "number": Column(_("Number"), ("number",)),
    "title": Column(_("Title"), ("title",)),
    "kind": Column(_("Kind"), ("kind",)),
    "state": Column(_("State"), ("state", "state_category")),
    "priority": Column(_("Priority"), ("priority",)),
    "category": Column(_("Category"), ("category__name",)),
    "team": Column(_("Team"), ("team__name",)),
    "owner": Column(_("Owner"), ("owner__name",)),
    "assignee": Column(_("Assignee"), ("assignee__name",)),
    "requester": Column(_("Caller"), ("requester__name",)),
    "organisation": Column(_("Organisation"), ("organisation__name",)),
    "opened": Column(_("Opened"), ("opened",)),
    "updated": Column(_("Updated"), ("updated",)),
    "due": Column(_("Due"), ("due",)),
    "next_update": Column(_("Next news"), ("next_update",)),
    "attention": Column(_("Attention"), ("attention",)),
    "resolved": Column(_("Resolved"), ("resolved",)),
}
DEFAULT_COLUMNS = ("number", "title", "state", "priority", "team", "assignee", "updated")
#: Begins the names of columns that show a custom field: `attributes.asset-tag`.
CUSTOM = "attributes."


def columns_of(kind: str) -> dict[str, Column]:
    """Return every column that a list of records of `kind` can show: the shared ones, then its custom fields."""
    found = AttributeDefinition.objects.filter(kind=kind, retired=None)
    return COLUMNS | {f"{CUSTOM}{each.slug}": Column(each.label, reads(CUSTOM)) for each in found}


def known(kind: str, names: Iterable[str]) -> dict[str, Column]:
    """Return the columns to find `names` among; those of custom fields are only asked for where one is named."""
    return columns_of(kind) if any(name.startswith(CUSTOM) for name in names) else COLUMNS


def reads(name: str) -> tuple[str, ...]:
    """Return the paths of Record's columns that the column called `name` reads; custom fields all stand in one."""
    return ("attributes",) if name.startswith(CUSTOM) else COLUMNS[name].paths


def shown(row: Mapping[str, Any], name: str) -> Any:
    """Return what a row of a list holds in the column called `name`."""
    value = row[reads(name)[0]]
    return (value or {}).get(name.removeprefix(CUSTOM)) if name.startswith(CUSTOM) else value
