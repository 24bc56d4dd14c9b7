"""What imports changed in what was signed off, locked or exported (P 7.1, P 7.2, P 7.6.7)."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from closing_host.closing.entries import Status, Transferred
from closing_host.closing.standing import Moved
from closing_host.engagements.changed_periods import PeriodChange
from closing_host.engagements.changed_since import ChangedSince, changed_by_month, changed_since
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.period_locking import unlock_period
from closing_host.engagements.recognising import make_current
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.setup import choose_period
from closing_host.engagements.signed_periods import any_signed, signed_periods
from closing_host.storage.entries import EntryRecords
from period_books import (
    LAST,
    MARCH,
    VOUCHERS,
    YEAR_START,
    books_of,
    done,
    entry,
    line,
    lock_through,
    period_office,
    sheet,
    take_in,
)
from small_sie import sie, voucher

BANK, GOODS = "1930", "4010"
LATE = voucher(4, "1.00", "20250331")


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """By the quarter, which has fewer periods to lock."""
    with period_office(tmp_path) as opened:
        choose_period(opened, 1, "quarter")
        yield opened


def since(host: Host) -> ChangedSince:
    return changed_since(host, books_of(host))


def told(change: PeriodChange) -> list[tuple[str, str]]:
    return [(str(each), number) for each, number in change.vouchers.vouchers.select("change", "number").iter_rows()]


def transferred(host: Host, number: str, series: str = "A") -> None:
    """V1 is booked in the source with this number, which no import has shown."""
    with host.store.database.write() as connection:
        trail, records = host.store.trail(connection, host.actor), EntryRecords(connection, 1)
        (made,) = records.all(YEAR_START)
        at = Transferred(series, number, host.store.clock(), "asa", "answer")
        records.set_status(trail, made.id, Status.SENDING, by="export")
        records.set_status(trail, made.id, Status.TRANSFERRED, by="export", transferred=at)


def test_nothing_is_told_of_books_that_nobody_has_signed_off(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path, *VOUCHERS, LATE)
    assert (since(host).count, any_signed(host, 1, YEAR_START), changed_by_month(host, books_of(host))) == (
        0,
        False,
        {},
    )


def test_p_7_2_a_locked_period_tells_which_vouchers_and_figures_moved(host: Host, tmp_path: Path) -> None:
    lock_through(host, MARCH)
    assert (since(host).count, any_signed(host, 1, YEAR_START)) == (0, True)
    take_in(host, tmp_path, voucher(1, "90.00"), *VOUCHERS[1:], LATE)
    (change,) = since(host).locked
    assert (change.period.key, told(change)) == (MARCH, [("new", "4"), ("changed", "1")])
    assert change.figures.drop("name").rows() == [(BANK, 90_000, 90_900), (GOODS, 10_000, 9_100)]
    assert sorted(change.vouchers.rows["account"].to_list()) == [BANK, BANK, GOODS, GOODS]
    assert line(host, MARCH, BANK).closing == 90_000, "what was frozen is shown"
    assert changed_by_month(host, books_of(host)) == dict.fromkeys(["2025-01", "2025-02", MARCH], (BANK, GOODS))


def test_what_comes_after_a_locked_period_or_the_same_books_again_are_not_told(host: Host, tmp_path: Path) -> None:
    lock_through(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "1.00", "20250401"))
    take_in(host, tmp_path, *reversed(VOUCHERS))
    assert since(host).count == 0


def test_locked_again_or_undone_it_is_told_no_more(host: Host, tmp_path: Path) -> None:
    lock_through(host, MARCH)
    first = books_of(host).books.snapshot
    take_in(host, tmp_path, *VOUCHERS, LATE)
    assert [each.since.id for each in since(host).periods] == [first.id]
    make_current(host, 1, first.id)
    assert since(host).count == 0
    make_current(host, 1, first.id + 1)
    unlock_period(host, 1, first, MARCH, "Sen faktura")
    lock_through(host, MARCH)
    assert since(host).count == 0


def test_p_7_2_an_account_changed_after_the_sign_off_tells_old_new_and_its_vouchers(host: Host, tmp_path: Path) -> None:
    done(host, MARCH)
    take_in(
        host, tmp_path, voucher(1, "90.00"), *VOUCHERS[1:], LATE, opening=(("1930", "1000.00"), ("2081", "-999.00"))
    )
    found = since(host)
    bank, equity = found.accounts
    assert (bank.account, bank.moved, bank.other) == (BANK, (Moved("closing", 90_000, 90_900),), 0)
    assert bank.vouchers.select("number", "before", "after").rows() == [("1", -10_000, -9_000), ("4", 0, -100)]
    assert equity.vouchers.select("series", "before", "after").rows() == [(None, -100_000, -99_900)]
    assert [(each.period.key, each.locked, told(each)) for each in found.periods] == [
        (MARCH, False, [("new", "4"), ("changed", "1")])
    ]
    assert changed_by_month(host, books_of(host)) == dict.fromkeys(["2025-01", "2025-02", MARCH], (BANK, "2081"))
    note_account(host, books_of(host), MARCH, BANK, typed=90_900)
    note_account(host, books_of(host), MARCH, "2081", typed=-99_900)
    sign_off(host, books_of(host), MARCH, [BANK, "2081"])
    assert since(host).count == 0


def test_what_an_entry_moves_is_told_beside_the_vouchers(host: Host, tmp_path: Path) -> None:
    done(host, MARCH)
    entry(host, date(2025, 3, 31), 500)
    take_in(host, tmp_path, *VOUCHERS, LATE)
    (bank,) = since(host).accounts
    assert (bank.moved, bank.vouchers["number"].to_list(), bank.other) == (
        (Moved("closing", 90_000, 89_400),),
        ["4"],
        -500,
    )


def test_an_account_that_only_a_later_import_brought_does_not_undo_the_sign_off(host: Host, tmp_path: Path) -> None:
    done(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS, ("A", "4", "20250331", [("1910", "5.00"), ("3010", "-5.00")]))
    books = books_of(host)
    assert [each.period.key for each in signed_periods(host, books)] == [MARCH]
    (change,) = since(host).periods
    assert (change.locked, told(change), since(host).accounts) == (False, [("new", "4")], ())


def test_a_period_with_an_account_left_is_not_signed_off(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=90_000)
    sign_off(host, books_of(host), MARCH, [BANK])
    assert signed_periods(host, books_of(host)) == ()


@pytest.mark.parametrize("closing", [False, True])
def test_p_7_5_4_an_entry_that_comes_back_changes_nothing_that_is_locked(
    host: Host, tmp_path: Path, closing: bool
) -> None:
    made = entry(host, date(2025, 12, 31), closing=closing)
    lock_through(host, "year-end" if closing else LAST)
    transferred(host, "9")
    rows = [("4010", "10.00"), ("1930", "-10.00")]
    take_in(host, tmp_path, *VOUCHERS, ("A", "9", "20251231", rows))
    with host.store.database.read() as connection:
        assert EntryRecords(connection, 1).get(made.id).status is Status.EXCLUDED
    assert since(host).count == 0


def test_p_7_6_7_an_entry_that_was_changed_in_the_source_changes_the_account(host: Host, tmp_path: Path) -> None:
    entry(host, date(2025, 12, 31))
    done(host, LAST)
    transferred(host, "9")
    assert since(host).count == 0
    books = sie(*VOUCHERS, ("A", "9", "20251231", [("4010", "9.00"), ("1930", "-9.00")]))
    (tmp_path / "changed.se").write_bytes(books.replace("Köp 9".encode("cp437"), b"V1 Bankavgift"))
    asyncio.run(import_file(host, tmp_path / "changed.se", Placing()))
    found = since(host)
    assert [(each.account, each.moved) for each in found.accounts] == [(BANK, (Moved("closing", 81_500, 81_600),))]
    assert [(each.label, each.status) for each in found.entries] == [("V1", Status.CHANGED)]
    assert (found.accounts[0].vouchers["after"].to_list(), found.accounts[0].other) == ([-900], 1_000)


@st.composite
def some_vouchers(draw: st.DrawFn) -> list[tuple[int, int, str]]:
    """Number, öre and day of up to four vouchers, which pay for goods from the bank."""
    days = st.sampled_from(["20250101", "20250331", "20250401"])
    made = st.tuples(st.integers(1, 4), st.sampled_from([10_000, 10_001, 0]), days)
    return draw(st.lists(made, max_size=4, unique_by=lambda each: each[0]))


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(vouchers=some_vouchers())
def test_a_signed_off_figure_never_changes_silently(
    shared: Host, tmp_path: Path, vouchers: list[tuple[int, int, str]]
) -> None:
    """Whatever is imported: a signed-off account that stands otherwise is told, by exactly what moved it, and a locked
    figure is shown as it was."""
    take_in(shared, tmp_path, *[voucher(number, f"{ore / 100:.2f}", day) for number, ore, day in vouchers])
    found = since(shared)
    assert {each.account: each.closing for each in sheet(shared, MARCH).lines} == {BANK: 90_000, "2081": -100_000}
    paid = {last: sum(ore for _, ore, day in vouchers if day <= last) for last in ("20250331", "20250630")}
    moved = {row[0]: row[3] for each in found.locked for row in each.figures.rows()}
    assert moved.get(BANK, 90_000) == 100_000 - paid["20250331"]
    june = 100_000 - paid["20250630"]
    told = [(each.account, each.moved) for each in found.accounts]
    assert told == ([] if june == 85_000 else [(BANK, (Moved("closing", 85_000, june),))])
    for each in found.accounts:
        by_voucher = each.vouchers.select((pl.col("after") - pl.col("before")).sum()).item()
        assert (by_voucher, each.other) == (june - 85_000, 0)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """The first quarter is locked, and the second one's accounts are *Klar*."""
    with period_office(tmp_path_factory.mktemp("shared")) as opened:
        choose_period(opened, 1, "quarter")
        lock_through(opened, MARCH)
        done(opened, "2025-06")
        yield opened
