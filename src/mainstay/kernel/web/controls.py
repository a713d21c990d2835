"""What a Django form field is drawn as: the kind of control, its value and its attributes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone

#: Attributes the components set themselves.
OWN = {"class", "id", "name", "required", "disabled", "rows", "type"}
PICKERS = {forms.DateTimeInput: "datetime-local", forms.DateInput: "date", forms.TimeInput: "time"}


@dataclass(frozen=True)
class Control:
    """One control. `kind` is an input type, or textarea, select, checkbox, radios, checkboxes, other."""

    kind: str
    value: Any
    groups: Any
    multiple: bool
    rows: int
    attributes: dict[str, Any]


def control(bound: BoundField) -> Control:
    """Describe how a bound field is drawn; what was typed is kept, also when it was refused."""
    widget = bound.field.widget
    own = bound.build_widget_attrs({}, widget)
    attributes = {key: value for key, value in {**own, **widget.attrs}.items() if key not in OWN}
    attributes = {key: value for key, value in attributes.items() if not key.startswith("aria-")}
    kind = _kind(widget)
    choices = isinstance(widget, forms.widgets.ChoiceWidget)
    value = widget.check_test(bound.value()) if kind == "checkbox" else _shown(kind, bound, widget)
    return Control(
        kind=kind,
        value=value,
        groups=widget.optgroups(bound.html_name, value) if choices else (),
        multiple=bool(getattr(widget, "allow_multiple_selected", False)),
        rows=int(widget.attrs.get("rows", 6)),
        attributes=attributes,
    )


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, forms.RadioSelect):
        return "checkboxes" if isinstance(widget, forms.CheckboxSelectMultiple) else "radios"
    for picker, kind in PICKERS.items():
        if isinstance(widget, picker):
            return kind
    if isinstance(widget, forms.Textarea):
        return "textarea"
    return str(widget.attrs.get("type") or getattr(widget, "input_type", None) or "other")


def _shown(kind: str, bound: BoundField, widget: forms.Widget) -> Any:
    """Return the value as its control wants it; browsers' pickers want ISO 8601 in the viewer's zone."""
    value = bound.value()
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if kind in PICKERS.values() and isinstance(value, (datetime, date, time)):
        return value.isoformat(timespec="minutes") if isinstance(value, time) else value.isoformat()[:16]
    return widget.format_value(value)


def options_of(form: forms.Form, name: str) -> list[Any]:
    """Return what a choice of a form offers."""
    options: Any = _choice(form, name).choices
    return list(options)


def offer(form: forms.Form, name: str, options: Iterable[Any]) -> None:
    """Let a choice of a form offer these options, as (value, label) or grouped; what it offered before is gone."""
    _choice(form, name).choices = list(options)


def _choice(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
