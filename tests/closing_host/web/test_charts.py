"""Pictures in whole units: every amount inside, the scale round, the same for the same amounts."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.web.charts import bars, lines

ORE = st.integers(-(10**16), 10**16)


def test_bars_stand_on_the_zero_line_and_negative_ones_hang_below() -> None:
    drawn = bars([2_500_000, -100_000, 750_000, 0, 312_550])
    heights = [bar.height for bar in drawn.bars]
    assert heights[0] == max(heights)
    assert all(bar.y + bar.height == drawn.zero for bar in drawn.bars if bar.value > 0)
    assert [bar.y for bar in drawn.bars if bar.value <= 0] == [drawn.zero, drawn.zero]
    assert heights[3] == 0
    assert [bar.above for bar in drawn.bars] == [True, False, True, True, True]


def test_a_small_amount_beside_a_large_one_can_still_be_seen() -> None:
    assert [bar.height for bar in bars([10**15, 1, -1]).bars][1:] == [1, 1]


def test_nothing_at_all_is_a_flat_picture() -> None:
    assert [bar.height for bar in bars([0, 0, 0, 0, 0]).bars] == [0] * 5
    assert bars([]).bars == ()


@given(st.lists(ORE, min_size=1, max_size=8))
def test_every_bar_lies_inside_the_picture(values: list[int]) -> None:
    drawn = bars(values)
    for bar in drawn.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= drawn.width
        assert 20 <= bar.y <= bar.y + bar.height <= drawn.height - 20


def test_a_line_keeps_its_level_until_the_next_change() -> None:
    days = [date(2025, 1, 1) + timedelta(n) for n in range(5)]
    drawn = lines(days, [[0, 100, 100, 0, 0]], width=108, left=0, height=138)
    assert drawn.paths == ("M0 112H25V12H75V112H100",)


def test_amounts_of_the_scale_are_round_and_hold_all_of_the_series() -> None:
    days = [date(2025, 1, 31), date(2025, 2, 1)]
    drawn = lines(days, [[-61_062_50, 0], [12_000_00, 3]], marked=date(2025, 2, 1))
    assert [tick.value for tick in drawn.amounts] == [-10_000_000, -5_000_000, 0, 5_000_000]
    assert [tick.at for tick in drawn.amounts] == sorted((tick.at for tick in drawn.amounts), reverse=True)
    assert [(tick.at, tick.value) for tick in drawn.months] == [(drawn.right, 2)]
    assert drawn.marked == drawn.right
    assert lines(days, [[0, 0]], marked=date(2024, 1, 1)).marked is None


@given(st.lists(st.tuples(ORE, ORE), min_size=1, max_size=40))
def test_every_point_lies_inside_the_picture_and_few_lines_cross_it(amounts: list[tuple[int, int]]) -> None:
    days = [date(2025, 1, 1) + timedelta(n) for n in range(len(amounts))]
    drawn = lines(days, [[one for one, _ in amounts], [other for _, other in amounts]])
    for path in drawn.paths:
        start = re.match(r"M(\d+) (\d+)", path)
        assert start is not None
        across = [int(start[1]), *(int(x) for x in re.findall(r"H(\d+)", path))]
        upward = [int(start[2]), *(int(y) for y in re.findall(r"V(\d+)", path))]
        assert across == sorted(across)
        assert drawn.left <= across[0]
        assert across[-1] <= drawn.right
        assert all(drawn.top <= y <= drawn.bottom for y in upward)
    assert 2 <= len(drawn.amounts) <= 6
    assert any(tick.value == 0 for tick in drawn.amounts)


def test_series_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="every day"):
        lines([date(2025, 1, 1)], [[1, 2]])
    with pytest.raises(ValueError, match="every day"):
        lines([], [])
