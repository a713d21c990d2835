"""Forms about records, whatever their kind: choices of rows, custom fields, and what a refusal leaves on them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.lifecycle import Move
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.errors import Invalid, Refusal
from mainstay.kernel.records.attributes import definitions
from mainstay.kernel.records.models import AttributeDefinition, AttributeType, Category
from mainstay.kernel.records.queries import category_path
from mainstay.kernel.web.records.absences import words_about

#: Begins the names of custom fields.
ATTRIBUTE = "attributes."


def text(label: Any, *, rows: int = 4, **details: Any) -> forms.CharField:
    """Return a field of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows}), **details)


def choice(label: Any, rows: QuerySet[Any], key: str = "slug", **details: Any) -> "forms.ModelChoiceField[Any]":
    """Return a choice of rows that the address and the form name by `key`."""
    details.setdefault("empty_label", "–")
    return forms.ModelChoiceField(rows, label=label, to_field_name=key, **details)


def reached(label: Any, **details: Any) -> forms.CharField:
    """Return the field of how the caller wants to be reached."""
    details.setdefault("help_text", _("A number, a room, a name in the chat."))
    return forms.CharField(label=label, max_length=200, required=False, **details)


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django takes no parameter at run time
    """A choice of people, each shown with until when they are away."""

    def __init__(self, label: Any, rows: QuerySet[Person], **details: Any) -> None:
        super().__init__(rows, label=label, to_field_name="uuid", **{"empty_label": "–", **details})

    def label_from_instance(self, obj: Person) -> str:
        words = self.__dict__.setdefault("_away", words_about(self._wanted()))
        name = obj.name
        return _now("%(name)s (away %(until)s)") % {"name": name, "until": words[obj.pk]} if obj.pk in words else name

    def _wanted(self) -> set[int]:
        return set(self.queryset.values_list("pk", flat=True)) if self.queryset is not None else set()


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django takes no parameter at run time
    """A choice of categories, each shown with those above it."""

    def __init__(self, label: Any, rows: QuerySet[Category], **details: Any) -> None:
        chosen = rows.select_related("parent__parent").order_by("parent__name", "name")
        details.setdefault("empty_label", "–")
        super().__init__(chosen, label=label, to_field_name="slug", **details)

    def label_from_instance(self, obj: Category) -> str:
        return category_path(obj)


def values_of(form: forms.Form) -> dict[str, Any]:
    """Return the values of a valid form that were given."""
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "")}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Show an action's refusal on the form it came from: beside its fields where it names them."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {"": refusal.message}
    for name, message in errors.items():
        form.add_error(name if name in form.fields else None, message)


YES_NO = (("", "–"), ("yes", _("Yes")), ("no", _("No")))
#: A custom field of each type. Their values are checked by `records.attributes`; here they only get a control.
ATTRIBUTE_FIELDS: dict[str, Callable[[AttributeDefinition], forms.Field]] = {
    AttributeType.TEXT: lambda each: forms.CharField(),
    AttributeType.LONG_TEXT: lambda each: forms.CharField(widget=forms.Textarea(attrs={"rows": 4})),
    AttributeType.NUMBER: lambda each: forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"})),
    AttributeType.DATE: lambda each: forms.CharField(widget=forms.TextInput(attrs={"type": "date"})),
    AttributeType.YES_NO: lambda each: forms.TypedChoiceField(choices=YES_NO, coerce=lambda value: value == "yes"),
    AttributeType.CHOICE: lambda each: forms.ChoiceField(choices=[("", "–"), *((name, name) for name in each.choices)]),
    AttributeType.URL: lambda each: forms.CharField(widget=forms.URLInput()),
}


def attribute_fields(kind: str, category: Category | None, *, public_only: bool = False) -> dict[str, forms.Field]:
    """Return the custom fields of records of a kind in a category, by `attributes.slug`; if wanted the public ones."""
    fields = {}
    for definition in definitions(kind, category, public_only=public_only):
        field = ATTRIBUTE_FIELDS[definition.type](definition)
        field.label, field.help_text, field.required = definition.label, definition.help, definition.required
        if isinstance(field, forms.TypedChoiceField):
            field.empty_value = None
        fields[f"{ATTRIBUTE}{definition.slug}"] = field
    return fields


def attributes_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the custom fields among a form's values, by their slugs."""
    return {name.removeprefix(ATTRIBUTE): value for name, value in values.items() if name.startswith(ATTRIBUTE)}


