"""Pictures of a year month by month."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.web.monthly_charts import columns, trend

ORE = st.one_of(st.none(), st.integers(-(10**16), 10**16))


def test_columns_of_a_month_stand_beside_each_other_on_the_zero_line() -> None:
    drawn = columns([[1_000, -500, None], [500, 1, 0]])
    first, second = drawn.columns
    assert first[0].x + first[0].width == second[0].x
    assert first[0].x <= drawn.middles[0] <= second[0].x + second[0].width
    assert (first[0].y + first[0].height, first[1].y) == (drawn.zero, drawn.zero)
    assert abs(first[0].height - 2 * second[0].height) <= 1
    assert (first[2].height, second[1].height, second[2].height) == (0, 1, 0)


def test_a_line_goes_through_the_months_and_stops_where_nothing_is_known() -> None:
    drawn = trend([[0, 1_000, None, 500]])
    (first, *_, last), top = drawn.middles, drawn.top
    assert drawn.paths == (f"M{first} {drawn.zero}h0L{drawn.middles[1]} {top}M{last} {(drawn.zero + top) // 2}h0",)


def test_months_without_room_have_short_labels() -> None:
    assert columns([[0] * 12]).spelt
    assert not columns([[0] * 18]).spelt
    assert not trend([[0] * 12], width=480).spelt


@given(st.integers(1, 24).flatmap(lambda n: st.lists(st.lists(ORE, min_size=n, max_size=n), min_size=1, max_size=3)))
def test_everything_lies_inside_the_picture_on_a_round_scale(series: list[list[int | None]]) -> None:
    drawn = columns(series)
    for bar in (bar for bars in drawn.columns for bar in bars):
        assert drawn.left <= bar.x <= bar.x + bar.width <= drawn.right
        assert drawn.top <= bar.y <= bar.y + bar.height <= drawn.bottom + 1
    for path in trend(series).paths:
        points = [(int(x), int(y)) for x, y in re.findall(r"[ML](\d+) (\d+)", path)]
        assert all(drawn.left <= x <= drawn.right and drawn.top <= y <= drawn.bottom for x, y in points)
    assert 2 <= len(drawn.amounts) <= 6


def test_series_without_months_or_of_another_length_are_refused() -> None:
    wrong: list[list[list[int]]] = [[], [[]], [[1], [1, 2]]]
    for series in wrong:
        with pytest.raises(ValueError, match="every month"):
            columns(series)
