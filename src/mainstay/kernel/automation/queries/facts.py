"""What conditions are asked of: the facts of a record."""

from collections.abc import Collection, Mapping
from typing import Any

from mainstay.kernel.automation.engine.language import ATTRIBUTES, BOOL, INTEGER, LIST, NUMBER, STRING
from mainstay.kernel.automation.queries.books import Kept
from mainstay.kernel.automation.registry import automated, fields_of

#: What a field holds where there is nothing.
EMPTY: dict[str, Any] = {STRING: "", INTEGER: 0, NUMBER: 0.0, BOOL: False, LIST: [], ATTRIBUTES: {}}
#: So much of a text is asked and kept; a condition's time depends on it.
LONGEST = 10_000


def facts_of(record: Any, kept: Kept, undecided: Collection[str] = ()) -> dict[str, Any]:
    """Return the facts of a record. What nobody decided on counts as empty."""
    fields = fields_of(record.kind)
    facts = {name: _plain(field.read(record)) for name, field in fields.items()}
    for name, field in fields.items():
        if field.watches in undecided:
            facts[name] = EMPTY[field.type]
    path = [] if record.category_id is None else kept.paths.get(record.category_id, ())
    facts |= {"category": path[0] if path else "", "categories": list(path)}
    facts["teams"] = list(automated()[record.kind].teams(record.organisation).values_list("slug", flat=True))
    facts["attributes"] = _attributes(record.attributes, kept.attributes[record.kind])
    return facts


def _plain(value: Any) -> Any:
    return value[:LONGEST] if isinstance(value, str) else value


def _attributes(values: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    found = {slug: values.get(slug, EMPTY[type]) for slug, type in types.items()}
    return {slug: float(value) if types[slug] == NUMBER else value for slug, value in found.items()}


def sample(kind: str, attributes: Mapping[str, str]) -> dict[str, Any]:
    """Return facts of a record of which nothing is known: every field, empty."""
    facts = {name: EMPTY[field.type] for name, field in fields_of(kind).items()}
    return facts | {"attributes": _attributes({}, attributes)}