def shown_attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored custom fields as their controls show them."""
    words = {True: "yes", False: "no"}
    return {
        f"{ATTRIBUTE}{slug}": words[value] if isinstance(value, bool) else value for slug, value in attributes.items()
    }


#: Makes the field of a value that a move takes, for the organisations concerned.
FieldMaker = Callable[[Iterable[Organisation]], forms.Field]
#: Returns the rows to choose from for the organisations concerned.
Choosing = Callable[[Iterable[Organisation]], QuerySet[Any]]


def escalation(teams: Choosing, superiors: Choosing) -> dict[str, FieldMaker]:
    """Return the fields of an escalation: to a team that knows more, or to a person who decides."""
    knows = _("One that knows more: it then has the case.")
    decides = _("One who decides: they are told and watch the case from now on.")
    return {
        "escalate.team": lambda where: choice(_("Team"), teams(where), required=False, help_text=knows),
        "escalate.person": lambda where: choice(
            _("Person"), superiors(where), key="uuid", required=False, help_text=decides
        ),
    }


def move_form(
    makers: Mapping[str, FieldMaker],
    move: Move,
    organisations: Iterable[Organisation],
    data: QueryDict | None = None,
    initial: Mapping[str, Any] | None = None,
    also: Mapping[str, forms.Field] | None = None,
) -> forms.Form:
    """Return the form of what a move requires and accepts, and of what is asked also; without fields where the move
    takes no values."""
    form = forms.Form(data, initial=dict(initial or {}))
    for name in (*move.requires, *move.accepts):
        make = makers.get(f"{move.verb}.{name}") or makers[name]
        form.fields[name] = make(organisations)
        form.fields[name].required = name in move.requires
    form.fields |= also or {}
    return form


class ChangeForm(forms.Form):
    """A record's own fields. Hidden twins keep what was shown, so that only what was touched is saved.

    A kind's own form declares its fields; `initial_of` returns what they show of a record, its version among it.
    """

    def __init__(self, record: Any, data: Any = None) -> None:
        super().__init__(data, initial=self.initial_of(record))
        self.fields |= self.further_fields(record)
        for field in self.fields.values():
            field.show_hidden_initial = True
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    def initial_of(self, record: Any) -> dict[str, Any]:
        """Return what the form shows of a record."""
        raise NotImplementedError

    def further_fields(self, record: Any) -> dict[str, forms.Field]:
        """Return the fields that depend on the record: its category's custom fields, for one."""
        return attribute_fields(record.kind, record.category)

    def touched(self) -> dict[str, Any]:
        """Return the values that differ from what was shown, custom fields together as `attributes`."""
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name != "version"}
        values = {name: value for name, value in changed.items() if not name.startswith(ATTRIBUTE)}
        attributes = attributes_in(changed)
        return {**values, **({"attributes": attributes} if attributes else {})}

    def merged(self, fresh: Any) -> "ChangeForm":
        """Return this form on what the incident is now: what was typed stays, the rest follows the others' edits."""
        now, touched = type(self)(fresh), set(self.changed_data)
        data = QueryDict(mutable=True)
        for name in now.fields:
            current = now[name].value()
            typed = self.data.get(name, "") if name in touched else current
            data[name] = typed if typed is not None else ""
            data[now[name].html_initial_name] = current if current is not None else ""
        data["version"] = str(fresh.version)
        return type(self)(fresh, data)


class TaskForm(forms.Form):
    """A new task."""

    title = forms.CharField(label=_("What is to be done"), max_length=250)
    due = forms.DateTimeField(label=_("Due"), required=False)
    mandatory = forms.BooleanField(label=_("Must be done before it can be resolved"), required=False)

    def __init__(self, people: QuerySet[Person], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["owner"] = choice(_("Who"), people, "uuid", required=False)
        self.order_fields(["title", "owner"])


class WorkForm(forms.Form):
    """Working time."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=-1440, max_value=1440)
    note = forms.CharField(label=_("What for"), max_length=500, required=False)


#: How a link reads from this record, and whether this record is its source.
LINKS = {
    "relates_to": (_("relates to"), "relates_to", True),
    "parent": (_("is child of"), "parent_of", False),
    "child": (_("is parent of"), "parent_of", True),
    "causes": (_("causes"), "causes", True),
    "caused_by": (_("is caused by"), "causes", False),
    "duplicates": (_("duplicates"), "duplicates", True),
    "duplicated_by": (_("is duplicated by"), "duplicates", False),
}


class MergeForm(forms.Form):
    """The record in which another goes on."""

    number = forms.CharField(
        label=_("Number of the case in which it goes on"),
        max_length=20,
        help_text=_("Its conversation, files, tasks, links and watchers show there; everybody sees what they saw."),
    )


class LinkForm(forms.Form):
    """A link to another record, by its number."""

    relation = forms.ChoiceField(label=_("This record"), choices=[(slug, each[0]) for slug, each in LINKS.items()])
    number = forms.CharField(label=_("Number of the other"), max_length=20)
