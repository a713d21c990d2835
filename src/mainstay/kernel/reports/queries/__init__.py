"""Counting. Whatever a report says is computed from the cases that its reader sees, in a handful of statements."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.models import Record
from mainstay.kernel.records.queries import visible_to
from mainstay.kernel.reports.engine.periods import DAY, midnight
from mainstay.kernel.reports.expressions import DAY as SECONDS
from mainstay.kernel.reports.expressions import Bucket, Epoch
from mainstay.kernel.reports.queries.asking import Asked
from mainstay.kernel.reports.registry import Dimension, Measure, Report, Values

#: No report may keep the database busy for longer.
LONGEST = "20s"
#: How old what stands open is, in days from the first to before the last, and how that is called.
AGES = (0, 2, 6, 31, 91)
#: Names of annotations, which no column of a record begins with.
KEY, TITLE, MEASURE, ENDED = "report_key", "report_title", "report_measure_", "report_ended"


@dataclass(frozen=True)
class Row:
    """A row of a report: the key that an address names it by, and the value of each measure, None for nothing."""

    key: str
    label: str
    values: Values
    #: The first and last day of a period.
    days: tuple[date, date] | None = None


@dataclass(frozen=True)
class Table:
    """What a report says: its rows, and all of them together, which is computed and not added up."""

    rows: list[Row]
    total: Row


def cases(actor: Actor, report: Report) -> QuerySet[Record]:
    """Return the cases of a report: those that `actor` works on or oversees, never more."""
    rows = visible_to(actor, "read_internal").annotate(**report.annotations())
    return rows.filter(report.rows) if report.rows else rows


@contextmanager
def patience() -> Iterator[None]:
    """Give up what takes too long. Raises NotPossible, with what to do about it."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
                yield
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        except OperationalError as error:
            if not isinstance(error.__cause__, QueryCanceled):
                raise
            raise NotPossible(_("This takes too long. Choose fewer days, or a team.")) from None


def tabulate(actor: Actor, asked: Asked) -> Table:
    """Compute a report. At most two statements for each column of instants that its measures go by.

    Raises NotPossible when it takes too long.
    """
    rows = cases(actor, asked.report).filter(asked.selection.condition())
    with patience():
        return _stock(rows, asked) if asked.report.stock else _flow(rows, asked)


def total(actor: Actor, asked: Asked) -> Row:
    """Compute only what all rows of a report amount to, in one statement for each column of instants."""
    rows = cases(actor, asked.report).filter(asked.selection.condition())
    return _stock_total(rows, asked) if asked.report.stock else _flow_total(rows, asked)


def _flow(rows: QuerySet[Record], asked: Asked) -> Table:
    """Count what happened in each period, or to each group."""
    found: dict[Any, dict[str, Any]] = {}
    for moment, measures in _by_moment(asked.report).items():
        for row in _divided(_within(rows, asked, moment), asked, moment).annotate(**_aggregates(measures)):
            into = found.setdefault(row[KEY], {TITLE: row.get(TITLE)})
            into |= {each.name: row[MEASURE + each.name] for each in measures}
    return Table(_rows(asked, found), _flow_total(rows, asked))


def _flow_total(rows: QuerySet[Record], asked: Asked) -> Row:
    found: dict[str, Any] = {}
    for moment, measures in _by_moment(asked.report).items():
        counted = _within(rows, asked, moment).aggregate(**_aggregates(measures))
        found |= {name.removeprefix(MEASURE): value for name, value in counted.items()}
    return Row("", _("Total"), _complete(asked.report, found))


def _within(rows: QuerySet[Record], asked: Asked, moment: str) -> QuerySet[Record]:
    first, last = asked.boundaries
    return rows.filter(**{f"{moment}__gte": first, f"{moment}__lt": last})


def _aggregates(measures: Sequence[Measure]) -> dict[str, Any]:
    return {MEASURE + each.name: _aggregate(each) for each in measures}


