"""What differs from books that were signed off, told by voucher and account."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_books import END, MARCH, START, books
from closing_host.api.ledger import Ledger
from closing_host.closing.changed_since import (
    MOVED,
    changed_vouchers,
    moved_amounts,
    moved_figures,
    moved_until,
)
from closing_host.closing.effect import movements
from closing_host.closing.period_balances import period_figures
from closing_host.closing.periods import period_of, periods_of

JANUARY = "2025-01-10 A 1 Rent | 5010 100 | 1930 -100"
RENT = "2025-03-10 A 2 Rent | 5010 100 | 1930 -100"
APRIL = "2025-04-10 A 3 Rent | 5010 100 | 1930 -100"


def told(before: Ledger, now: Ledger, **more: Any) -> list[tuple[Any, ...]]:
    found = changed_vouchers(before, now, *MARCH, **more)
    assert found.count == found.vouchers.height
    return found.vouchers.select(pl.col("change").cast(pl.String), "series", "number", "amount").rows()


def test_a_voucher_of_those_days_that_is_new_or_gone_or_changed_is_told() -> None:
    before = books(JANUARY, RENT, APRIL)
    assert told(before, before) == []
    assert told(books(JANUARY, APRIL), before) == [("new", "A", "2", 10_000)]
    assert told(before, books(JANUARY, APRIL)) == [("removed", "A", "2", 10_000)]
    dearer = books(JANUARY, "2025-03-10 A 2 Rent | 5010 120 | 1930 -120", APRIL)
    assert told(before, dearer) == [("changed", "A", "2", 12_000)]
    rows = changed_vouchers(before, dearer, *MARCH).rows
    assert rows.select(pl.col("change").cast(pl.String), "account", "amount").sort("change", "account").rows() == [
        ("new", "1930", -12_000),
        ("new", "5010", 12_000),
        ("removed", "1930", -10_000),
        ("removed", "5010", 10_000),
    ]
    renamed = changed_vouchers(before, books(JANUARY, RENT.replace("Rent", "Hyra"), APRIL), *MARCH)
    assert renamed.fields.select("field", "old", "new").rows() == [("text", "Rent", "Hyra")]
    assert renamed.rows.is_empty()


def test_a_voucher_that_came_from_or_went_to_other_days_is_changed_and_not_new() -> None:
    before, now = books(RENT), books(RENT.replace("03-10", "04-10"))
    assert told(before, now) == told(now, before) == [("changed", "A", "2", 10_000)]


def test_other_days_are_not_told() -> None:
    before = books(JANUARY, RENT, APRIL)
    assert told(before, books(JANUARY.replace("100", "90"), RENT, "2025-04-10 A 4 New | 5010 1 | 1930 -1")) == []
    unnumbered = [f"{day} - - Till | 1910 {amount} | 3010 -{amount}" for day, amount in (("2025-03-03", 1),)]
    other = "2025-04-03 - - Till | 1910 5 | 3010 -5"
    assert told(books(*unnumbered, other), books(*unnumbered, other.replace(" 5", " 6").replace("-5", "-6"))) == []
    assert told(books(*unnumbered, other), books(other)) == [("removed", "", "", 100)]


def test_an_own_entry_that_came_back_is_not_new_but_one_that_was_changed_later_is() -> None:
    before, now = books(JANUARY), books(JANUARY, RENT)
    assert told(before, now, own=[("A", "2")]) == []
    assert told(now, books(JANUARY, RENT.replace("100", "90")), own=[("A", "2")]) == [("changed", "A", "2", 9_000)]
    for first, second, height in ((before, now, 0), (now, before, 1)):
        moved = moved_amounts(first, second)
        assert moved_until(moved, "1930", START, END, own=[("A", "2")]).height == height
        assert moved_until(moved, "1930", START, END, apart=[("A", "2")]).is_empty()


def test_what_moved_an_account_is_told_by_voucher_with_its_opening_balance_first() -> None:
    before = books(JANUARY, RENT, APRIL, opening={"1930": 500})
    now = books(JANUARY, RENT.replace("100", "90"), opening={"1930": 600})
    moved = moved_amounts(before, now)
    assert list(moved.columns) == list(MOVED)
    march = moved_until(moved, "1930", START, MARCH[1])
    assert march.select("date", "number", "before", "after").rows() == [
        (None, None, 50_000, 60_000),
        (date(2025, 3, 10), "2", -10_000, -9_000),
    ]
    assert march["voucher"].to_list() == [None, 1]
    assert moved_until(moved, "1930", START, END).height == 3
    assert moved_amounts(now, now).is_empty()


def test_moved_figures_name_what_closes_otherwise() -> None:
    period = period_of(periods_of(START, END), "2025-03")
    nothing = movements([])
    before, now = (period_figures(each, nothing, period) for each in (books(RENT), books(RENT.replace("1930", "1910"))))
    assert moved_figures(before, now).rows() == [
        ("1910", "(saknas)", 0, -10_000),
        ("1930", "(saknas)", -10_000, 0),
    ]
    assert moved_figures(before, before).is_empty()


@st.composite
def some_books(draw: st.DrawFn) -> Ledger:
    """Few vouchers of few numbers, some without any, so that two of them share much and differ in everything."""
    lines = []
    for _ in range(draw(st.integers(0, 5))):
        day = draw(st.sampled_from(["2025-01-31", "2025-02-01", "2025-02-28", "2025-03-01"]))
        number = draw(st.sampled_from(["1", "2", "-"]))
        amount = draw(st.sampled_from([1, 2]))
        account = draw(st.sampled_from(["1510", "1910"]))
        lines.append(f"{day} A {number} Text | {account} {amount} | 3010 -{amount}")
    return books(*lines, opening=draw(st.sampled_from([{}, {"1510": 5}, {"1510": 6, "1930": 1}])))


@settings(max_examples=20, deadline=None)
@given(before=some_books(), now=some_books())
def test_what_moved_adds_up_to_every_figure_that_moved(before: Ledger, now: Ledger) -> None:
    moved, nothing = moved_amounts(before, now), movements([])
    february = period_of(periods_of(START, END), "2025-02")
    figures = moved_figures(period_figures(before, nothing, february), period_figures(now, nothing, february))
    found = {account: after - was for account, _, was, after in figures.iter_rows()}
    for account in ("1510", "1910", "1930", "3010"):
        parts = moved_until(moved, account, START, february.end)
        assert parts.select((pl.col("after") - pl.col("before")).sum()).item() == found.get(account, 0)


@settings(max_examples=20, deadline=None)
@given(before=some_books(), now=some_books())
def test_nothing_is_told_of_days_exactly_when_their_vouchers_are_the_same(before: Ledger, now: Ledger) -> None:
    def content(ledger: Ledger) -> list[Any]:
        head = ledger.vouchers.filter(pl.col("date").is_between(date(2025, 2, 1), date(2025, 2, 28)))
        rows = ledger.rows.drop("date").join(head, on="voucher").sort("voucher", "row")
        joined = rows.group_by("voucher", "date", "number").agg("account", "amount")
        return sorted(joined.drop("voucher").rows(), key=str)

    found = changed_vouchers(before, now, date(2025, 2, 1), date(2025, 2, 28))
    assert (found.count == 0) == (content(before) == content(now))
    back = changed_vouchers(now, before, date(2025, 2, 1), date(2025, 2, 28))
    assert found.count == back.count


def test_ledgers_without_unread_columns_can_be_compared() -> None:
    before = books(RENT)
    bare = replace(before, rows=before.rows.with_columns(pl.lit(None, before.rows.schema["objects"]).alias("objects")))
    assert told(bare, bare) == []
