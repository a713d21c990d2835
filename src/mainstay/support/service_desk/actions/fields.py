"""Editing a contact's fields."""

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
from mainstay.support.incidents.actions.checks import check_call_back, check_category, check_title
from mainstay.support.incidents.queries import opening_categories
from mainstay.support.service_desk import queries
from mainstay.support.service_desk.actions.checks import check_type
from mainstay.support.service_desk.actions.owning import owning
from mainstay.support.service_desk.models import Contact

#: What a person may edit directly; everything else changes by a move.
EDITABLE = ("title", "description", "type", "category", "call_back", "access", "attributes")


@transaction.atomic
def edit(contact: Contact, *, by: Actor, version: int, values: Mapping[str, Any], reason: str = "") -> None:
    """Set editable fields, if the contact's version is still `version`.

    Another type gives the contact the owner and the date of that type. Raises Invalid for unknown fields and refused
    values, Stale when somebody else edited it since.
    """
    require(by, "edit", contact)
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise Invalid({name: _("This field cannot be edited.") for name in unknown})
    wanted = dict(values)
    if "title" in values:
        wanted["title"] = check_title(values["title"])
    if "description" in values:
        wanted["description"] = values["description"].replace("\x00", "").strip()
    if "call_back" in values:
        wanted["call_back"] = check_call_back(values["call_back"])
    if "category" in values and values["category"] != contact.category:
        check_category(values["category"], opening_categories(), "category")
    if "access" in values and values["access"] not in Access.values:
        raise Invalid({"access": _("Choose public, internal or confidential.")})
    if "attributes" in values:
        category = values.get("category", contact.category)
        wanted["attributes"] = checked(queries.KIND, category, values["attributes"], before=contact.attributes)
    if "type" in values and check_type(values["type"]) != contact.type:
        wanted |= owning(contact.organisation, values["type"], contact.opened)
    edit_record(contact, by=by, version=version, values=wanted, reason=reason)
