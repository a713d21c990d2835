"""The chart of a computed report, with all that its page draws."""

from dataclasses import dataclass

from mainstay.kernel.reports.engine.chart import Chart, columns, lengths
from mainstay.kernel.reports.queries import Row, Table
from mainstay.kernel.reports.queries.asking import Asked
from mainstay.kernel.reports.registry import Measure
from mainstay.kernel.reports.wording import label_of

#: So many groups are drawn; the table has all.
MOST_GROUPS = 15


@dataclass(frozen=True)
class Drawing:
    """What a chart shows: measures of one unit over rows, standing in time or lying for groups."""

    measures: list[Measure]
    rows: list[Row]
    labels: list[str]
    standing: Chart | None
    #: For each group the length of its bar for each measure, in per cent.
    lying: list[list[float]]
    left_out: int


def drawing(asked: Asked, table: Table) -> Drawing:
    """Return the chart of a report."""
    names = asked.report.drawn
    measures = [each for each in asked.report.measures if each.name in names]
    in_time = asked.dimension is None
    rows = table.rows if in_time else table.rows[:MOST_GROUPS]
    values = [[row.values[name] for name in names] for row in rows]
    flat = lengths([value for row in values for value in row])
    lying = [flat[at : at + len(names)] for at in range(0, len(flat), len(names))]
    return Drawing(
        measures,
        rows,
        [label_of(asked, row) for row in rows],
        columns(values) if in_time else None,
        [] if in_time else lying,
        len(table.rows) - len(rows),
    )
