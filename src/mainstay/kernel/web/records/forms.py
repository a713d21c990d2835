"""Forms about records, whatever their kind: choices of rows, custom fields, and what a refusal leaves on them."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mainstay.kernel.practice.errors import Invalid, Refusal
from mainstay.kernel.records.attributes import definitions
from mainstay.kernel.records.models import AttributeDefinition, AttributeType, Category
from mainstay.kernel.records.queries import category_path

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
