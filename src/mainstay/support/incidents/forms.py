"""What comes in through the pages: the forms of incidents, each field described once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.lifecycle import Move
from mainstay.kernel.people.models import Organisation, Team
from mainstay.kernel.records.models import Access, Category
from mainstay.kernel.web.records.forms import (
    ATTRIBUTE,
    CategoryField,
    attribute_fields,
    attributes_in,
    choice,
    reached,
    shown_attributes,
    text,
    values_of,
)
from mainstay.support.incidents import queries
from mainstay.support.incidents.models import Incident, Level, Priority


def level(label: Any, **details: Any) -> forms.TypedChoiceField:
    """Return a choice of impact or urgency."""
    return forms.TypedChoiceField(label=label, choices=Level.choices, coerce=int, **details)


#: Every value a move can take, as a field; `verb.value` goes before `value`. Made for the organisations concerned.
MOVE_FIELDS: dict[str, Callable[[Iterable[Organisation]], forms.Field]] = {
    "team": lambda where: choice(_("Team"), queries.teams_for(where), required=False),
    "person": lambda where: choice(_("Person"), queries.people_for(where), key="uuid", required=False),
    "hold.reason": lambda where: choice(_("Reason"), queries.hold_reasons()),
    "until": lambda where: forms.DateTimeField(
        label=_("Until"),
        required=False,
        help_text=_("It then goes on by itself. Leave it empty to wait for an answer."),
    ),
    "reason": lambda where: text(_("Reason")),
    "solution": lambda where: text(_("Solution"), help_text=_("The caller reads this.")),
    "closing_category": lambda where: CategoryField(_("Closing category"), queries.closing_categories()),
}


def move_form(
    move: Move,
    organisations: Iterable[Organisation],
    data: QueryDict | None = None,
    initial: Mapping[str, Any] | None = None,
) -> forms.Form:
    """Return the form of what a move requires and accepts; it has no fields where the move takes no values."""
    form = forms.Form(data, initial=dict(initial or {}))
    for name in (*move.requires, *move.accepts):
        make = MOVE_FIELDS.get(f"{move.verb}.{name}") or MOVE_FIELDS[name]
        form.fields[name] = make(organisations)
        form.fields[name].required = name in move.requires
    return form


class PriorityForm(forms.Form):
    """A priority that differs from the matrix."""

    priority = forms.TypedChoiceField(label=_("Priority"), choices=Priority.choices, coerce=int)
    reason = text(_("Why the matrix is wrong here"), max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)


class EditForm(forms.Form):
    """An incident's own fields. Hidden twins keep what was shown, so that only what was touched is saved."""

    title = forms.CharField(label=_("Title"), max_length=250)
    description = text(_("Description"), rows=6, required=False)
    impact = level(_("Impact"))
    urgency = level(_("Urgency"))
    call_back = reached(_("Call back"))
    access = forms.ChoiceField(label=_("Who may see it"), choices=Access.choices)

    def __init__(self, incident: Incident, data: Any = None) -> None:
        super().__init__(data, initial=initial_of(incident))
        self.fields["category"] = CategoryField(_("Category"), queries.opening_categories(), required=False)
        self.fields |= attribute_fields(queries.KIND, incident.category)
        for field in self.fields.values():
            field.show_hidden_initial = True
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def touched(self) -> dict[str, Any]:
        """Return the values that differ from what was shown, custom fields together as `attributes`."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}
        values = {name: value for name, value in changed.items() if not name.startswith(ATTRIBUTE)}
        attributes = attributes_in(changed)
        return {**values, **({"attributes": attributes} if attributes else {})}

    def merged(self, fresh: Incident) -> "EditForm":
        """Return this form on what the incident is now: what was typed stays, the rest follows the others' edits."""
        now, touched = EditForm(fresh), set(self.changed_data)
        data = QueryDict(mutable=True)
        for name in now.fields:
            current = now[name].value()
            typed = self.data.get(name, "") if name in touched else current
            data[name] = typed if typed is not None else ""
            data[now[name].html_initial_name] = current if current is not None else ""
        data["version"] = str(fresh.version)
        return EditForm(fresh, data)


def initial_of(incident: Incident) -> dict[str, Any]:
    """Return what the edit form shows of an incident."""
    return {
        "title": incident.title,
        "description": incident.description,
        "impact": incident.impact,
        "urgency": incident.urgency,
        "access": incident.access,
        "call_back": incident.call_back,
        "category": incident.category.slug if incident.category else None,
        "version": incident.version,
        **shown_attributes(incident.attributes),
    }


class TaskForm(forms.Form):
    """A new task."""

    title = forms.CharField(label=_("What is to be done"), max_length=250)
    due = forms.DateTimeField(label=_("Due"), required=False)
    mandatory = forms.BooleanField(label=_("Must be done before it can be resolved"), required=False)

    def __init__(self, incident: Incident, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["owner"] = choice(_("Who"), queries.people_for([incident.organisation]), "uuid", required=False)
        self.order_fields(["title", "owner"])


class WorkForm(forms.Form):
    """Working time."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=-1440, max_value=1440)
    note = forms.CharField(label=_("What for"), max_length=500, required=False)


#: How a link reads from this incident, and whether this incident is its source.
LINKS = {
    "relates_to": (_("relates to"), "relates_to", True),
    "parent": (_("is child of"), "parent_of", False),
    "child": (_("is parent of"), "parent_of", True),
    "causes": (_("causes"), "causes", True),
    "caused_by": (_("is caused by"), "causes", False),
    "duplicates": (_("duplicates"), "duplicates", True),
    "duplicated_by": (_("is duplicated by"), "duplicates", False),
}


class LinkForm(forms.Form):
    """A link to another record, by its number."""

    relation = forms.ChoiceField(label=_("This incident"), choices=[(slug, each[0]) for slug, each in LINKS.items()])
    number = forms.CharField(label=_("Number of the other"), max_length=20)


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
