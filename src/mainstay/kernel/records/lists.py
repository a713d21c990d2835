"""Lists of records: filtered by an allowlist, sorted by what has an index, paged by keyset.

A list reads Record's own columns only, so its cost follows the rows it shows and not the size of the table. All that
makes up a list (filters, order, columns, place) stands in its address.
"""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.engine.decision import Standing
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.practice.statements import KEPT, Statement
from mainstay.kernel.records.columns import DEFAULT_COLUMNS, known, reads
from mainstay.kernel.records.filters import FILTERS, Chosen
from mainstay.kernel.records.models import Record

#: What a list can be sorted by, with the columns of the index that carries it. Numbers rise with the row's id, but for
#: a record that became another kind: it keeps the place of its coming.
SORTS: dict[str, tuple[str, ...]] = {
    "number": ("id",),
    "updated": ("updated", "id"),
    "opened": ("opened", "id"),
    "priority": ("priority", "id"),
}
DEFAULT_SORT = "-updated"
LONGEST_TEXT = 200
TITLE_WORDS = SearchVector("title", config="simple")


@dataclass(frozen=True)
class Selection:
    """A list as its address describes it. Without a kind it holds records of every one."""

    kind: str
    filters: Mapping[str, tuple[Chosen, ...]]
    text: str = ""
    sort: str = DEFAULT_SORT
    columns: tuple[str, ...] = DEFAULT_COLUMNS
    cursor: str = ""

    def __hash__(self) -> int:
        return hash((self.kind, *self.filters.items(), self.text, self.sort, self.columns, self.cursor))

    def address(self, *, cursor: str = "", sort: str = "") -> str:
        """Return the query string of this list, `?` included, at another place or in another order."""
        order = sort or self.sort
        pairs = [(slug, chosen.value) for slug, values in self.filters.items() for chosen in values]
        pairs += [("q", self.text)] * bool(self.text)
        pairs += [("sort", order)] * (order != DEFAULT_SORT)
        pairs += [("columns", ",".join(self.columns))] * (self.columns != DEFAULT_COLUMNS)
        pairs += [("cursor", cursor)] * bool(cursor)
        return f"?{urlencode(pairs)}"

    def without(self, slug: str, value: str) -> "Selection":
        """Return this list from its beginning without one value of a filter."""
        kept = tuple(chosen for chosen in self.filters[slug] if chosen.value != value)
        filters = {**self.filters, slug: kept}
        return replace(self, filters={name: values for name, values in filters.items() if values})

    def condition(self) -> Q:
        """Return the filters and the text as one condition on records of the kind."""
        condition = Q(kind=self.kind) if self.kind else Q()
        for slug, values in self.filters.items():
            condition &= FILTERS[slug].condition(values)
        return condition & _text_condition(self.text)


def read(actor: Actor, kind: str, parameters: "MultiValueDict[str, str]") -> Selection:
    """Understand the parameters of a list's address. Raises Invalid for unknown parameters and values."""
    if unknown := set(parameters) - {*FILTERS, "q", "sort", "columns", "cursor"}:
        raise Invalid({name: _("There is no filter %(name)s.") % {"name": name} for name in sorted(unknown)})
    filters = {
        slug: FILTERS[slug].choose(actor, kind, list(dict.fromkeys(filter(None, parameters.getlist(slug)))))
        for slug in FILTERS
        if any(parameters.getlist(slug))
    }
    sort = parameters.get("sort") or DEFAULT_SORT
    if sort.removeprefix("-") not in SORTS:
        raise Invalid({"sort": _("A list can be sorted by %(names)s.") % {"names": ", ".join(SORTS)}})
    text = " ".join((parameters.get("q") or "").replace("\x00", "").split())[:LONGEST_TEXT]
    columns = _columns(kind, parameters.getlist("columns"))
    return Selection(kind, filters, text, sort, columns, parameters.get("cursor") or "")


