"""What holds for any sub-ledger beside any ledger, however badly they fit."""

from datetime import date, timedelta
from typing import Any, get_args

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from attachment_books import END, START, Books
from closing_host.api.subledger import PaymentKind, VoucherRef
from closing_host.closing import attachment_at, daily_series, link
from closing_host.closing.first_day import Parting

DAYS = st.dates(date(2024, 11, 1), date(2026, 2, 14))
AMOUNTS = st.integers(-50_000, 50_000).filter(bool)


@st.composite
def books(draw: st.DrawFn) -> Books:
    """Documents and payments that are booked rightly, wrongly, elsewhere, on other days, together or not at all."""
    made = Books(
        draw(st.sampled_from(["receivables", "payables"])),
        complete_from=draw(st.just(START) | st.dates(START, date(2025, 6, 30))),
        cash_method=draw(st.sampled_from([False, False, False, True])),
        openings=draw(st.dictionaries(st.sampled_from(["1510", "2440", "1511"]), AMOUNTS, max_size=2)),
    )
    made.control = draw(st.sampled_from([(made.account,), (made.account, "1511")]))
    shared = made.voucher("Z", draw(st.dates(START, END)), (made.account, draw(AMOUNTS)))
    for number in range(draw(st.integers(0, 6))):
        day, total = draw(DAYS), draw(AMOUNTS)
        options = draw(_booking(made, day, total, shared))
        states: list[dict[str, Any]] = [{}, {}, {}, {"booked": False}, {"cancelled": True}]
        state = draw(st.sampled_from(states))
        made.document(str(number), day, total, party=draw(st.sampled_from("12")), **{**options, **state})
        for _ in range(draw(st.integers(0, 2))):
            day, amount = draw(DAYS), draw(AMOUNTS)
            options = draw(_booking(made, day, -amount, shared))
            kind = draw(st.sampled_from(get_args(PaymentKind)))
            booked = draw(st.sampled_from([True, True, False]))
            made.pay(draw(st.sampled_from([str(number), "404"])), day, amount, kind=kind, booked=booked, **options)
    for _ in range(draw(st.integers(0, 3))):
        amount = draw(AMOUNTS)
        made.voucher(draw(st.sampled_from("AX")), draw(DAYS), (made.account, amount), ("1930", -amount))
    return made


def _booking(made: Books, day: date, amount: int, shared: VoucherRef) -> st.SearchStrategy[dict[str, Any]]:
    effect = made.sign * amount
    other = day + timedelta(days=9)
    return st.sampled_from(
        [
            {},
            {},
            {"on": other},
            {"book": False},
            {"voucher": shared},
            {"voucher": VoucherRef(START, "B", "999")},
            {"rows": [(made.account, effect - 7), ("1513", 7)]},
            {"rows": [("1511", effect)]},
            {"rows": [("1930", effect)]},
            {"rows": [(made.account, effect), (made.account, -effect)]},
            {"voucher": VoucherRef(START, "X", "1")},
        ]
    )


@settings(max_examples=60, deadline=None)
@given(made=books(), days=st.lists(st.dates(date(2025, 6, 30), END), min_size=1, max_size=3))
def test_classes_buckets_and_days_add_up(made: Books, days: list[date]) -> None:
    linked = link(made.ledger(), made.facts())
    series = daily_series(linked)
    for day in (*days, END):
        found = attachment_at(linked, day, series=series)
        difference = found.reconciliation.difference
        assert sum(found.explanation.amounts.values()) == difference
        assert found.explanation.amounts["g"] == 0
        rows = found.explanation.rows
        assert (rows["ledger"] - rows["subledger"]).to_list() == rows["amount"].to_list()
        assert _by_class(rows) == {letter: amount for letter, amount in found.explanation.amounts.items() if amount}
        assert found.ageing["amount"].sum() == found.reconciliation.open == found.items["open"].sum()
        assert found.parties["open"].sum() == found.reconciliation.open
        assert not found.items["check"].any()
        of_day = series.row(by_predicate=pl.col("date") == day, named=True)
        assert (of_day["ledger"], of_day["open"]) == (found.reconciliation.ledger, found.reconciliation.open)
        assert of_day["difference"] == difference
        _check_parting(found.parting, difference, day, {row[0]: row[3] for row in series.rows()})


def _by_class(rows: pl.DataFrame) -> dict[str, int]:
    sums: dict[str, int] = {}
    for letter, amount in rows.select("class", "amount").iter_rows():
        sums[letter] = sums.get(letter, 0) + amount
    return {letter: amount for letter, amount in sums.items() if amount}


def _check_parting(parting: Parting | None, difference: int, day: date, differences: dict[date, int]) -> None:
    assert (parting is None) == (difference == 0)
    if parting is None:
        return
    until = {at: amount for at, amount in differences.items() if at <= day}
    if parting.day is None:
        assert all(until.values())
        return
    assert all(amount for at, amount in until.items() if at >= parting.day)
    assert until[parting.day - timedelta(days=1)] == 0
    assert parting.vouchers["difference"].sum() == until[parting.day]
