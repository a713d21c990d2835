"""Charts: bars are as long as their values, and stay inside."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.reports.engine.chart import HEIGHT, columns, lengths

VALUES = st.one_of(st.none(), st.floats(-1e6, 1e9, allow_subnormal=False))


@given(st.lists(st.tuples(VALUES, VALUES), max_size=60))
def test_bars_stand_inside_the_chart_and_follow_their_values(rows: list[tuple[float | None, float | None]]) -> None:
    chart = columns(rows)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.01
        assert bar.y >= -0.05
        assert bar.y + bar.height <= HEIGHT + 0.2
    above = sorted((bar for bar in chart.bars if bar.value > 0), key=lambda bar: bar.value)
    assert all(low.height <= high.height for low, high in pairwise(above))
    assert 2 <= len(chart.marks) <= 8
    assert len(chart.bars) == sum(1 for row in rows for value in row if value)


def test_lying_bars_are_as_long_as_the_share_of_the_longest() -> None:
    assert lengths([50, None, 200, 0, -3]) == [25.0, 0.0, 100.0, 0.0, 0.0]
    assert lengths([None, 0]) == [0.0, 0.0]
    assert lengths([]) == []


def test_names_do_not_crowd() -> None:
    names = columns([(1.0,)] * 365).names
    assert len(names) <= 12
    assert 1 <= sum(name.always for name in names) <= 4
