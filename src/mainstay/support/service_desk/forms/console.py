"""The forms of those who work at the desk."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.records.models import Access, Category
from mainstay.kernel.web.records.forms import (
    ATTRIBUTE,
    CategoryField,
    ChangeForm,
    FieldMaker,
    PersonField,
    attribute_fields,
    attributes_in,
    choice,
    escalation,
    reached,
    shown_attributes,
    text,
    values_of,
)
from mainstay.support.incidents.models import Level
from mainstay.support.incidents.queries import KIND as INCIDENT
from mainstay.support.incidents.queries import opening_categories
from mainstay.support.incidents.queries import teams_for as teams_for_incidents
from mainstay.support.service_desk.models import Contact, Source, Type
from mainstay.support.service_desk.queries import desk

#: Every value a move can take, as a field. Made for the organisations concerned.
MOVE_FIELDS: dict[str, FieldMaker] = {
    "team": lambda where: choice(_("Team"), desk.teams_for(where), required=False),
    "person": lambda where: PersonField(_("Person"), desk.people_for(where), required=False),
    "solution": lambda where: text(_("Answer"), help_text=_("The caller reads this.")),
    "reason": lambda where: text(_("Reason")),
    **escalation(desk.teams_for, desk.superiors_for),
}


def level(label: Any) -> forms.TypedChoiceField:
    """Return a choice of impact or urgency."""
    return forms.TypedChoiceField(label=label, choices=Level.choices, coerce=int, initial=Level.LOW, required=False)


class EditForm(ChangeForm):
    """A contact's own fields."""

    title = forms.CharField(label=_("Title"), max_length=250)
    description = text(_("Description"), rows=6, required=False)
    type = forms.ChoiceField(
        label=_("Type"), choices=Type.choices, help_text=_("A complaint has its own owner and a date.")
    )
    call_back = reached(_("Call back"))
    access = forms.ChoiceField(label=_("Who may see it"), choices=Access.choices)

    def further_fields(self, record: Contact) -> dict[str, forms.Field]:
        """Return the category and the custom fields."""
        category = CategoryField(_("Category"), opening_categories(), required=False)
        return {"category": category, **super().further_fields(record)}

    def initial_of(self, record: Contact) -> dict[str, Any]:
        """Return what the form shows of a contact."""
        shown = ("title", "description", "type", "access", "call_back", "version")
        return {
            **{name: getattr(record, name) for name in shown},
            "category": record.category.slug if record.category else None,
            **shown_attributes(record.attributes),
        }


class TurningForm(forms.Form):
    """What an incident has beyond the contact it was."""

    impact = level(_("Impact"))
    urgency = level(_("Urgency"))

    def __init__(self, contact: Contact, data: QueryDict | None = None) -> None:
        shown = {
            "category": contact.category.slug if contact.category else None,
            "version": contact.version,
            **shown_attributes(contact.attributes),
        }
        super().__init__(data, initial=shown)
        self.fields["category"] = CategoryField(_("Category"), opening_categories(), required=False)
        by_rule = _("Leave it open to let the rules decide.")
        teams = teams_for_incidents([contact.organisation])
        self.fields["team"] = choice(_("Team"), teams, required=False, help_text=by_rule)
        self.fields |= attribute_fields(INCIDENT, contact.category)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Return what `actions.turn_into_incident` takes."""
        given = values_of(self)
        plain = {name: value for name, value in given.items() if not name.startswith(ATTRIBUTE)}
        return {**plain, "attributes": attributes_in(given)}


class CallForm(forms.Form):
    """What a caller says, and what is done about it at once."""

    title = forms.CharField(label=_("What is it about?"), max_length=250)
    description = text(_("Description"), rows=4, required=False)
    for_whom = forms.CharField(
        label=_("For somebody else"), max_length=300, required=False, help_text=_("Name or e-mail address")
    )
    source = forms.ChoiceField(
        label=_("Reached us by"),
        choices=[(each.value, each.label) for each in (Source.PHONE, Source.WALK_IN, Source.MAIL)],
        required=False,
    )
    type = forms.ChoiceField(label=_("Type"), choices=Type.choices, required=False)
    call_back = reached(_("Call back"))
    solution = text(_("Answer"), rows=3, required=False, help_text=_("The caller reads this."))
    impact = level(_("Impact"))
    urgency = level(_("Urgency"))

    def __init__(self, actor: Actor, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields["category"] = CategoryField(_("Category"), opening_categories(), required=False)
        by_rule = _("Leave it open to let the rules decide.")
        teams = teams_for_incidents(desk.served(actor))
        self.fields["team"] = choice(_("Team"), teams, required=False, help_text=by_rule)
        self.fields |= attribute_fields("contact", self._category())

    def _category(self) -> Category | None:
        return opening_categories().filter(slug=self["category"].value() or "").first()

    def values(self) -> dict[str, Any]:
        """Return what `actions.take_call` takes, but for the caller and the person concerned."""
        given = values_of(self)
        plain = {name: given[name] for name in given if not name.startswith(ATTRIBUTE) and name != "for_whom"}
        return {**plain, "attributes": attributes_in(given)}
