from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from closing_host.api.errors import DataError
from closing_host.api.ledger import Ledger, LedgerBuilder
from closing_host.api.money import MAX_ORE
from closing_host.ledgers.balances import (
    account_ledger,
    movements,
    opening_balances,
    running_rows,
    told_rows,
    trial_balance,
)

NewBuilder = Callable[..., LedgerBuilder]


def figures(frame: pl.DataFrame, account: str) -> list[tuple[Any, ...]]:
    return frame.filter(pl.col("account") == account).select("period", "opening", "change", "closing").rows()


def sale(builder: LedgerBuilder, day: date, amount: int, number: str = "1") -> None:
    builder.add_voucher("A", number, day, "Försäljning", line=7)
    builder.add_row("1510", amount, text="rad")
    builder.add_row("3010", -amount)


def test_each_closing_is_the_next_opening(new_builder: NewBuilder) -> None:
    builder = new_builder(date(2025, 1, 1), date(2025, 3, 31))
    builder.add_balance("IB", "1510", 100)
    sale(builder, date(2025, 1, 31), 7)
    sale(builder, date(2025, 2, 1), 5, "2")
    frame = trial_balance(builder.build())
    assert figures(frame, "1510") == [(202501, 100, 7, 107), (202502, 107, 5, 112), (202503, 112, 0, 112)]
    assert figures(frame, "3010") == [(202501, 0, -7, -7), (202502, -7, -5, -12), (202503, -12, 0, -12)]
    assert frame["account"].unique(maintain_order=True).to_list() == ["1510", "1930", "2099", "3010"]


def test_the_year_is_one_period(new_builder: NewBuilder) -> None:
    builder = new_builder(date(2024, 7, 1), date(2025, 12, 31))
    builder.add_balance("IB", "1510", 100)
    sale(builder, date(2025, 12, 31), 7)
    assert figures(trial_balance(builder.build(), by="year"), "1510") == [(202512, 100, 7, 107)]