def _by_moment(report: Report) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for each in report.measures:
        if each.derived is None:
            found.setdefault(each.moment, []).append(each)
    return found


def _aggregate(measure: Measure) -> Any:
    where = measure.where or None
    return measure.aggregate(where) if measure.aggregate else Count("pk", filter=where)


def _divided(rows: QuerySet[Record], asked: Asked, moment: str) -> QuerySet[Any, dict[str, Any]]:
    """Return rows in groups, of periods or whatever else it is divided by."""
    by = asked.dimension
    groups: QuerySet[Any, Any]
    if by is None:
        edges = [midnight(first, asked.zone) for first, _last in asked.periods]
        groups = rows.annotate(**{KEY: Bucket(moment, edges) - 1}).order_by().values(KEY)
    elif by.title:
        groups = rows.annotate(**{KEY: F(by.key), TITLE: F(by.title)}).order_by().values(KEY, TITLE)
    else:
        groups = rows.annotate(**{KEY: _key_of(by)}).order_by().values(KEY)
    return groups


def _key_of(by: Dimension) -> Any:
    return F(by.key) if isinstance(by.key, str) else by.key


def _rows(asked: Asked, found: Mapping[Any, Mapping[str, Any]]) -> list[Row]:
    """Return the rows in their order: each period, or the groups that there are, the largest first."""
    by = asked.dimension
    if by is None:
        return [
            Row(first.isoformat(), first.isoformat(), _complete(asked.report, found.get(index, {})), (first, last))
            for index, (first, last) in enumerate(asked.periods)
        ]
    rows = [
        Row("" if key is None else str(key), _name(by, key, values[TITLE]), _complete(asked.report, values))
        for key, values in found.items()
    ]
    if by.ordered:
        return sorted(rows, key=lambda row: row.key, reverse=by.stocks)
    drawn = asked.report.drawn[0]
    return sorted(rows, key=lambda row: (-(row.values[drawn] or 0), row.label.lower(), row.key))


def _name(by: Dimension, key: Any, title: str | None) -> str:
    if key is None or key == "":
        return _("None")
    return str(title or by.called(key))


def _complete(report: Report, found: Mapping[str, Any]) -> dict[str, float | None]:
    """Return a value for every measure: nothing counted is 0, the rest of nothing is None; then what is derived."""
    values: dict[str, float | None] = {}
    for each in report.measures:
        if each.derived is None:
            value = found.get(each.name)
            values[each.name] = 0 if value is None and each.unit == "cases" else value
    for each in report.measures:
        if each.derived is not None:
            values[each.name] = each.derived(values)
    return {each.name: values[each.name] for each in report.measures}


def _stock(rows: QuerySet[Record], asked: Asked) -> Table:
    """Count what stood open at the end of each period, or stands open at the end of all in each group.

    Whatever was opened and ended in the same two periods is counted as one, so that one statement does for all ends.
    """
    by, end, overall = asked.dimension, asked.boundaries[1], _stock_total(rows, asked)
    if by is not None:
        divided = _divided(_open_at(rows, end).alias(**_ages(asked)), asked, "opened")
        found = {
            row[KEY]: {TITLE: row.get(TITLE), **_stand(asked, end, row["count"], row["sum"])}
            for row in divided.annotate(count=Count("pk"), sum=Sum(Epoch("opened")))
        }
        return Table(_rows(asked, found), overall)
    days = asked.periods
    ends = [midnight(last + DAY, asked.zone) for _first, last in days]
    spans = list(_spans(rows, ends))
    standing = [[span for span in spans if _covers(span, index)] for index in range(len(ends))]
    return Table(
        [
            Row(
                first.isoformat(),
                first.isoformat(),
                _stand(asked, ends[index], sum(s["count"] for s in open_), sum(s["sum"] for s in open_)),
                (first, last),
            )
            for index, ((first, last), open_) in enumerate(zip(days, standing, strict=True))
        ],
        overall,
    )


