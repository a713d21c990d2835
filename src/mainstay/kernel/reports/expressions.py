"""What measures are made of in SQL."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Avg,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    Sum,
    Value,
)

MINUTE, HOUR, DAY = 60, 3600, 86_400


class Percentile(Aggregate):
    """The value below which a fraction of a column lies; between two, in proportion (SQL's percentile_cont)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, fraction: float, **extra: Any) -> None:
        super().__init__(expression, fraction=float(fraction), **extra)


class Bucket(Func):
    """How many of the rising boundaries a column has reached (SQL's width_bucket): 0 lies before all of them."""

    function = "WIDTH_BUCKET"
    output_field = IntegerField()

    def __init__(self, expression: Any, boundaries: Sequence[datetime]) -> None:
        super().__init__(expression, Value(list(boundaries), output_field=ArrayField(DateTimeField())))


class Epoch(Func):
    """The seconds of a duration, or of an instant since 1970."""

    function = "EXTRACT"
    template = "%(function)s(EPOCH FROM (%(expressions)s))::float8"
    output_field = FloatField()


def hours_between(start: str, end: str) -> Any:
    """Return the plain hours from one column to another, whatever the hours of service are."""
    return Epoch(ExpressionWrapper(F(end) - F(start), output_field=DurationField())) / Value(float(HOUR))


def percentile(expression: Any, fraction: float) -> Callable[[Q | None], Any]:
    """Return what makes a measure of the value below which `fraction` of the rows lie."""
    return lambda where: Percentile(expression, fraction, filter=where)


def mean(expression: Any) -> Callable[[Q | None], Any]:
    """Return what makes a measure of the mean of the rows."""
    return lambda where: Avg(expression, filter=where, output_field=FloatField())


def total(expression: Any) -> Callable[[Q | None], Any]:
    """Return what makes a measure of the sum of the rows."""
    return lambda where: Sum(expression, filter=where)
