"""Leases and crashes: whoever dies or stalls loses nothing and books nothing twice (B1, B2, B9, E7)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from closing_host.api.errors import ClosingError, SourceUnavailable
from closing_host.closing.entries import Status
from closing_host.storage.crashpoints import POINTS, crash_handler
from closing_host.storage.journal_lease import LEASE, LeaseLost, hold, left, release, take
from closing_host.transfers.exporting.desk import new_owner, take_batch
from export_firm import Firm, books_and_raises, raises

LOST = SourceUnavailable("source-silent")
EXPORT_POINTS = [each for each in POINTS if each.startswith("export.") and not each.endswith("choice")]


class Crash(BaseException):
    """The process is gone."""


def dying_at(point: str, nth: int = 1) -> Callable[[str], None]:
    passed = []

    def handler(name: str) -> None:
        if name == point:
            passed.append(name)
            if len(passed) == nth:
                raise Crash(name)

    return handler


@pytest.mark.parametrize("point", EXPORT_POINTS)
@pytest.mark.parametrize("booked", [True, False])
def test_a_crash_anywhere_loses_nothing_and_books_nothing_twice(firm: Firm, point: str, booked: bool) -> None:
    """The first answer is lost too, so that every point is passed."""
    entries = [firm.add(100), firm.add(200)]
    firm.ledger.script = [(books_and_raises if booked else raises)(LOST)]
    died = 0
    try:
        with crash_handler(dying_at(point)):
            firm.export("a")
            for _ in range(4):
                firm.later(minutes=3)
    except Crash:
        died = 1
    assert died, point
    if point == "export.before_freeze":
        firm.export("a")
    firm.to_rest()
    view = firm.status()
    assert (view.state, view.held_until, view.next_look) == ("COMPLETED", None, None)
    assert sorted(each.comment for each in firm.ledger.vouchers) == sorted(each.marker for each in entries)
    assert [firm.entry(each).status for each in entries] == [Status.TRANSFERRED] * 2


def test_the_points_of_a_choice_are_passed(firm: Firm) -> None:
    from closing_host.engagements.exporting import choices, mark_unlockable

    for point in ("export.before_choice", "export.after_choice"):
        with crash_handler(dying_at(point)), pytest.raises(Crash):
            mark_unlockable(firm.host, 1, ["I"])
        from export_firm import YEAR

        assert choices(firm.host, 1, YEAR).unlockable == ({"I"} if point.endswith("after_choice") else set())


def test_a_restart_takes_over_only_what_has_lapsed(firm: Firm) -> None:
    firm.add()
    with crash_handler(dying_at("export.after_send")), pytest.raises(Crash):
        firm.export()
    held = firm.status().held_until
    assert held is not None
    (view,) = firm.later(seconds=(held - firm.clock()).total_seconds() - 1)
    assert (view.vouchers[0].state, len(firm.ledger.sent)) == ("SENDING", 1)
    (view,) = firm.later(seconds=1)
    assert (view.vouchers[0].state, view.vouchers[0].reason) == ("AMBIGUOUS", "export-interrupted")
    assert view.next_look == firm.clock() + timedelta(minutes=3)  # for one that only stalled
    (view,) = firm.later(minutes=3)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1"])


@pytest.mark.parametrize(
    "point", [each for each in EXPORT_POINTS if "freeze" not in each and each != "export.before_lease"]
)
def test_an_exporter_that_stalls_until_its_lease_lapsed_can_do_nothing_more(firm: Firm, point: str) -> None:
    """Another takes over while it stands still, and brings all to rest; then it goes on."""
    for amount in (100, 200):
        firm.add(amount)
    firm.ledger.script = [raises(LOST)]
    other = firm.another()
    stalled: list[str] = []

    def handler(name: str) -> None:
        if name == point and not stalled:
            stalled.append(name)
            epoch = firm.journal()[0].lease_epoch
            run_elsewhere(other.to_rest)
            assert epoch < firm.journal()[0].lease_epoch or firm.journal()[0].lease_owner is None

    with crash_handler(handler):
        firm.export()
        for _ in range(3):
            firm.later(minutes=3)
    other.host.store.close()
    assert stalled
    assert len(firm.numbers) == 2, point
    assert firm.status().state == "COMPLETED"


def run_elsewhere(work: Callable[[], object]) -> None:
    """In a thread with a loop of its own, as another process would."""
    import threading

    failed: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def test_a_lease_is_one_holders_until_it_lapses_and_epochs_tell_them_apart(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    batch, _ = firm.journal()
    now = firm.clock()
    with firm.host.store.database.write() as connection:
        first = take(connection, batch.id, "one", now)
        assert first is not None
        assert take(connection, batch.id, "two", now + LEASE - timedelta(seconds=1)) is None
        hold(connection, first, now + timedelta(seconds=30))
        assert left(connection, first, now + timedelta(seconds=30)) == LEASE
        assert take(connection, batch.id, "two", now + LEASE) is None
        second = take(connection, batch.id, "two", now + LEASE + timedelta(seconds=30))
        assert second is not None
        for use in (hold, left):
            with pytest.raises(LeaseLost):
                use(connection, first, now)
        with pytest.raises(LeaseLost):
            release(connection, first)
        third = take(connection, batch.id, "three", now, force=True)
        assert third is not None
        assert third.epoch == second.epoch + 1
        release(connection, third)
        with pytest.raises(LeaseLost):
            left(connection, third, now)
        early = take(connection, batch.id, "four", now + timedelta(days=1))
        assert early is not None
        assert take(connection, batch.id, "five", now) is not None  # the clock was set back by a day


def test_what_a_lost_lease_still_wants_to_write_is_refused(firm: Firm) -> None:
    from closing_host.storage.journal import Journal
    from closing_host.storage.journal_records import VoucherState

    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    batch, (voucher,) = firm.journal()
    stale = take_batch(firm.host.store, firm.host.actor, batch, sleep=firm.host.sleep, owner=new_owner())
    assert stale is not None
    fresh = take_batch(firm.host.store, firm.host.actor, batch, sleep=firm.host.sleep, owner=new_owner(), force=True)
    assert fresh is not None
    assert fresh.may_send()
    with pytest.raises(LeaseLost):
        stale.may_send()
    with pytest.raises(LeaseLost):
        stale.guard()
    with pytest.raises(LeaseLost), stale.step("rest"):
        raise AssertionError("never reached")
    with firm.host.store.database.write() as connection:
        journal = Journal(connection, 1)
        with pytest.raises(LeaseLost):
            journal.change(stale.lease, sweeps=9)
        with pytest.raises(LeaseLost):
            journal.move(stale.lease, voucher, VoucherState.READBACK)
    fresh.guard()
    firm.clock.advance(LEASE)
    assert not fresh.may_send()
    with pytest.raises(LeaseLost):
        fresh.guard()


def test_a_sending_that_would_outlast_its_lease_is_not_begun(firm: Firm) -> None:
    """It stalls after writing down that it sends, but nobody has taken over yet."""
    firm.add()
    stalls = iter([timedelta(seconds=181)])

    def handler(name: str) -> None:
        if name == "export.before_send":
            firm.clock.advance(next(stalls, timedelta(0)))

    with crash_handler(handler):
        view = firm.export()
    assert (view.state, view.vouchers[0].attempts, len(firm.ledger.sent)) == ("COMPLETED", 2, 1)


def test_a_full_disk_when_the_outcome_is_written_leaves_it_to_be_looked_up(firm: Firm) -> None:
    entry = firm.add()

    def full(name: str) -> None:
        if name == "export.before_outcome":
            raise ClosingError("disk-full")

    with crash_handler(full), pytest.raises(ClosingError, match="disk-full"):
        firm.export()
    assert (firm.entry(entry).status, firm.journal()[1][0].state) == (Status.SENDING, "SENDING")
    firm.later(seconds=240)
    (view,) = firm.later(minutes=3)
    assert (view.state, firm.numbers) == ("COMPLETED", ["I 1"])


def test_an_export_under_way_is_seen_by_another_process_and_left_alone(firm: Firm) -> None:
    firm.add()
    other = firm.another()
    seen = []

    def look(_: object) -> None:
        run_elsewhere(lambda: seen.append(other.resume()[0]))

    firm.ledger.before = look
    firm.export()
    other.host.store.close()
    assert [(each.state, each.vouchers[0].state, each.held_until is None) for each in seen] == [
        ("RUNNING", "SENDING", False)
    ]
    assert firm.numbers == ["I 1"]


def test_fifty_starts_at_once_make_one_batch(firm: Firm) -> None:
    firm.add()

    async def many() -> list[object]:
        return list(await asyncio.gather(*(firm.exported("click") for _ in range(50)), return_exceptions=True))

    views = asyncio.run(many())
    assert len({getattr(each, "id", each) for each in views}) == 1
    assert firm.numbers == ["I 1"]