def _stock_total(rows: QuerySet[Record], asked: Asked) -> Row:
    end = asked.boundaries[1]
    counted = _open_at(rows, end).aggregate(count=Count("pk"), opened=Sum(Epoch("opened")))
    return Row("", _("At the end"), _stand(asked, end, counted["count"], counted["opened"]))


def _spans(rows: QuerySet[Record], ends: Sequence[datetime]) -> QuerySet[Any, Any]:
    """Return how many cases were opened before one end and ended before another, with the sum of their openings."""
    rows = _with_end(rows).filter(opened__lt=ends[-1]).filter(Q(**{f"{ENDED}__gte": ends[0]}) | Q(**{ENDED: None}))
    placed = rows.annotate(begun=Bucket("opened", ends), done=Bucket(F(ENDED), ends)).order_by()
    return placed.values("begun", "done").annotate(count=Count("pk"), sum=Sum(Epoch("opened")))


def _covers(span: Mapping[str, Any], index: int) -> bool:
    return span["begun"] <= index and (span["done"] is None or index < span["done"])


def _with_end(rows: QuerySet[Record]) -> QuerySet[Record]:
    """What is cancelled ends without being resolved."""
    return rows.alias(**{ENDED: Coalesce("resolved", "closed")})


def _open_at(rows: QuerySet[Record], instant: datetime) -> QuerySet[Record]:
    return _with_end(rows).filter(Q(**{f"{ENDED}__gte": instant}) | Q(**{ENDED: None}), opened__lt=instant)


def _stand(asked: Asked, end: datetime, count: int, opened: float | None) -> dict[str, float | None]:
    """Return the two measures of a stock: how many, and their mean age in days; of the future nothing is known."""
    at = min(end, midnight(asked.today + DAY, asked.zone)).timestamp()
    return {"cases": count, "mean_age": (at - (opened or 0) / count) / SECONDS if count else None}


def _ages(asked: Asked) -> dict[str, Any]:
    """Return the age of what stands open at the end, as the number of boundaries of `AGES` that it is younger than."""
    last = min(asked.end, asked.today)
    edges = [midnight(last + DAY - days * DAY, asked.zone) for days in reversed(AGES[1:])]
    return {"report_age": Bucket("opened", edges)}


def age_called(key: Any) -> str:
    """Return what an age is called, from the number of boundaries that the opening has reached."""
    index = len(AGES) - 1 - int(key)
    if index == len(AGES) - 1:
        return _("More than %(days)d days") % {"days": AGES[index] - 1}
    return _("%(first)d to %(last)d days") % {"first": AGES[index], "last": AGES[index + 1] - 1}


def behind(actor: Actor, asked: Asked, measure: Measure, key: str | None) -> QuerySet[Record]:
    """Return the very cases that a number counts: of one row's `key`, or without it of all rows.

    Raises Invalid for a key that this report has not.
    """
    rows = cases(actor, asked.report).filter(asked.selection.condition())
    by, days = asked.dimension, (asked.start, asked.end)
    if by is None and key is not None:
        days = next((each for each in asked.periods if each[0].isoformat() == key), days)
        if days[0].isoformat() != key:
            raise Invalid({"key": _("There is no such row.")})
    first, last = asked.between(*days)
    if asked.report.stock:
        rows = _open_at(rows, last).alias(**_ages(asked))
    else:
        rows = rows.filter(**{f"{measure.moment}__gte": first, f"{measure.moment}__lt": last})
    rows = rows.filter(measure.where) if measure.where else rows
    if by is None or key is None:
        return rows
    try:
        value = by.read(key.replace("\x00", "")) if key else None
    except ValueError:
        raise Invalid({"key": _("There is no such row.")}) from None
    rows = rows.alias(**{KEY: _key_of(by)})
    return rows.filter(**{KEY: value}) if value is not None else rows.filter(Q(**{KEY: None}))
