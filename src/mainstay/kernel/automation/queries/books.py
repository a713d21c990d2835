"""The rules as they are asked: read once for each version of all that they are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from mainstay.kernel.automation.engine.language import BOOL, NUMBER, STRING
from mainstay.kernel.automation.engine.planning import Book, Categories, Rule
from mainstay.kernel.automation.models import Rule as RuleRow
from mainstay.kernel.automation.models import Skill
from mainstay.kernel.automation.registry import actions_of, automated, fields_of
from mainstay.kernel.records.models import AttributeDefinition, AttributeType, Category

#: What a custom field is to a condition; the others are texts.
TYPES = {AttributeType.NUMBER: NUMBER, AttributeType.YES_NO: BOOL}


@dataclass(frozen=True)
class Kept:
    """Everything that rules are asked with, but for the record."""

    books: Mapping[str, Book]
    #: Of each category, chosen or not: itself and all above it, by id.
    paths: Mapping[int, tuple[str, ...]]
    #: The types of custom fields, by kind.
    attributes: Mapping[str, Mapping[str, str]]
    #: The categories that each skill is needed for.
    skills: Mapping[str, frozenset[str]]


def kept() -> Kept:
    """Return what rules are asked with now, in one statement unless something of it has changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT version FROM automation_version")
        (version,) = cursor.fetchone()
    return _kept_at(version)


@lru_cache(maxsize=4)
def _kept_at(version: UUID) -> Kept:
    """Read all of it, once for each version, which the database changes with any of it (as for rights)."""
    rows = {row.pk: row for row in Category.objects.all()}
    paths = {key: _path(row, rows) for key, row in rows.items()}
    choices = {row.slug: paths[key] for key, row in rows.items() if row.retired is None and row.opens}
    attributes = {kind: attribute_types(kind) for kind in automated()}
    return Kept(
        {kind: book_of(kind, _rules(kind), choices) for kind in automated()},
        paths,
        attributes,
        {skill.slug: frozenset(skill.categories) for skill in Skill.objects.filter(retired=None)},
    )


def _path(row: Category | None, rows: Mapping[int, Category]) -> tuple[str, ...]:
    return (row.slug, *_path(rows.get(row.parent_id or 0), rows)) if row else ()


def attribute_types(kind: str) -> dict[str, str]:
    """Return the types that the custom fields of a kind have in conditions."""
    found = AttributeDefinition.objects.filter(kind=kind, retired=None).values_list("slug", "type")
    return {slug: TYPES.get(AttributeType(type), STRING) for slug, type in found}


def _rules(kind: str) -> tuple[Rule, ...]:
    rows = sorted(RuleRow.objects.filter(kind=kind, retired=None), key=lambda row: (row.position, row.slug))
    return tuple(rule_from(row.slug, kind, vars(row)) for row in rows)


def rule_from(slug: str, kind: str, values: Mapping[str, Any]) -> Rule:
    """Return a rule as the engine takes it, from the values of a row."""
    does = {name: values["does"][name] for name in actions_of(kind) if name in values["does"]}
    return Rule(slug, values["name"], frozenset(values["occasions"]), values["condition"], does, values["stops"])


def book_of(kind: str, rules: tuple[Rule, ...], categories: Categories) -> Book:
    """Return rules with what they need to be planned with."""
    return Book(rules, {name: action.deed for name, action in actions_of(kind).items()}, categories)


def types_of(kind: str) -> dict[str, str]:
    """Return the type of every field that conditions about a kind may ask for."""
    return {name: field.type for name, field in fields_of(kind).items()}
