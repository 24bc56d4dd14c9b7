"""The shared pace against a server that counts its own window (T 3d, D1-D4)."""

import itertools
from dataclasses import replace

import pytest
from benchmarks.pace import LIMIT, Caller, Server, run

from closing_host.api.errors import RateLimited
from closing_host.api.source import RateLimit
from closing_host.sources.pace import Allowance, Lane, Pace, refuse, take
from pacing import Rows, Time

ALLOWANCE = Allowance.of(LIMIT)


def pace(rows: Rows, time: Time, chance: float = 1.0) -> Pace:
    return Pace(rows, "k", ALLOWANCE, clock=time.clock, sleep=time.sleep, chance=lambda: chance)


def test_the_rate_is_nine_tenths_of_what_is_declared() -> None:
    assert (ALLOWANCE.top, ALLOWANCE.floor, ALLOWANCE.rise) == pytest.approx((4.5, 0.5, 0.2))
    assert Allowance.of(RateLimit(100, 1.0)).top == pytest.approx(90)


@pytest.mark.parametrize("processes", [1, 2, 4, 8])
@pytest.mark.parametrize("jitter", [0.0, 0.05, 0.1, 0.2])
def test_the_server_never_counts_more_than_it_allows(processes: int, jitter: float) -> None:  # D1
    result = run([Caller() for _ in range(processes)], seconds=900, jitter=jitter)

    assert result.server.fullest <= 25
    assert result.server.refused == 0
    assert result.use >= 0.75


def test_a_storm_of_refusals_is_met_with_silence_and_then_outlived() -> None:  # D2
    storm = Server(closed=lambda now: 300 <= now < 420)
    quiet = run([Caller() for _ in range(4)], seconds=300, jitter=0.1)
    stormy = run([Caller() for _ in range(4)], seconds=480, jitter=0.1, server=storm)
    later = run([Caller() for _ in range(4)], seconds=1200, jitter=0.1, server=Server(closed=storm.closed))

    normal_in_two_minutes = quiet.server.accepted / 300 * 120
    assert 0 < stormy.server.refused <= normal_in_two_minutes / 10
    assert stormy.server.accepted > quiet.server.accepted  # it answered again within a minute of the storm's end
    assert later.server.accepted - stormy.server.accepted > 0.75 * 5 * 720 * 0.9  # and came back to speed


def test_two_installations_that_do_not_know_of_each_other_both_get_through() -> None:  # D3
    callers = [Caller(installation=number % 2) for number in range(4)]
    run_in = run(callers, seconds=1800, jitter=0.1)

    calls = [sum(each.calls for each in callers if each.installation == number) for number in (0, 1)]
    assert min(calls) > 0.3 * sum(calls)
    assert run_in.server.refused < 0.02 * run_in.server.accepted


def test_tenants_have_a_pace_each_so_that_none_can_starve_another() -> None:  # D4
    shares = [run([Caller() for _ in range(workers)], seconds=600, jitter=0.1).use for workers in (2, 4, 8, 16)]
    jain = sum(shares) ** 2 / (len(shares) * sum(share**2 for share in shares))
    assert jain >= 0.95


def test_somebody_at_the_screen_does_not_wait_for_five_imports() -> None:  # D4
    person = Caller(lane="interactive")
    run(
        [*(Caller() for _ in range(5)), person],
        seconds=900,
        jitter=0.1,
        pause=lambda each: 1.0 if each is person else 0,
    )

    assert sorted(person.waits)[int(len(person.waits) * 0.95)] <= 2.0


@pytest.mark.parametrize("lane", ["interactive", "bulk"])
def test_either_lane_has_a_quarter_reserved(lane: Lane) -> None:
    callers = [Caller(lane="interactive" if number < 4 else "bulk") for number in range(8)]
    run(callers, seconds=900, jitter=0.05)

    assert sum(each.calls for each in callers if each.lane == lane) >= 0.24 * sum(each.calls for each in callers)


