"""Closing entries in the balances: to the öre, and nothing but them."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.vouchers import DraftRow
from closing_host.closing.effect import counted, movements, with_entries
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Kind, Origin, Status, month_of
from closing_host.ledgers.balances import account_ledger, trial_balance
from closing_host.ledgers.controls.balances import closing_differs
from closing_host.ledgers.controls.result import Context
from closing_host.ledgers.stated import stated_closings
from ledger_strategies import ledgers

EXAMPLES = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))


def entry(
    number: int,
    *rows: tuple[str, int],
    kind: Kind = "V",
    day: date = YEAR.end,
    period: str = YEAR_END,
    status: Status = Status.READY,
    year_start: date = YEAR.start,
) -> ClosingEntry:
    content = EntryContent(day, f"text {number}", tuple(DraftRow(*row) for row in rows), period)
    at = datetime(2026, 1, 9, tzinfo=UTC)
    return ClosingEntry(
        number, 1, year_start, kind, number, 1, "BK", content, Origin(), status, "", None, False, at, "anna", 1
    )


def books(*, stated: bool = True, vouchers: bool = True) -> Ledger:
    builder = LedgerBuilder(Company(name="Exempel AB"), [YEAR])
    for account in ("1930", "2910", "7010"):
        builder.add_account(account, account)
    builder.add_balance("IB", "1930", 100_000)
    builder.add_balance("IB", "2910", -100_000)
    if stated:
        builder.add_balance("UB", "1930", 60_000)
        builder.add_balance("UB", "2910", -100_000)
        builder.add_balance("RES", "7010", 40_000)
    if vouchers:
        builder.add_voucher("A", "1", date(2025, 3, 1), "Lön")
        builder.add_row("7010", 40_000)
        builder.add_row("1930", -40_000)
    return builder.build()


def closings(ledger: Ledger) -> dict[str, int]:
    frame = trial_balance(ledger, by="year").filter(pl.col("closing") != 0)
    return dict(frame.group_by("account").agg(pl.col("closing").last()).iter_rows())


def test_entries_are_vouchers_after_the_ledgers_own_and_stated_balances_move() -> None:
    ledger = books()
    made = with_entries(ledger, [entry(2, ("7010", 5), ("2920", -5)), entry(1, ("7010", 12_000), ("2910", -12_000))])
    assert made.vouchers["number"].to_list() == ["1", "V1", "V2"]
    assert made.vouchers["series"].to_list() == ["A", "", ""]
    assert closings(made) == {"1930": 60_000, "2910": -112_000, "2920": -5, "7010": 52_005}
    assert dict(stated_closings(made).iter_rows()) == closings(made)
    assert closing_differs(made, Context()).findings == closing_differs(ledger, Context()).findings == ()
    assert account_ledger(made, "2910")["balance"].to_list() == [-112_000]


def test_the_acceptance_example_in_the_balances() -> None:
    """P 7.6.7: −50 000,00 and V1 of −12 000,00 are shown as −62 000,00; as an excluded entry it adds nothing."""
    builder = LedgerBuilder(Company(), [YEAR])
    builder.add_balance("IB", "2910", -5_000_000)
    ledger = builder.build()
    for status, shown in (
        (Status.TRANSFERRED, -6_200_000),
        (Status.MISSING, -6_200_000),
        (Status.EXCLUDED, -5_000_000),
    ):
        made = with_entries(ledger, [entry(1, ("7010", 1_200_000), ("2910", -1_200_000), status=status)])
        assert closings(made)["2910"] == shown


def test_what_does_not_count_leaves_the_ledger_as_it_is() -> None:
    ledger = books()
    assert with_entries(ledger, []) is ledger
    assert with_entries(ledger, [entry(1, ("7010", 1), ("2910", -1), status=Status.DRAFT)]) is ledger


def test_entries_are_booked_by_date_then_v_before_s_then_number() -> None:
    rows = (("7010", 1), ("2910", -1))
    made = [entry(1, *rows, kind="S"), entry(2, *rows), entry(1, *rows), entry(3, *rows, day=date(2025, 1, 31))]
    assert [each.label for each in counted(made)] == ["V3", "V1", "V2", "S1"]


def test_movements_are_by_account_and_period() -> None:
    made = [
        entry(1, ("7010", 10), ("2910", -10)),
        entry(2, ("7010", 5), ("7010", 2), ("2910", -7), day=date(2025, 11, 30), period="2025-11"),
        entry(3, ("7010", 99), ("2910", -99), status=Status.EXCLUDED),
    ]
    assert movements(made).rows() == [
        ("2910", "2025-11", -7),
        ("2910", YEAR_END, -10),
        ("7010", "2025-11", 7),
        ("7010", YEAR_END, 10),
    ]
    assert movements([]).is_empty()


def test_an_entry_of_another_year_is_refused() -> None:
    with pytest.raises(ValueError, match="another financial year"):
        with_entries(books(), [entry(1, ("7010", 1), ("2910", -1), year_start=date(2026, 1, 1))])


def test_a_kind_of_balance_that_the_ledger_does_not_state_is_not_begun() -> None:
    made = with_entries(books(stated=False), [entry(1, ("7010", 1), ("2910", -1))])
    assert made.balances["kind"].to_list() == ["IB", "IB"]


def test_an_account_stated_under_the_other_kind_moves_there() -> None:
    builder = LedgerBuilder(Company(), [YEAR])
    builder.add_balance("UB", "7010", 100)
    builder.add_balance("RES", "2910", -100)
    made = with_entries(builder.build(), [entry(1, ("7010", 1), ("2910", -1))])
    assert dict(stated_closings(made).iter_rows()) == {"2910": -101, "7010": 101}


def test_a_ledger_of_stated_figures_moves_without_vouchers() -> None:
    made = with_entries(books(vouchers=False), [entry(1, ("7010", 12_000), ("2910", -12_000))])
    assert made.vouchers.is_empty()
    assert closings(made) == {"1930": 60_000, "2910": -112_000, "7010": 52_000}


def test_stated_months_move_with_the_entrys_month() -> None:
    builder = LedgerBuilder(Company(), [YEAR])
    builder.add_balance("PSALDO", "7010", 100, period=202511)
    builder.add_balance("PSALDO", "2910", -100, period=202511)
    ledger = builder.build()
    made = with_entries(
        ledger, [entry(1, ("7010", 7), ("2910", -7), day=date(2025, 11, 30)), entry(2, ("7010", 1), ("2910", -1))]
    )
    months = trial_balance(made).filter((pl.col("account") == "7010") & (pl.col("change") != 0))
    assert dict(months.select("period", "change").iter_rows()) == {202511: 107, 202512: 1}


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Ledger, list[ClosingEntry]]:
    """A ledger, and entries of its year on its accounts and on some that it does not know."""
    ledger = draw(ledgers())
    year = ledger.year
    assert year is not None
    accounts = st.sampled_from([*ledger.accounts["account"].to_list(), "1999", "2999", "9999"])
    amounts = st.integers(-(10**15), 10**15).filter(bool)
    made: list[ClosingEntry] = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        amount = draw(st.lists(st.tuples(accounts, amounts), min_size=1, max_size=4))
        rows = [*amount, (draw(accounts), -sum(each for _, each in amount))]
        day = draw(st.dates(year.start, year.end))
        made.append(
            entry(
                number,
                *rows,
                day=day,
                period=draw(st.sampled_from([YEAR_END, month_of(day)])),
                status=draw(st.sampled_from(Status)),
                year_start=year.start,
            )
        )
    return ledger, made


def sums(frame: pl.DataFrame, column: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for account, amount in frame.select("account", column).iter_rows():
        found[account] = found.get(account, 0) + amount
    return {account: amount for account, amount in found.items() if amount}


@EXAMPLES
@given(worlds())
def test_effective_is_the_ledger_and_the_counted_entries_and_nothing_else(
    world: tuple[Ledger, list[ClosingEntry]],
) -> None:
    ledger, made = world
    after = with_entries(ledger, made)
    moved = sums(movements(made), "amount")
    assert sum(moved.values()) == 0
    assert moved == {
        account: amount
        for account in {row.account for each in made for row in each.content.rows}
        if (amount := sum(r.amount for each in made if each.counts for r in each.content.rows if r.account == account))
    }
    before_changes, after_changes = (sums(trial_balance(each, by="year"), "change") for each in (ledger, after))
    assert added(before_changes, moved) == after_changes
    for table in ("accounts", "dimensions", "objects", "findings"):
        assert_frame_equal(ledger.tables[table], after.tables[table])
    assert_frame_equal(ledger.vouchers, after.vouchers.head(ledger.vouchers.height))
    assert_frame_equal(ledger.rows, after.rows.head(ledger.rows.height))
    kept = ["kind", "year", "period", "account", "objects", "quantity"]
    assert_frame_equal(ledger.balances.select(kept), after.balances.head(ledger.balances.height).select(kept))


@EXAMPLES
@given(worlds())
def test_stated_closings_move_as_the_entries_do(world: tuple[Ledger, list[ClosingEntry]]) -> None:
    ledger, made = world
    kinds = {"UB": False, "RES": False}
    for kind, year, objects, amount in ledger.balances.select("kind", "year", "objects", "amount").iter_rows():
        if kind in kinds and year == 0 and not objects and amount is not None:
            kinds[kind] = True
    after = sums(stated_closings(with_entries(ledger, made)), "amount")
    expected = added(sums(stated_closings(ledger), "amount"), sums(movements(made), "amount"))
    if all(kinds.values()):
        assert after == expected
    elif not any(kinds.values()):
        assert after == {}


def added(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    both = {account: first.get(account, 0) + second.get(account, 0) for account in first | second}
    return {account: amount for account, amount in both.items() if amount}
