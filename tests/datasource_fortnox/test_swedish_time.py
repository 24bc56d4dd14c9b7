from datetime import UTC, datetime, timedelta

import pytest

from datasource_fortnox.simulator.clock import swedish
from datasource_fortnox.swedish_time import from_on, only_from, wall

QUARTER = timedelta(minutes=15)
CHANGES = (datetime(2025, 3, 30, 1, tzinfo=UTC), datetime(2025, 10, 26, 1, tzinfo=UTC))


def around(change: datetime) -> list[datetime]:
    return [change + QUARTER * n for n in range(-12, 13)]


def test_wall_time_agrees_with_the_simulators_own() -> None:
    for day in range(0, 730, 3):
        moment = datetime(2025, 1, 1, 11, 30, tzinfo=UTC) + timedelta(days=day)
        assert wall(moment) == swedish(moment)
    for change in CHANGES:
        assert [wall(each) for each in around(change)] == [swedish(each) for each in around(change)]


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_later_is_missed_and_nothing_earlier_is_counted_when_clocks_change(change: datetime) -> None:
    for moment in around(change):
        assert all(swedish(later) >= from_on(moment) for later in around(change) if later >= moment)
        assert all(swedish(earlier) < only_from(moment) for earlier in around(change) if earlier < moment)


def test_outside_the_hour_that_is_lived_twice_both_are_the_wall_time() -> None:
    for moment in (datetime(2026, 2, 14, 9, tzinfo=UTC), datetime(2025, 10, 26, 3, tzinfo=UTC)):
        assert from_on(moment) == only_from(moment) == wall(moment)
