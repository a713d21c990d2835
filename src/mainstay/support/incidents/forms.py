"""What comes in through the pages: the forms of incidents, each field described once."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.people.models import Team
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
from mainstay.support.incidents import queries
from mainstay.support.incidents.models import LEARNT, Incident, Level, MajorIncident, Priority


def level(label: Any, **details: Any) -> forms.TypedChoiceField:
    """Return a choice of impact or urgency."""
    return forms.TypedChoiceField(label=label, choices=Level.choices, coerce=int, **details)


#: Every value a move can take, as a field; `verb.value` goes before `value`. Made for the organisations concerned.
MOVE_FIELDS: dict[str, FieldMaker] = {
    "team": lambda where: choice(_("Team"), queries.teams_for(where), required=False),
    "person": lambda where: PersonField(_("Person"), queries.people_for(where), required=False),
    "hold.reason": lambda where: choice(_("Reason"), queries.hold_reasons()),
    "until": lambda where: forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("It then goes on by itself. Leave it empty to wait for an answer."),
    ),
    "reason": lambda where: text(_("Reason")),
    **escalation(queries.teams_for, queries.superiors_for),
    "solution": lambda where: text(_("Solution"), help_text=_("The caller reads this.")),
    "closing_category": lambda where: CategoryField(_("Closing category"), queries.closing_categories()),
}


class PriorityForm(forms.Form):
    """A priority that differs from the matrix."""

    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    reason = text(_("Why the matrix is wrong here"), max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)


class EditForm(ChangeForm):
    """An incident's own fields."""

    title = forms.CharField(label=_("Title"), max_length=250)
    description = text(_("Description"), rows=6, required=False)
    impact = level(_("Impact"))
    urgency = level(_("Urgency"))
    call_back = reached(_("Call back"))
    access = forms.ChoiceField(label=_("Who may see it"), choices=Access.choices)

    def further_fields(self, record: Incident) -> dict[str, forms.Field]:
        """Return the category and the custom fields."""
        category = CategoryField(_("Category"), queries.opening_categories(), required=False)
        return {"category": category, **super().further_fields(record)}

    def initial_of(self, record: Incident) -> dict[str, Any]:
        """Return what the form shows of an incident."""
        shown = ("title", "description", "impact", "urgency", "access", "call_back", "version")
        return {
            **{name: getattr(record, name) for name in shown},
            "category": record.category.slug if record.category else None,
            **shown_attributes(record.attributes),
        }


class FollowUpForm(forms.Form):
    """A new incident after a closed one."""

    reason = text(_("What is wrong again"))


class ViewForm(forms.Form):
    """A name for a list, and who finds it."""

    name = forms.CharField(label=_("Name"), max_length=100)
    owner_of = forms.ChoiceField(label=_("For whom"))

    def __init__(self, actor: Actor, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.teams = {str(team.uuid): team for team in Team.objects.filter(pk__in=actor.standing.team_ids)}
        choices = [("me", _("Only me")), *((key, team.name) for key, team in self.teams.items())]
        if actor.holds("incident.configure"):
            choices.append(("everyone", _("Everyone")))
        self.fields["owner_of"] = forms.ChoiceField(label=_("For whom"), choices=choices)

    def owner(self) -> dict[str, Any]:
        """Return name and owner of a valid form as `save_view` takes them."""
        whom = self.cleaned_data["owner_of"]
        return {"name": self.cleaned_data["name"], "team": self.teams.get(whom), "everyone": whom == "everyone"}


class BulkPriorityForm(forms.Form):
    """A priority for many, with its reason."""

    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    reason = text(_("Why the matrix is wrong here"), max_length=500)


class OpeningForm(forms.Form):
    """A new incident, as somebody at the desk takes it down."""

    requester = forms.CharField(label=_("Caller"), max_length=300, help_text=_("Name or e-mail address"))
    call_back = reached(_("Call back"))
    title = forms.CharField(label=_("Title"), max_length=250)
    description = text(_("Description"), rows=6, required=False)
    impact = level(_("Impact"), initial=Level.LOW)
    urgency = level(_("Urgency"), initial=Level.LOW)

    def __init__(self, actor: Actor, data: QueryDict | None = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        served = queries.organisations_served(actor, "create")
        self.fields["team"] = choice(_("Team"), queries.teams_for(served), required=False)
        self.fields["category"] = CategoryField(_("Category"), queries.opening_categories(), required=False)
        self.fields |= attribute_fields(queries.KIND, self._category())

    def _category(self) -> Category | None:
        """Return the category chosen so far: it decides which custom fields there are."""
        return queries.opening_categories().filter(slug=self["category"].value() or "").first()

    def values(self) -> dict[str, Any]:
        """Return the values of a valid form as `actions.create` takes them, the caller apart."""
        given = values_of(self)
        plain = {name: given[name] for name in given if not name.startswith(ATTRIBUTE) and name != "requester"}
        return {**plain, "attributes": attributes_in(given)}


#: What each step of a major incident is called.
MAJOR_TITLES: dict[str, Any] = {
    "propose": _("Propose as major incident"),
    "accept": _("Accept as major incident"),
    "reject": _("Reject"),
    "appoint": _("Change who leads"),
    "end": _("End the major incident"),
    "review": _("Look back"),
}
_WHO = {
    "leader": (_("Who leads"), True, ""),
    "speaker": (_("Who tells people about it"), False, _("Leave it empty when the same person does both.")),
}


def major_form(verb: str, incident: Incident, data: QueryDict | None, major: MajorIncident | None) -> forms.Form:
    """Return the form of a step of a major incident, with what is known of it already."""
    form = forms.Form(data)
    if verb in ("accept", "appoint"):
        people = queries.people_for([incident.organisation])
        for name, (label, required, help_text) in _WHO.items():
            form.fields[name] = choice(label, people, "uuid", required=required, help_text=help_text)
            person = getattr(major, name, None)
            form.fields[name].initial = person.uuid if person else None
    if verb == "review":
        words = {"causes": _("What caused it"), "went_well": _("What went well"), "to_improve": _("What to improve")}
        for name, label in words.items():
            known = getattr(major, name, "")
            form.fields[name] = text(label, required=name == "causes", initial=known, max_length=LEARNT)
    elif verb != "appoint":
        label = _("How it was restored") if verb == "end" else _("Reason")
        form.fields["reason"] = text(label, rows=2, max_length=500, required=verb != "accept")
    return form
