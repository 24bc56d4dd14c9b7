"""Periods and account records as records: whole or not at all, told in the trail, of one engagement and year."""

import json
from datetime import UTC, date, datetime
from typing import Final

import pytest
from sqlalchemy import Update, update

from closing_host.api.errors import ClosingError
from closing_host.closing.standing import UNTOUCHED, AccountRecord
from closing_host.storage.account_records import AccountRecords, ReconciliationSettings
from closing_host.storage.audit import Action, events
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.period_tables import frozen_check, frozen_figure, frozen_last_year, period_lock
from closing_host.storage.periods import Frozen, PeriodRecords, holds_entry, locked_through
from closing_host.storage.reconciliation_tables import account_record
from closing_host.storage.verify import verify
from kept_periods import (
    CHECKS,
    FIGURES_THEN,
    MARCH,
    MARCH_END,
    SIGNED,
    STEPS,
    THEN,
    do,
    keep_account,
    lock,
    start,
    unlock,
)
from stored_books import ANNA, YEAR_START, World, small_ledger


@pytest.fixture(autouse=True)
def imported(world: World) -> None:
    world.publish(small_ledger(100))


def all_kept(world: World, engagement_id: int = 1) -> tuple[object, ...]:
    with world.store.database.read() as connection:
        records = PeriodRecords(connection, engagement_id, YEAR_START)
        accounts = AccountRecords(connection, engagement_id, YEAR_START)
        others = ReconciliationSettings(connection, engagement_id).others_review()
        return records.started(), records.locks(), accounts.all(), others


def test_a_lock_keeps_the_figures_and_checks_of_its_moment(world: World) -> None:
    do(world, start, lock)
    with world.store.database.read() as connection:
        records = PeriodRecords(connection, 1, YEAR_START)
        [held] = records.locks()
        assert (held.period, held.last_day, held.reason, held.locked_by, held.holds) == (
            MARCH,
            MARCH_END,
            "Bråttom",
            ANNA.name,
            True,
        )
        assert records.figures(held.id).equals(FIGURES_THEN)
        assert records.frozen(held.id) == {"1510": Frozen(3, attached=True), "3010": Frozen(None, attached=False)}
        assert records.checks(held.id) == CHECKS
        then = records.last_year(held.id)
        assert then is not None
        assert (then.year_start, then.start, then.end) == (date(2025, 1, 1), date(2025, 3, 1), date(2025, 3, 31))
        assert then.figures.equals(THEN)
        assert records.started() == {MARCH}
    assert all_kept(world, 2) == (frozenset(), (), {}, False)


def test_an_ended_lock_stays_and_the_next_one_stands_beside_it(world: World) -> None:
    do(world, lock, unlock, lock)
    with world.store.database.read() as connection:
        first, second = PeriodRecords(connection, 1, YEAR_START).locks()
    assert (first.holds, first.unlock_reason, first.unlocked_by) == (False, "Ny faktura", ANNA.name)
    assert second.holds


def test_locked_days_and_entries_are_those_of_locked_periods(world: World) -> None:
    do(world, lock)
    with world.store.database.read() as connection:
        assert locked_through(connection, 1, YEAR_START) == MARCH_END
        assert holds_entry(connection, 1, YEAR_START, "2026-02")
        assert holds_entry(connection, 1, YEAR_START, MARCH)
        assert not holds_entry(connection, 1, YEAR_START, "2026-04")
        assert not holds_entry(connection, 1, YEAR_START, "year-end")
        assert not holds_entry(connection, 1, date(2025, 1, 1), MARCH)
    do(world, unlock)
    with world.store.database.read() as connection:
        assert locked_through(connection, 1, YEAR_START) is None


