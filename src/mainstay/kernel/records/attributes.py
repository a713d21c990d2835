"""Custom fields: typed definitions, values in `Record.attributes`."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import BigIntegerField, CharField, Q, QuerySet
from django.utils.translation import gettext as _

from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.statements import Statement
from mainstay.kernel.records.models import AttributeDefinition, AttributeType, Category

LONGEST = {AttributeType.TEXT: 250, AttributeType.LONG_TEXT: 20_000, AttributeType.URL: 2000}


def definitions(kind: str, category: Category | None, *, public_only: bool = False) -> QuerySet[AttributeDefinition]:
    """Return the custom fields of records of `kind` in `category`, in their order; if wanted the public ones alone."""
    found = AttributeDefinition.objects.filter(Q(category=None) | Q(category=category), kind=kind, retired=None)
    return found.filter(public=True) if public_only else found


_definitions = Statement(
    lambda kind, category: AttributeDefinition.objects.filter(
        Q(category=None) | Q(category_id=category), kind=kind, retired=None
    ),
    kind=CharField(),
    category=BigIntegerField(),
)


def checked(
    kind: str,
    category: Category | None,
    values: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    *,
    public_only: bool = False,
    incomplete: bool = False,
) -> dict[str, Any]:
    """Return the attributes of a record with `values` set, each checked against its definition.

    With `public_only`, for requesters, the other definitions count as unknown and are not required. With `incomplete`
    none is: a mail cannot be asked for more than it says.
    A value of None or "" removes the attribute. Attributes of retired definitions that were there `before`
    stay. Raises Invalid, keyed `attributes.slug`, for unknown attributes, wrong values and missing ones.
    """
    asked = _definitions(kind=kind, category=category.pk if category else 0)
    known = {definition.slug: definition for definition in asked if definition.public or not public_only}
    result = dict(before or {})
    errors: dict[str, str] = {}
    for slug, value in values.items():
        if slug not in known:
            if result.get(slug) != value:
                errors[f"attributes.{slug}"] = _("There is no such field.")
        elif value in (None, ""):
            result.pop(slug, None)
        else:
            try:
                result[slug] = CHECKS[AttributeType(known[slug].type)](known[slug], value)
            except ValueError as problem:
                errors[f"attributes.{slug}"] = str(problem)
    errors |= {
        f"attributes.{slug}": _("This field is required.")
        for slug, definition in known.items()
        if definition.required and not incomplete and slug not in result and f"attributes.{slug}" not in errors
    }
    if errors:
        raise Invalid(errors)
    return result


def _text(definition: AttributeDefinition, value: Any) -> str:
    longest = LONGEST[AttributeType(definition.type)]
    if not isinstance(value, str) or "\x00" in value or len(value) > longest:
        raise ValueError(_("Give a text of at most %(number)d characters.") % {"number": longest})
    return value


def _number(definition: AttributeDefinition, value: Any) -> int | float:
    if isinstance(value, str):
        try:
            value = float(value) if "." in value else int(value)
        except ValueError:
            raise ValueError(_("Give a number.")) from None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) > 1e15:
        raise ValueError(_("Give a number."))
    return value


def _date(definition: AttributeDefinition, value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(_("Give a date such as 2026-11-22.")) from None


def _yes_no(definition: AttributeDefinition, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(_("Answer yes or no."))
    return value


def _choice(definition: AttributeDefinition, value: Any) -> str:
    if value not in definition.choices:
        raise ValueError(_("Choose one of: %(choices)s.") % {"choices": ", ".join(definition.choices)})
    return str(value)


def _url(definition: AttributeDefinition, value: Any) -> str:
    if urlsplit(_text(definition, value)).scheme not in ("http", "https"):
        raise ValueError(_("Give an address that starts with https:// or http://."))
    return str(value)


CHECKS = {
    AttributeType.TEXT: _text,
    AttributeType.LONG_TEXT: _text,
    AttributeType.NUMBER: _number,
    AttributeType.DATE: _date,
    AttributeType.YES_NO: _yes_no,
    AttributeType.CHOICE: _choice,
    AttributeType.URL: _url,
}
