"""What the interface shows of reports."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from mainstay.kernel.reports.engine.periods import RANGES
from mainstay.kernel.reports.queries import Row, Table
from mainstay.kernel.reports.queries.asking import EXACT, Asked, divisions
from mainstay.kernel.reports.registry import Report
from mainstay.kernel.reports.wording import label_of, rounded
from mainstay.kernel.rest.schemas import Slug, closed

RangeName = Annotated[str, Field(json_schema_extra={"enum": [*RANGES, EXACT]}, max_length=20)]
ReportName = Annotated[
    str,
    Field(
        description="The report's name, as the list of reports gives it.", json_schema_extra={"pattern": "^[a-z-]+$"}
    ),
]
Day = Annotated[str, Field(min_length=10, max_length=10, json_schema_extra={"format": "date"})]


class ReportQuestion(BaseModel):
    """What is asked of a report. Days are those of the caller's time zone, the last one included.

    `start` and `end` go with the range `exact`, which is meant where they are given alone. `by` divides the cases: a
    report names what it can be divided by. The others narrow them, as they do in lists.
    """

    model_config = ConfigDict(extra="forbid")

    range: RangeName | None = None
    start: Day | None = None
    end: Day | None = None
    by: Slug | None = None
    team: Slug | None = None
    organisation: Slug | None = None
    category: Slug | None = None
    priority: Literal["1", "2", "3", "4", "5"] | None = None
    kind: Slug | None = None
    channel: Slug | None = None


@closed
class MeasureShown(TypedDict):
    """A column of a report."""

    name: str
    label: str
    unit: Literal["cases", "percent", "hours", "days", "minutes", "times", "points"]


@closed
class ReportShown(TypedDict):
    """A report: how it counts, in words; its columns; and what it can be divided by."""

    name: str
    label: str
    formula: str
    measures: list[MeasureShown]
    divisions: list[str]


@closed
class ReportList(TypedDict):
    """Every report there is."""

    items: list[ReportShown]


@closed
class RowShown(TypedDict):
    """A row: `key` is the first day of its period, or the short name of its group, empty for none.

    `values` are in the order of the measures; null where there is nothing to compute from.
    """

    key: str
    label: str
    values: list[float | None]


@closed
class ResultShown(TypedDict):
    """What a report says. `total` is computed of all rows together, not added up."""

    report: ReportShown
    start: date
    end: date
    time_zone: str
    by: str
    rows: list[RowShown]
    total: RowShown


def report_shown(report: Report) -> ReportShown:
    """Return a report as the interface shows it."""
    return {
        "name": report.name,
        "label": str(report.label),
        "formula": str(report.formula),
        "measures": [{"name": each.name, "label": str(each.label), "unit": each.unit} for each in report.measures],
        "divisions": list(divisions(report)),
    }


def result_shown(asked: Asked, table: Table) -> ResultShown:
    """Return a computed report as the interface shows it."""
    return {
        "report": report_shown(asked.report),
        "start": asked.start,
        "end": asked.end,
        "time_zone": asked.zone.key,
        "by": asked.by,
        "rows": [_row(asked, row) for row in table.rows],
        "total": _row(asked, table.total),
    }


def _row(asked: Asked, row: Row) -> RowShown:
    return {"key": row.key, "label": label_of(asked, row), "values": [rounded(value) for value in row.values.values()]}