def test_a_record_comes_back_with_its_version_and_refuses_a_change_of_an_older_one(world: World) -> None:
    do(world, keep_account)
    with world.store.database.write() as connection:
        trail, records = world.store.trail(connection, ANNA), AccountRecords(connection, 1, YEAR_START)
        kept = records.of(MARCH)["1510"]
        assert (kept.record, kept.version, kept.snapshot_id, kept.changed_by) == (SIGNED, 1, 1, ANNA.name)
        records.put(trail, Action.ACCOUNT_SIGNED_OFF, MARCH, "1510", SIGNED, snapshot_id=1)
        assert records.of(MARCH)["1510"].version == 1, "the same again is no change"
        records.put(trail, Action.ACCOUNT_RECONCILED, MARCH, "1510", AccountRecord(5), basis=1)
        with pytest.raises(ClosingError, match="account-changed-meanwhile"):
            records.put(trail, Action.ACCOUNT_RECONCILED, MARCH, "1510", AccountRecord(6), basis=1)
        now = records.of(MARCH)["1510"]
    assert (now.record, now.version, now.snapshot_id, now.reviewed_at) == (AccountRecord(5), 2, None, None)


def test_copied_records_are_the_next_periods_own(world: World) -> None:
    do(world, keep_account)
    with world.store.database.write() as connection:
        trail, records = world.store.trail(connection, ANNA), AccountRecords(connection, 1, YEAR_START)
        records.copy(trail, "year-end", records.of(MARCH))
        records.put(trail, Action.ACCOUNT_REOPENED, "year-end", "1510", UNTOUCHED)
        assert records.of(MARCH)["1510"].record == SIGNED
        assert records.of("year-end")["1510"].record == UNTOUCHED
        assert set(records.all()) == {MARCH, "year-end"}


def test_the_trail_tells_of_each_step_and_holds_no_text(world: World) -> None:
    for step, before, _ in STEPS.values():
        do(world, *before, step)
        do(world, unlock) if step is lock else None
    with world.store.database.read() as connection:
        told = [each for each in events(connection) if str(each.action).split(".")[0] in ("period", "account")]
    texts = "".join(each.details_json for each in told)
    assert {str(each.action) for each in told} >= {
        "period.started",
        "period.locked",
        "period.unlocked",
        "account.signed-off",
    }
    assert not [word for word in ("Åke", "Bråttom", "faktura", "Sett") if word in texts]
    signed = next(each for each in told if each.action == Action.ACCOUNT_SIGNED_OFF)
    assert json.loads(signed.details_json)["signed"] == [90_000, 90_000, "f" * 64]


TAMPERED: Final[dict[str, tuple[str, Update]]] = {
    "figure": ("lock-not-in-trail", update(frozen_figure).values(closing=4)),
    "check": ("lock-not-in-trail", update(frozen_check).values(left_open=0)),
    "why it could not run": ("lock-not-in-trail", update(frozen_check).values(parameters={})),
    "last year": ("lock-not-in-trail", update(frozen_last_year).values(change=4)),
    "last year's days": ("lock-not-in-trail", update(period_lock).values(same_end=MARCH_END)),
    "reason": ("lock-not-in-trail", update(period_lock).values(reason="")),
    "opened": (
        "lock-not-in-trail",
        update(period_lock).values(unlocked_at=datetime(2026, 1, 1, tzinfo=UTC), unlocked_by="x", unlock_reason="y"),
    ),
    "sign-off": ("account-not-in-trail", update(account_record).values(signed_closing=1)),
    "comment": ("account-not-in-trail", update(account_record).values(comment="")),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_changed_behind_the_trail_is_found(what: str, world: World) -> None:
    do(world, lock, keep_account)
    assert [each.code for each in verify(world.store).problems] == []
    code, statement = TAMPERED[what]
    with world.store.database.write() as connection:
        connection.execute(statement)
    assert [each.code for each in verify(world.store).problems] == [code]


def test_an_ended_lock_and_a_second_one_are_as_told(world: World) -> None:
    do(world, lock, unlock, lock, keep_account)
    assert verify(world.store).problems == ()


@pytest.mark.parametrize(
    ("step", "point"), [(name, point) for name, (_, _, points) in STEPS.items() for point in points]
)
def test_a_crash_leaves_everything_as_it_was(step: str, point: str, world: World) -> None:
    work, before, _ = STEPS[step]
    do(world, *before)
    kept = all_kept(world)

    def stop(name: str) -> None:
        if name == point:
            raise RuntimeError(name)

    with crash_handler(stop), pytest.raises(RuntimeError, match=point):
        do(world, work)
    assert all_kept(world) == kept
