"""Statements that Django writes once: afterwards only their parameters change.

To write a statement takes Django longer than PostgreSQL needs to answer it. A page that asks fifteen questions, the
same for everybody but for their parameters, asks them through this; all other code uses querysets as they are.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Expression, Field, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesIterable,
    ValuesListIterable,
    get_related_populators,
)

#: So many statements of one kind a process keeps, one for each standing: all kinds together take 180 kB for a person.
KEPT = 256
Row = TypeVar("Row")
Rows = Sequence[tuple[Any, ...]]


class Parameter(Expression):
    """The place of a value in a statement. Filters take it as they take `F()`, but for `in`: use `equals_any`."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Leave the place open."""
        return "%s", [self]

    def bind(self, value: Any) -> Any:
        """Return what goes to the database in this place."""
        return self.output_field.get_db_prep_value(value, connection)


class Statement(Generic[Row]):
    """A queryset with open places. Called with their values, it returns the rows that the queryset would have.

    `Statement(lambda record: Task.objects.filter(record_id=record), record=BigIntegerField())`: the function is called
    once, with a `Parameter` for each place, when the statement is first asked. What it knows by then stands in the
    statement: one that speaks of what somebody may see is kept by their `Standing` and by nothing less.

    Rows may be `values`, `values_list` and objects with `select_related`; neither prefetched nor annotated objects.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], **places: "Field[Any, Any]") -> None:
        self.build, self.places = build, places

    def __call__(self, **values: Any) -> list[Row]:
        """Ask with a value for every place. Raises TypeError when one is missing or unknown."""
        if values.keys() != self.places.keys():
            raise TypeError(f"This statement takes {', '.join(self.places)}.")
        if self._written is None:
            return []
        sql, parameters, shape = self._written
        bound = [each.bind(values[each.name]) if isinstance(each, Parameter) else each for each in parameters]
        with connection.cursor() as cursor:
            cursor.execute(sql, bound)
            return shape(cursor.fetchall())

    @cached_property
    def _written(self) -> tuple[str, Sequence[Any], Callable[[Rows], list[Row]]] | None:
        """The text, its parameters, and what turns rows into what the queryset yields; None if nothing can be found."""
        queryset = self.build(**{name: Parameter(name, field) for name, field in self.places.items()})
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        shape = SHAPES[queryset._iterable_class](queryset, compiler)
        converters = compiler.get_converters([expression for expression, _sql, _alias in compiler.select])
        if not converters:
            return sql, parameters, shape
        return sql, parameters, lambda rows: shape(list(map(tuple, compiler.apply_converters(rows, converters))))


def _as_dictionaries(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[Rows], list[Any]]:
    names = list(queryset.query.selected or ())
    return lambda rows: [dict(zip(names, row, strict=True)) for row in rows]


def _as_objects(queryset: QuerySet[Any, Any], compiler: Any) -> Callable[[Rows], list[Any]]:
    """As `ModelIterable` of Django does it, with what it finds out for every question found out once."""
    info, select = compiler.klass_info, compiler.select
    model, places = info["model"], info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    names = [expression.target.attname for expression, _sql, _alias in select[own]]
    related = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # types of Django 6

    def objects(rows: Rows) -> list[Any]:
        made = [model.from_db(DEFAULT_DB_ALIAS, names, row[own]) for row in rows]
        for each in related:
            for row, one in zip(rows, made, strict=True):
                each.populate(row, one)
        return made

    return objects


SHAPES: dict[type, Callable[[QuerySet[Any, Any], Any], Callable[[Rows], list[Any]]]] = {
    ModelIterable: _as_objects,
    ValuesIterable: _as_dictionaries,
    ValuesListIterable: lambda queryset, compiler: list,
    FlatValuesListIterable: lambda queryset, compiler: lambda rows: [row[0] for row in rows],
}