def test_a_row_belongs_to_its_vouchers_date(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_voucher("A", "1", date(2025, 4, 30), registered_on=date(2025, 6, 1))
    builder.add_row("1510", 5, date=date(2025, 5, 1))
    assert movements(builder.build()).rows() == [("1510", 202504, 5)]


def test_leap_day_is_booked_in_february(new_builder: NewBuilder) -> None:
    builder = new_builder(date(2024, 1, 1), date(2024, 12, 31))
    sale(builder, date(2024, 2, 29), 5)
    assert movements(builder.build())["period"].to_list() == [202402, 202402]


def test_struck_and_added_rows_never_count(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_voucher("A", "1", date(2025, 4, 30))
    builder.add_row("1510", 5)
    builder.add_row("1510", 70, kind="added")
    builder.add_row("1510", 900, kind="removed")
    ledger = builder.build()
    assert movements(ledger, by="year").rows() == [("1510", 202512, 5)]
    assert account_ledger(ledger, "1510")["amount"].to_list() == [5]


def test_result_accounts_open_at_zero(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_balance("IB", "3010", -100)
    builder.add_balance("IB", "301055", -100)
    builder.add_balance("IB", "151055", 40)
    builder.add_balance("IB", "9001", 60)
    assert opening_balances(builder.build()).rows() == [("151055", 40), ("9001", 60)]


def test_last_years_closing_balances_open_the_year_when_no_opening_is_stated(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_balance("UB", "1510", 100, year=-1)
    builder.add_balance("UB", "1510", 90)
    sale(builder, date(2025, 2, 1), 5)
    assert opening_balances(builder.build()).rows() == [("1510", 100)]
    builder.add_balance("IB", "1930", 1)
    assert opening_balances(builder.build()).rows() == [("1930", 1)]


def test_used_accounts_that_nobody_declared_are_shown(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_account("4010", "")
    builder.add_voucher("A", "1", date(2025, 1, 1))
    builder.add_row("6110", 5)
    builder.add_balance("IB", "2081", -5)
    frame = trial_balance(builder.build(), by="year")
    named = dict(zip(frame["account"], zip(frame["name"], frame["declared"], strict=True), strict=True))
    assert named["6110"] == ("(saknas)", False)
    assert named["2081"] == ("(saknas)", False)
    assert named["4010"] == ("", True)
    assert named["1930"] == ("Bank", True)


def test_an_account_declared_twice_is_listed_once_under_its_first_name(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_account("1510", "Andra namnet")
    frame = trial_balance(builder.build(), by="year").filter(pl.col("account") == "1510")
    assert frame["name"].to_list() == ["Kundfordringar"]


def test_vouchers_outside_the_year_stand_in_a_period_of_their_own(new_builder: NewBuilder) -> None:
    builder = new_builder(date(2025, 1, 15), date(2025, 2, 28))
    sale(builder, date(2025, 1, 14), 1, "1")
    sale(builder, date(2025, 1, 15), 10, "2")
    sale(builder, date(2025, 2, 28), 100, "3")
    sale(builder, date(2025, 3, 1), 1000, "4")
    frame = trial_balance(builder.build())
    assert figures(frame, "1510") == [(202501, 0, 10, 10), (202502, 10, 100, 110), (None, 110, 1001, 1111)]
    assert figures(frame, "1930") == [(202501, 0, 0, 0), (202502, 0, 0, 0)]


def test_rows_without_readable_date_account_or_amount_are_not_lost(new_builder: NewBuilder) -> None:
    builder = new_builder()
    sale(builder, date(2025, 1, 1), 5)
    ledger = builder.build()
    undated = replace(ledger, vouchers=ledger.vouchers.with_columns(date=pl.lit(None, pl.Date)))
    assert movements(undated).rows() == [("1510", None, 5), ("3010", None, -5)]
    unknown = replace(ledger, rows=ledger.rows.with_columns(account=pl.lit(None, pl.String)))
    assert movements(unknown).rows() == [("", 202501, 0)]
    unread = replace(ledger, rows=ledger.rows.with_columns(amount=pl.lit(None, pl.Int64)))
    assert movements(unread).is_empty()


def test_a_ledger_without_year_has_the_months_of_its_vouchers(new_builder: NewBuilder) -> None:
    builder = new_builder(None, chart=False)
    sale(builder, date(2025, 2, 3), 5)
    assert figures(trial_balance(builder.build()), "3010") == [(202502, 0, -5, -5)]


def test_zero_vouchers_leave_the_opening_balances(new_builder: NewBuilder) -> None:
    builder = new_builder(date(2025, 1, 1), date(2025, 12, 31))
    builder.add_balance("IB", "1510", 100)
    assert figures(trial_balance(builder.build()), "1510") == [(202512, 100, 0, 100)]


def test_cancelled_vouchers_without_rows_change_nothing(new_builder: NewBuilder) -> None:
    builder = new_builder()
    builder.add_voucher("A", "1", date(2025, 1, 1), "Makulerad")
    builder.add_balance("IB", "1510", 100)
    frame = trial_balance(builder.build())
    assert figures(frame, "1510")[-1] == (202512, 100, 0, 100)
    assert account_ledger(builder.build(), "1510").is_empty()


def test_an_empty_ledger_has_an_empty_trial_balance(new_builder: NewBuilder) -> None:
    assert trial_balance(new_builder(None, chart=False).build()).is_empty()


class TestWithoutVouchers:
    """SIE 1-3: what the source states."""

    def test_closing_balances_and_results_are_taken_as_stated(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("IB", "1510", 100)
        builder.add_balance("UB", "1510", 130)
        builder.add_balance("RES", "3010", -30)
        frame = trial_balance(builder.build())
        assert figures(frame, "1510") == [(202512, 100, 30, 130)]
        assert figures(frame, "3010") == [(202512, 0, -30, -30)]

    def test_monthly_changes_make_the_months(self, new_builder: NewBuilder) -> None:
        builder = new_builder(date(2025, 1, 1), date(2025, 3, 31))
        builder.add_balance("IB", "1510", 100)
        builder.add_balance("UB", "1510", 130)
        builder.add_balance("PSALDO", "1510", 10, period=202501)
        builder.add_balance("PSALDO", "1510", 20, period=202503)
        builder.add_balance("PSALDO", "1510", 99, period=202501, year=-1)
        builder.add_balance("PSALDO", "1510", 4, period=202501, objects=[(1, "10")])
        builder.add_balance("PBUDGET", "1510", 7, period=202501)
        frame = trial_balance(builder.build())
        assert figures(frame, "1510") == [(202501, 100, 10, 110), (202502, 110, 0, 110), (202503, 110, 20, 130)]
        assert figures(trial_balance(builder.build(), by="year"), "1510") == [(202503, 100, 30, 130)]

    def test_what_the_months_do_not_explain_stands_apart(self, new_builder: NewBuilder) -> None:
        builder = new_builder(date(2025, 1, 1), date(2025, 2, 28))
        builder.add_balance("UB", "1510", 130)
        builder.add_balance("PSALDO", "1510", 10, period=202501)
        builder.add_balance("PSALDO", "1930", 8, period=202504)
        frame = trial_balance(builder.build())
        assert figures(frame, "1510") == [(202501, 0, 10, 10), (202502, 10, 0, 10), (None, 10, 120, 130)]
        assert figures(frame, "1930") == [(202501, 0, 0, 0), (202502, 0, 0, 0)]

    def test_months_alone_are_enough(self, new_builder: NewBuilder) -> None:
        builder = new_builder(date(2025, 1, 1), date(2025, 2, 28))
        builder.add_balance("IB", "1510", 100)
        builder.add_balance("PSALDO", "1510", 10, period=202502)
        builder.add_balance("PSALDO", "1930", 8, period=202504)
        frame = trial_balance(builder.build())
        assert figures(frame, "1510") == [(202501, 100, 0, 100), (202502, 100, 10, 110)]
        assert figures(frame, "1930") == [(202501, 0, 0, 0), (202502, 0, 0, 0), (None, 0, 8, 8)]

    def test_of_both_kinds_the_accounts_own_one_counts(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        for account in ("1510", "3010"):
            builder.add_balance("UB", account, 1)
            builder.add_balance("RES", account, 20)
        builder.add_balance("UB", "3020", 300)
        builder.add_balance("RES", "9010", 4000)
        frame = trial_balance(builder.build())
        assert dict(zip(frame["account"], frame["closing"], strict=True)) == {
            "1510": 1,
            "1930": 0,
            "2099": 0,
            "3010": 20,
            "3020": 300,
            "9010": 4000,
        }

    def test_without_a_year_the_balances_stand_in_no_period(self, new_builder: NewBuilder) -> None:
        builder = new_builder(None)
        builder.add_balance("IB", "1510", 100)
        builder.add_balance("IB", "1930", 3)
        builder.add_balance("UB", "1510", 130)
        builder.add_balance("UB", "1930", 3)
        frame = trial_balance(builder.build())
        assert figures(frame, "1510") == [(None, 100, 30, 130)]
        assert figures(frame, "1930") == [(None, 3, 0, 3)]


class TestAccountLedger:
    def test_rows_run_by_date_and_end_at_the_closing_balance(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("IB", "1510", 100)
        sale(builder, date(2025, 3, 1), 5, "1")
        sale(builder, date(2025, 2, 1), 7, "2")
        sale(builder, date(2025, 2, 1), -2, "3")
        frame = account_ledger(builder.build(), "1510")
        assert frame.select("number", "date", "amount", "balance").rows() == [
            ("2", date(2025, 2, 1), 7, 107),
            ("3", date(2025, 2, 1), -2, 105),
            ("1", date(2025, 3, 1), 5, 110),
        ]
        first = frame.row(0, named=True)
        assert (first["series"], first["text"], first["row_text"]) == ("A", "Försäljning", "rad")

    def test_counter_accounts_are_those_of_the_other_side(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_voucher("A", "1", date(2025, 1, 1))
        for account, amount in (("1510", 125), ("3010", -100), ("2611", -25), ("1930", 0), ("1510", -1), ("1220", 1)):
            builder.add_row(account, amount)
        frame = account_ledger(builder.build(), "1510")
        assert frame["counter_accounts"].to_list() == [["2611", "3010"], ["1220"]]
        assert account_ledger(builder.build(), "1930")["counter_accounts"].to_list() == [[]]

    def test_the_line_and_the_objects_of_a_row_are_kept(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_voucher("A", "1", date(2025, 1, 1), line=8)
        builder.add_row("1510", 5, objects=[(1, "10")], line=10)
        row = account_ledger(builder.build(), "1510").row(0, named=True)
        assert (row["line"], row["objects"]) == (10, [{"dimension": 1, "object": "10"}])

    def test_a_part_of_the_rows_is_as_it_stands_among_all(self, new_builder: NewBuilder) -> None:
        builder = new_builder()
        builder.add_balance("IB", "1510", 100)
        for number in range(1, 6):
            sale(builder, date(2025, number, 1), number, str(number))
        ledger = builder.build()
        running = running_rows(ledger, "1510")
        assert_frame_equal(told_rows(ledger, running.slice(1, 3)), account_ledger(ledger, "1510").slice(1, 3))
        assert told_rows(ledger, running.slice(9)).is_empty()


def test_a_sum_beyond_int64_is_an_error_and_never_wraps(new_builder: NewBuilder) -> None:
    builder = new_builder()
    for number in range(950):
        builder.add_voucher("A", str(number), date(2025, 1, 1))
        builder.add_row("1510", MAX_ORE)
    ledger = builder.build()
    computations: list[Callable[[Ledger], object]] = [
        movements,
        trial_balance,
        lambda books: account_ledger(books, "1510"),
    ]
    for compute in computations:
        with pytest.raises(DataError) as caught:
            compute(ledger)
        assert (caught.value.code, caught.value.parameters["record"]) == ("sum-too-large", "1510")


def test_large_sums_that_cancel_out_are_exact(new_builder: NewBuilder) -> None:
    builder = new_builder()
    for number in range(1000):
        builder.add_voucher("A", str(number), date(2025, 1 + number // 500, 1))
        builder.add_row("1510", MAX_ORE if number % 2 else -MAX_ORE)
    assert movements(builder.build(), by="year").rows() == [("1510", 202512, 0)]
