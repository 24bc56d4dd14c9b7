"""Simulated time."""

from datetime import UTC, date, datetime

import pytest

from datasource_fortnox.simulator.clock import Clock, swedish


def test_frozen_clock_stands_until_moved() -> None:
    clock = Clock.frozen("2026-01-01T00:00:00")
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.advance(-1) == datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_running_clock_follows_monotonic_time_from_where_it_was_set() -> None:
    seconds = [100.0]
    clock = Clock(datetime(2026, 1, 1, tzinfo=UTC), running=True, monotonic=lambda: seconds[0])
    seconds[0] += 5
    assert clock.now().second == 5
    clock.set("2026-06-01T12:00:00+02:00")
    seconds[0] += 1
    assert clock.now() == datetime(2026, 6, 1, 10, 0, 1, tzinfo=UTC)


def test_listeners_hear_every_move() -> None:
    heard = []
    clock = Clock.frozen("2026-01-01T00:00:00")
    clock.on_move(lambda: heard.append(clock.now().day))
    clock.advance(86400)
    clock.set("2026-01-09T00:00:00")
    assert heard == [2, 9]


@pytest.mark.parametrize(
    ("moment", "local"),
    [
        ("2026-03-29T00:59:59", "2026-03-29T01:59:59"),
        ("2026-03-29T01:00:00", "2026-03-29T03:00:00"),
        ("2026-10-25T00:59:59", "2026-10-25T02:59:59"),
        ("2026-10-25T01:00:00", "2026-10-25T02:00:00"),
        ("2026-07-01T22:30:00", "2026-07-02T00:30:00"),
    ],
)
def test_swedish_time_changes_on_the_last_sundays(moment: str, local: str) -> None:
    assert swedish(datetime.fromisoformat(moment)) == datetime.fromisoformat(local)


def test_today_is_the_swedish_day() -> None:
    assert Clock.frozen("2026-12-31T23:30:00+00:00").today() == date(2027, 1, 1)