def _columns(kind: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return the chosen columns: `columns=a,b` or `columns=a&columns=b`; the number always leads."""
    names = [name for part in given for name in part.split(",") if name]
    columns = known(kind, names)
    if unknown := set(names) - set(columns):
        raise Invalid({"columns": _("There is no column %(names)s.") % {"names": ", ".join(sorted(unknown))}})
    return ("number", *(name for name in columns if name in names and name != "number")) if names else DEFAULT_COLUMNS


def _text_condition(text: str) -> Q:
    """Return the condition of a text: a number, or words of the title of which the last may be unfinished."""
    words = ["".join(sign for sign in word if sign.isalnum()) for word in text.split()]
    words = [word for word in words if word]
    if not words:
        return Q() if not text else Q(pk__in=())
    query = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
    titled = Q(
        pk__in=Record.objects.alias(words=TITLE_WORDS)
        .filter(words=SearchQuery(query, config="simple", search_type="raw"))
        .values("pk")
    )
    return titled | Q(number__in=_numbers(text))


def _numbers(text: str) -> list[str]:
    """Return the numbers that a text may mean: INC-000123, inc-123, inc123, 123."""
    prefix = "".join(sign for sign in text if sign.isalpha()).upper()
    digits = "".join(sign for sign in text if sign.isdecimal() and sign.isascii())
    if not digits or text.replace("-", "").upper() != prefix + digits:
        return []
    prefixes = [prefix] if prefix else [kind.prefix for kind in kinds.values()]
    return [f"{each}-{digits.lstrip('0'):0>6}" for each in prefixes]


@dataclass(frozen=True)
class Page:
    """The rows of one page of a list, and the cursors of its neighbours, empty where there is none."""

    rows: list[dict[str, Any]]
    previous: str = ""
    next: str = ""


def page(actor: Actor, rows_of: Callable[[Actor], QuerySet[Record]], selection: Selection, *, size: int) -> Page:
    """Return one page of the records that `rows_of` limits to what `actor` may see, in a single query.

    Raises Invalid for a cursor that this list did not give out.
    """
    names = SORTS[selection.sort.removeprefix("-")]
    backwards, position = _decode(selection.cursor, names) if selection.cursor else (False, None)
    if selection.text or position:
        rows = list(_rows(rows_of(actor), selection, backwards, position, size + 1))
    else:
        rows = _first(actor.standing, rows_of, selection, size + 1)()
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    onward, back = (True, more) if backwards else (more, bool(selection.cursor))
    return Page(
        rows,
        previous=_encode(rows[0], names, backwards=True) if rows and back else "",
        next=_encode(rows[-1], names, backwards=False) if rows and onward else "",
    )


def _rows(
    records: QuerySet[Record], selection: Selection, backwards: bool, position: tuple[Any, ...] | None, most: int
) -> QuerySet[Record, dict[str, Any]]:
    names = SORTS[selection.sort.removeprefix("-")]
    records = records.filter(selection.condition())
    falling = selection.sort.startswith("-") != backwards
    if position is not None:
        beyond = TupleLessThan if falling else TupleGreaterThan
        records = records.filter(beyond(tuple(map(F, names)), position))
    order = [f"-{name}" if falling else name for name in names]
    rows: QuerySet[Record, dict[str, Any]] = records.order_by(*order).values(*paths(selection.columns, names))
    return rows[:most]


@lru_cache(maxsize=KEPT)
def _first(
    standing: Standing, rows_of: Callable[[Actor], QuerySet[Record]], selection: Selection, most: int
) -> Statement[dict[str, Any]]:
    """Return the question for the first page of a list: what people open again and again."""
    return Statement(lambda: _rows(rows_of(Actor(standing)), selection, False, None, most))


def paths(columns: Sequence[str], sort: Sequence[str] = ()) -> list[str]:
    """Return the paths of Record's columns that showing `columns` takes."""
    wanted = [path for name in columns for path in reads(name)]
    return list(dict.fromkeys(["id", "kind", "number", "title", *wanted, *sort]))


def _encode(row: Mapping[str, Any], names: Sequence[str], *, backwards: bool) -> str:
    place = [int(backwards), *(_plain(row[name]) for name in names)]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else value.isoformat()


def _decode(cursor: str, names: Sequence[str]) -> tuple[bool, tuple[Any, ...]]:
    try:
        backwards, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if len(values) != len(names) or not all(isinstance(value, (int, str)) for value in values):
            raise ValueError(cursor)
        columns = {field.name: field for field in Record._meta.concrete_fields}
        position = tuple(columns[name].to_python(value) for name, value in zip(names, values, strict=True))
    except (ValueError, TypeError, ValidationError, RecursionError):
        raise Invalid({"cursor": _("This page is no longer known: start from the first.")}) from None
    if any(value is None or (isinstance(value, int) and abs(value) >= 2**63) for value in position):
        raise Invalid({"cursor": _("This page is no longer known: start from the first.")})
    return bool(backwards), position
