"""Balance book-keeping: the sub-ledger's state of any day agrees with the control account of that day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasource_fortnox.simulator import Clock, Company, Switches
from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.ledger import FinancialYear
from datasource_fortnox.simulator.seeds.chart import equip
from datasource_fortnox.simulator.seeds.diary import taxed
from datasource_fortnox.simulator.subledger import SubLedger, SubLedgerError

DAY = date(2025, 3, 1)


@pytest.fixture
def company() -> Company:
    return make()


def make(**switches: Any) -> Company:
    made = Company(1, "X AB", "556677-8899", Clock.frozen("2026-01-01"), Switches(**switches))
    for number, year in ((3, 2025), (1, 2026)):
        made.years[number] = equip(FinancialYear(number, date(year, 1, 1), date(year, 12, 31)))
    return made


def control(company: Company, ledger: SubLedger, day: date) -> int:
    """The control account's balance at the end of ``day``, both years, in the ledger's own sign."""
    return ledger.sign * sum(year.turnover([ledger.control_account], until=day).get(ledger.control_account, 0)
                             for year in company.years.values())  # fmt: skip


operations = st.lists(
    st.tuples(
        st.sampled_from(["invoice", "pay", "part", "write_off", "credit", "set_off", "unbooked", "cancel", "euro"]),
        st.integers(0, 400),
        st.integers(1, 500_000),
        st.integers(0, 20),
    ),
    max_size=40,
)


def play(ledger: SubLedger, steps: Any) -> None:
    for kind, offset, amount, choice in sorted(steps, key=lambda step: step[1]):
        day = date(2025, 1, 1) + timedelta(days=offset)
        booked = [n for n, document in ledger.documents.items() if document.booked and ledger.open(document) > 0]
        target = booked[choice % len(booked)] if booked else None
        if kind in {"invoice", "unbooked", "cancel", "euro"}:
            foreign: dict[str, Any] = {"currency": "EUR", "rate": Decimal("11.2345")} if kind == "euro" else {}
            document = ledger.add(str(choice), day, taxed(amount, 3001, 2611), **foreign)
            if kind in {"invoice", "euro"}:
                ledger.book(document.number, on=day + timedelta(days=choice))
            elif kind == "cancel":
                ledger.cancel(document.number)
        elif target is None:
            continue
        elif kind == "pay":
            ledger.pay(target, day, rate=Decimal("11.5") if ledger.documents[target].currency == "EUR" else None)
        elif kind == "part":
            ledger.pay(target, day, amount % ledger.open_foreign(ledger.documents[target]) + 1)
        elif kind == "write_off":
            ledger.pay(target, day, amount, write_offs=[WriteOff(3740, choice + 1)])
        elif kind == "credit":
            ledger.book(ledger.credit(target, day, [Line(3001, -amount)]).number)
        else:
            credits = [n for n, d in ledger.documents.items() if ledger.open(d) < 0 and d.currency == "SEK"]
            if credits and ledger.documents[target].currency == "SEK":
                ledger.set_off(credits[choice % len(credits)], target, day)


@settings(max_examples=60, deadline=None)
@given(steps=operations, side=st.sampled_from(["receivables", "payables"]), probe=st.integers(0, 450))
def test_open_items_equal_the_control_account_on_any_day(steps: Any, side: str, probe: int) -> None:
    company = make()
    ledger = getattr(company, side)
    play(ledger, steps)
    for year in company.years.values():
        for voucher in year.vouchers.values():
            assert sum(row.amount for row in voucher.rows) == 0
    for day in (date(2025, 1, 1) + timedelta(days=probe), date(2026, 12, 31)):
        assert sum(ledger.open_items(day).values()) == control(company, ledger, day)
    now = {number: ledger.open(document) for number, document in ledger.documents.items()}
    assert {number: amount for number, amount in now.items() if amount} == ledger.open_items(date(2026, 12, 31))


def test_paying_in_parts_sets_the_final_payment_date_at_the_last(company: Company) -> None:
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, taxed(1000, 3001, 2611), number=1).number)
    ledger.pay(1, date(2025, 4, 1), 400)
    assert (ledger.open(ledger.documents[1]), ledger.documents[1].final_pay_date) == (600, None)
    ledger.pay(1, date(2025, 5, 1))
    assert (ledger.open(ledger.documents[1]), ledger.documents[1].final_pay_date) == (0, date(2025, 5, 1))
    assert ledger.open(ledger.documents[1], date(2025, 4, 30)) == 600


def test_overpayment_keeps_its_sign(company: Company) -> None:
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, taxed(1000, 3001, 2611), number=1).number)
    ledger.pay(1, date(2025, 4, 1), 1500)
    assert ledger.open_items(date(2025, 4, 1)) == {1: -500}


def test_rate_gain_and_loss_reach_their_accounts(company: Company) -> None:
    ledger = company.receivables
    for number, rate in ((1, "12"), (2, "10")):
        lines = [Line(3305, 1000)]
        ledger.book(ledger.add("1", DAY, lines, number=number, currency="EUR", rate=Decimal(11)).number)
        ledger.pay(number, date(2025, 4, 1), rate=Decimal(rate))
    turnover = company.years[3].turnover([3960, 7960, 1510])
    assert turnover == {3960: -1000, 7960: 1000, 1510: 0}


def test_tax_agencys_part_lies_on_its_own_account(company: Company) -> None:
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, taxed(1000, 3001, 2611), number=1, other_control=((1513, 300),)).number)
    assert company.years[3].turnover([1510, 1513]) == {1510: 700, 1513: 300}
    assert ledger.open_items(DAY) == {1: 1000}
    ledger.pay(1, DAY, 300, control=1513)
    assert company.years[3].turnover([1510, 1513]) == {1510: 700, 1513: 0}


def test_cash_method_books_at_payment_only(company: Company) -> None:
    company.years[3].method = "CASH"
    ledger = company.receivables
    document = ledger.book(ledger.add("1", DAY, taxed(1250, 3001, 2611), number=1).number)
    assert (document.booked, document.voucher, company.years[3].vouchers) == (True, None, {})
    assert ledger.open_items(DAY) == {1: 1250}
    ledger.pay(1, date(2025, 4, 1), 500)
    assert company.years[3].turnover() == {1930: 500, 3001: -400, 2611: -100}
    ledger.pay(1, date(2025, 4, 2))
    assert company.years[3].turnover() == {1930: 1250, 3001: -1000, 2611: -250}


def test_booked_invoice_cannot_be_cancelled_or_booked_again(company: Company) -> None:
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, [Line(3001, 100)], number=1).number)
    for step in (ledger.cancel, ledger.book):
        with pytest.raises(SubLedgerError):
            step(1)
    with pytest.raises(SubLedgerError):
        ledger.add("1", DAY, [], number=1)
    with pytest.raises(SubLedgerError):
        ledger.pay(2, DAY)


def test_removed_payment_vanishes_and_its_voucher_stays(company: Company) -> None:
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, [Line(3001, 100)], number=1).number)
    payment = ledger.pay(1, DAY)
    ledger.remove_payment(payment.number)
    assert (ledger.open_items(DAY), control(company, ledger, DAY)) == ({1: 100}, 0)


def test_registered_payment_has_no_effect_until_booked_once(company: Company) -> None:
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, [Line(3001, 100)], number=1).number)
    payment = ledger.pay(1, DAY, booked=False)
    assert ledger.open_items(DAY) == {1: 100}
    ledger.book_payment(payment.number)
    assert ledger.open_items(DAY) == {}
    with pytest.raises(SubLedgerError):
        ledger.book_payment(payment.number)


def test_credit_note_sets_off_at_booking_by_the_switch() -> None:
    company = make(credit_note_sets_off=True)
    ledger = company.receivables
    ledger.book(ledger.add("1", DAY, [Line(3001, 1000)], number=1).number)
    ledger.book(ledger.credit(1, date(2025, 4, 1), [Line(3001, -300)]).number)
    assert ledger.open_items(date(2025, 3, 31)) == {1: 1000}
    assert ledger.open_items(date(2025, 4, 1)) == {1: 700}
    assert ledger.payments == {}


def test_missing_due_date_stays_missing(company: Company) -> None:
    assert company.receivables.add("1", DAY, [Line(3001, 1)], terms=None).due_date is None
    assert company.receivables.add("1", DAY, [Line(3001, 1)], terms=10).due_date == date(2025, 3, 11)


def test_booking_outside_every_year_is_an_error(company: Company) -> None:
    company.receivables.add("1", date(2031, 1, 1), [Line(3001, 1)], number=1)
    with pytest.raises(ValueError, match="no financial year"):
        company.receivables.book(1)