def test_a_refusal_halves_the_rate_down_to_a_floor_and_clean_time_raises_it_again() -> None:
    row = ALLOWANCE.fresh(0.0)
    for second in range(5):
        row = refuse(row, ALLOWANCE, 100.0 * second, sent_at=100.0 * second, retry_after=0.0, chance=0.0)
        row = replace(row, clean_from=100.0 * second + 100)
    assert row.rate == ALLOWANCE.floor
    row = refuse(ALLOWANCE.fresh(0.0), ALLOWANCE, 0.0, sent_at=0.0, retry_after=0.0, chance=0.0)
    assert row.rate == pytest.approx(2.25)
    row, _ = take(row, ALLOWANCE, "bulk", row.clean_from + 10.0)
    assert row.rate == pytest.approx(2.45)
    assert row.strikes == 0
    row, _ = take(row, ALLOWANCE, "bulk", row.clean_from + 1000.0)
    assert row.rate == ALLOWANCE.top


def test_calls_that_were_on_their_way_are_one_incident() -> None:
    row = refuse(ALLOWANCE.fresh(0.0), ALLOWANCE, 10.0, sent_at=9.9, retry_after=None, chance=1.0)
    again = refuse(row, ALLOWANCE, 10.1, sent_at=9.95, retry_after=None, chance=1.0)
    assert (again.rate, again.strikes) == (row.rate, 1)


@pytest.mark.parametrize(("refusals", "wait"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (30, 60)])
def test_the_wait_doubles_up_to_a_minute(refusals: int, wait: float) -> None:
    row, now = ALLOWANCE.fresh(0.0), 0.0
    for _ in range(refusals):
        now = row.free_at
        row = refuse(row, ALLOWANCE, now, sent_at=now, retry_after=None, chance=1.0)
    assert row.free_at - now == pytest.approx(wait)


def test_what_the_source_says_about_waiting_is_honoured() -> None:
    row = refuse(ALLOWANCE.fresh(0.0), ALLOWANCE, 50.0, sent_at=50.0, retry_after=17.0, chance=0.0)
    assert take(row, ALLOWANCE, "interactive", 50.0)[1] == pytest.approx(17.0)


def test_a_clock_that_is_set_back_stops_nobody_for_an_hour() -> None:
    row, wait = take(ALLOWANCE.fresh(10_000.0), ALLOWANCE, "bulk", 10_000.0)
    assert wait == 0
    row, wait = take(row, ALLOWANCE, "bulk", 6_400.0)
    assert 0 < wait < 0.23
    assert take(row, ALLOWANCE, "bulk", 6_401.0)[1] == 0


def test_clocks_that_differ_by_less_than_a_second_do_not_shorten_the_distance() -> None:
    row, _ = take(ALLOWANCE.fresh(100.0), ALLOWANCE, "bulk", 100.0)
    _, wait = take(row, ALLOWANCE, "bulk", 99.9)
    assert wait == pytest.approx(0.1 + 1 / 4.5)


@pytest.mark.anyio
async def test_turns_come_at_even_distances() -> None:
    rows, time = Rows(), Time()
    one, other = pace(rows, time), pace(rows, time)
    starts = [await each.turn("bulk", time.now + 60) for each in (one, other, one, other)]
    assert [b - a for a, b in itertools.pairwise(starts)] == pytest.approx([1 / 4.5] * 3, abs=0.002)


@pytest.mark.anyio
async def test_a_start_that_comes_too_late_is_refused_at_once_and_says_until_when() -> None:
    rows, time = Rows(), Time()
    busy = pace(rows, time)
    await busy.refused(await busy.turn("bulk", time.now), retry_after=30.0)

    with pytest.raises(RateLimited) as refused:
        await busy.turn("interactive", time.now + 20)
    assert time.slept == []
    assert refused.value.code == "source-busy"
    assert refused.value.retry_after == pytest.approx(30.0)
    assert refused.value.parameters["until"] == "1970-01-12T13:47:10+00:00"


@pytest.mark.anyio
async def test_a_refusal_told_by_one_holds_for_all_even_before_any_call() -> None:
    rows, time = Rows(), Time()
    await pace(rows, time).refused(time.now, None)
    started = await pace(rows, time).turn("bulk", time.now + 60)
    assert started - 1_000_000.0 == pytest.approx(5.0)
