"""What the operators of a search stand for, as somebody: they are the filters of the lists, for all kinds at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Field, PositiveSmallIntegerField, Q
from django.utils.translation import gettext as _

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import EqualsAny
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.filters import FILTERS, Chosen, Filter
from mainstay.kernel.records.models import Record
from mainstay.kernel.search.engine.nearness import nearest
from mainstay.kernel.search.engine.operators import Operator

for field_type in (CharField, PositiveSmallIntegerField):
    field_type.register_lookup(EqualsAny)


def operators() -> dict[str, Filter]:
    """Return the filters that a search takes, by their names: those of all practices that say what may be named."""
    return {slug: each for slug, each in FILTERS.items() if each.offers is not None}


#: Where a value is looked for that the operator itself does not have: `state:open` says no state but a phase.
ELSE = {"state": "phase"}
#: So many values are named when one is refused.
MOST_NAMED = 12


@dataclass(frozen=True)
class Shape:
    """A condition but for its values: columns, each with whether it may be empty, any of which must fit (or none)."""

    columns: tuple[tuple[str, bool], ...]
    excluded: bool
    internal: bool

    @property
    def places(self) -> "dict[str, Field[Any, Any]]":
        """The places that its values take in a statement."""
        return {self.place(column): ArrayField(_plain(column)) for column, _empty in self.columns}

    def place(self, column: str) -> str:
        """Return the name of the place for the values of a column."""
        return f"{'without' if self.excluded else 'with'}_{column}"

    def condition(self, values: Mapping[str, Any]) -> Q:
        """Return the condition with values, or what will hold their place; records need `reads_whole`."""
        fits = Q(pk__in=())
        for column, empty in self.columns:
            fits |= Q(**{f"{column}__equals_any": values[self.place(column)]})
            fits |= Q(**{f"{column}__isnull": True}) if empty else Q(pk__in=())
        wanted = ~fits if self.excluded else fits
        return wanted & Q(reads_whole=True) if self.internal else wanted


def _plain(column: str) -> "Field[Any, Any]":
    """Return the field of a column, perhaps of a kind's own table, or of what it refers to, as plain values."""
    *tables, name = column.removesuffix("_id").split("__")
    model: Any = Record
    for table in tables:
        model = model._meta.get_field(table).related_model
    field: Any = model._meta.get_field(name)
    plain: Field[Any, Any] = getattr(field, "target_field", field)
    return plain


@dataclass(frozen=True)
class Conditions:
    """All operators of a search: their shapes, and the values for the places of these."""

    shapes: tuple[Shape, ...] = ()
    values: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    @property
    def given(self) -> dict[str, list[Any]]:
        """The values by their places."""
        return {place: list(values) for place, values in self.values}


def understood(actor: Actor, asked: Iterable[Operator]) -> Conditions:
    """Return what operators mean for `actor`. An operator given twice takes the values of both.

    Raises Invalid, keyed `q`, for an operator or a value that there is not, with those that there are.
    """
    keys: dict[tuple[bool, str], dict[str, list[Any]]] = {}
    for operator in asked:
        columns = keys.setdefault((operator.excluded, operator.name), {})
        for each, chosen in _meanings(actor, operator):
            for column in each.columns:
                columns.setdefault(column, []).extend(chosen.keys)
    shapes, values = [], []
    for (excluded, name), columns in keys.items():
        fitting = tuple((column, None in found) for column, found in sorted(columns.items()))
        shape = Shape(fitting, excluded, operators()[name].internal)
        shapes.append(shape)
        values += [(shape.place(column), _sorted(columns[column])) for column, _empty in fitting]
    return Conditions(tuple(shapes), tuple(values))


def _sorted(keys: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(sorted({key for key in keys if key is not None}))


def _meanings(actor: Actor, operator: Operator) -> list[tuple[Filter, Chosen]]:
    known = operators()
    filters = [known[name] for name in (operator.name, ELSE.get(operator.name, "")) if name in known]
    if not filters:
        raise Invalid({"q": _unknown(operator.name)})
    offered = [(each, chosen) for each in filters if each.offers for chosen in each.offers(actor)]
    if not operator.values:
        raise Invalid({"q": _refused(filters[0], "", [chosen for _each, chosen in offered])})
    return [_meaning(actor, filters[0], value, offered) for value in operator.values]


def _meaning(
    actor: Actor, asked: Filter, value: str, offered: Sequence[tuple[Filter, Chosen]]
) -> tuple[Filter, Chosen]:
    """Return what a value stands for: by its short name, or as people read it."""
    named = value.casefold()
    for known in ({_value(chosen): (each, chosen) for each, chosen in reversed(offered)}, _by_label(offered)):
        if named in known:
            return known[named]
    if asked.named is not None and (found := asked.named(actor, value)):
        return asked, found[0]
    raise Invalid({"q": _refused(asked, value, [chosen for _each, chosen in offered])})


def _value(chosen: Chosen) -> str:
    return chosen.value.casefold()


def _by_label(offered: Sequence[tuple[Filter, Chosen]]) -> dict[str, tuple[Filter, Chosen]]:
    return {chosen.label.casefold(): (each, chosen) for each, chosen in reversed(offered)}


def _unknown(name: str) -> str:
    words = {"name": name, "names": ", ".join(operators())}
    return _('There is no operator %(name)s. Possible: %(names)s. Words with a colon stand in "quotes".') % words


def _refused(asked: Filter, value: str, offered: Sequence[Chosen]) -> str:
    """Return what is said of a value that there is not: what was probably meant first, then what is possible."""
    possible = [chosen.value for chosen in offered]
    near = nearest(value, {name: chosen.value for chosen in offered for name in (chosen.value, chosen.label)})
    words = {"filter": asked.label, "value": value, "names": ", ".join(dict.fromkeys([*near, *possible[:MOST_NAMED]]))}
    if asked.named is not None and value:
        return (
            _("%(filter)s: there is nobody called %(value)s. Give a whole name, an e-mail address, or: %(names)s.")
            % words
        )
    if not value:
        return _("%(filter)s: say which. Possible: %(names)s.") % words
    return _("%(filter)s: there is no %(value)s. Possible: %(names)s.") % words
