"""One invoice with its payments in öre: odd forms, what is missing, rounding, set-offs, what concerns a year."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from datasource_fortnox.errors import AnswerWrong
from datasource_fortnox.models import Voucher
from datasource_fortnox.subledger_cases import Case
from datasource_fortnox.subledger_currency import Valued, balance_of, booked_on, settled, unit_shown_by, valued
from datasource_fortnox.subledger_models import CustomerInvoice, Invoice, InvoicePayment, SupplierInvoice
from datasource_fortnox.subledger_relevance import concerns
from datasource_fortnox.subledger_set_offs import older_credits, set_offs, unexplained_credits

START = date(2025, 1, 1)
RATE = Decimal("11.2345")


def invoice(**stated: Any) -> Invoice:
    usual = {"DocumentNumber": "9", "InvoiceDate": "2025-03-01", "Booked": True, "Total": 1000, "Balance": 0}
    return CustomerInvoice.model_validate(usual | {"CustomerNumber": "1"} | stated)


def payment(number: int = 5, amount: object = 1000, day: str | None = "2025-04-01", **stated: Any) -> InvoicePayment:
    usual = {"Number": str(number), "InvoiceNumber": 9, "Amount": amount, "PaymentDate": day, "Booked": True}
    return InvoicePayment.model_validate(usual | stated)


def case(*payments: InvoicePayment, **stated: Any) -> Case:
    made = Case(invoice(**stated), list(payments))
    made.value({3: START})
    return made


# --- values as Fortnox writes them (F 3.5, F 6.2) -------------------------------------------------------------


def test_a_supplier_invoice_in_texts_and_nulls() -> None:
    stated = {
        "GivenNumber": 12,
        "InvoiceNumber": "F-77",
        "SupplierNumber": 3,
        "SupplierName": "Å",
        "InvoiceDate": "2025-03-01",
        "DueDate": "",
        "FinalPayDate": None,
        "Booked": "true",
        "Cancel": "false",
        "Currency": "",
        "CurrencyRate": "1",
        "Total": "1250.50",
        "Balance": "API_NORIGHT",
        "CreditReference": 0,
        "VoucherNumber": None,
        "Vouchers": [
            {"Number": 4, "ReferenceType": "ACCRUAL", "Series": "H", "Year": 3},
            {"Number": "31", "ReferenceType": "SUPPLIERINVOICE", "Series": "D", "Year": "3"},
        ],
        "Email": "someone@example.com",
    }
    read = SupplierInvoice.model_validate(stated)
    assert (read.number, read.own_number, read.party, read.due_date, read.other) == ("12", "F-77", "3", None, "")
    assert (read.total, read.balance, read.foreign, read.cancelled) == (Decimal("1250.50"), None, False, False)
    assert read.voucher == (3, "D", 31)
    assert "example" not in repr(read)
    single = stated | {
        "Vouchers": None,
        "VoucherNumber": "5",
        "VoucherSeries": "D",
        "VoucherYear": 3,
        "Cancelled": True,
    }
    del single["Cancel"]
    assert SupplierInvoice.model_validate(single).voucher == (3, "D", 5)
    assert SupplierInvoice.model_validate(single).cancelled


@pytest.mark.parametrize(
    ("stated", "paid", "field"),
    [
        ({"Total": None}, {}, "Total"),
        ({"Total": "12.345"}, {}, "Total"),
        ({"Balance": "0.001"}, {}, "Balance"),
        ({}, {"amount": None}, "Amount"),
        ({}, {"day": None}, "PaymentDate"),
        ({}, {"WriteOffs": [{"Amount": None}]}, "WriteOffs.Amount"),
        ({"Currency": "EUR", "CurrencyRate": None}, {}, "CurrencyRate"),
        ({"Currency": "EUR", "CurrencyRate": "11", "Total": None}, {}, "Total"),
        ({"Currency": "EUR", "CurrencyRate": "11"}, {}, "AmountCurrency"),
    ],
)
def test_what_is_missing_or_inexact_is_named(stated: dict[str, Any], paid: dict[str, Any], field: str) -> None:
    with pytest.raises(AnswerWrong) as raised:
        case(payment(**paid), **stated)
    assert raised.value.parameters["field"] == field
    assert raised.value.parameters["record"] in ("9", "5")
    assert raised.value.parameters["resource"] in ("invoices", "invoicepayments")


def test_a_cancelled_invoice_may_lack_its_total() -> None:
    assert case(Total=None, Cancelled=True).total == 0


def test_a_missing_balance_stays_unknown() -> None:
    unknown = case(Balance=None)
    assert (unknown.balance, unknown.gap, unknown.left()) == (None, 0, 100_000)


def test_unbooked_payments_leave_the_invoice_as_it_is() -> None:
    registered = case(payment(amount=400, Booked=False), payment(6, 100), Balance=900)
    assert (registered.left(), registered.left(date(2025, 3, 31)), registered.gap) == (90_000, 100_000, 0)


# --- foreign currency -----------------------------------------------------------------------------------------


def test_the_unit_of_a_total_is_what_the_voucher_makes_of_it() -> None:
    assert unit_shown_by(Decimal(2500), RATE, Decimal("28086.25")) == "currency"
    assert unit_shown_by(Decimal("28086.25"), RATE, Decimal("28086.25")) == "kronor"
    assert unit_shown_by(Decimal(2500), RATE, Decimal("9000")) is None


def test_kronor_are_what_was_booked_unless_that_is_more_than_rounding_off() -> None:
    assert valued(Decimal(2500), RATE, "currency", Decimal("28086.27")) == Valued(2_808_627, 250_000)
    assert valued(Decimal(2500), RATE, "currency", Decimal(9000)) == Valued(2_808_625, 250_000)
    assert valued(Decimal("28086.25"), RATE, "kronor", None) == Valued(2_808_625, 250_000)


def test_the_last_payment_settles_all_that_is_left() -> None:
    thirds = settled(Valued(10_000, 1_000), Decimal(10), [333, 333, 334])
    assert thirds == [3_330, 3_330, 3_340]
    assert settled(Valued(1_123_447, 100_000), RATE, [33_333, 66_667]) == [374_480, 748_967]
    assert settled(Valued(1_123_447, 100_000), RATE, [33_333]) == [374_480]


def test_a_balance_in_currency_that_the_payments_do_not_explain_is_valued_at_the_rate() -> None:
    total = Valued(1_123_447, 100_000)
    assert balance_of(total, RATE, "currency", Decimal("666.67"), 33_333, 748_967) == 748_967
    assert balance_of(total, RATE, "currency", Decimal("500.00"), 0, 1_123_447) == 1_123_447 - 561_725
    assert balance_of(total, RATE, "kronor", Decimal("12.34"), 0, 0) == 1_234


def test_only_booked_rows_on_the_control_accounts_count() -> None:
    rows = [(1510, 100, 0, False), (1511, 0, 20, False), (3001, 0, 80, False), (1510, 999, 0, True)]
    stated = {"VoucherSeries": "B", "VoucherNumber": 1, "Year": 3, "TransactionDate": "2025-03-01"}
    written = [{"Account": a, "Debit": d, "Credit": c, "Removed": gone} for a, d, c, gone in rows]
    voucher = Voucher.model_validate(stated | {"VoucherRows": written})
    assert booked_on(voucher, ("1510",), 1) == 100
    assert booked_on(voucher, ("1510", "1511"), -1) == -80


# --- what concerns a year -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "paid", "expected"),
    [
        ({"InvoiceDate": "2025-01-01"}, [], True),
        ({"InvoiceDate": "2025-01-01", "Cancelled": True}, [], True),
        ({"Cancelled": True}, [], False),
        ({"Booked": False}, [], True),
        ({"Balance": 0}, ["2024-05-01"], False),
        ({"Balance": 0.5}, ["2024-05-01"], True),
        ({"Balance": 0}, ["2024-05-01", "2025-01-01"], True),
        ({"Balance": 0, "FinalPayDate": "2025-01-01"}, [], True),
        ({"Balance": 0, "FinalPayDate": "2024-12-31"}, [], False),
        ({"Balance": 0, "VoucherYear": 3, "VoucherSeries": "B", "VoucherNumber": 1}, [], True),
        ({"Balance": 0, "VoucherYear": 7, "VoucherSeries": "B", "VoucherNumber": 1}, [], False),
        ({"Balance": None}, ["2024-05-01"], False),
        ({"Balance": None, "Total": 1001}, ["2024-05-01"], True),
        ({"Balance": None, "Total": 1001, "FinalPayDate": "2024-05-01"}, ["2024-05-01"], False),
        ({"Balance": None, "Currency": "EUR"}, ["2024-05-01"], True),
    ],
)
def test_what_may_have_been_open_in_the_year(stated: dict[str, Any], paid: list[str], expected: bool) -> None:
    usual = {"InvoiceDate": "2024-04-01"}
    numbers = {name: Decimal(str(value)) if isinstance(value, float) else value for name, value in stated.items()}
    found = concerns(
        invoice(**(usual | numbers)),
        [payment(day=day) for day in paid],
        start=START,
        years={3, 1},
        referred_to=False,
    )
    assert found is expected


def test_a_voucher_of_the_year_that_names_it_brings_an_invoice_back() -> None:
    settled_before = invoice(InvoiceDate="2024-04-01", Balance=0)
    assert concerns(settled_before, [], start=START, years=(), referred_to=True)
    assert not concerns(settled_before, [], start=START, years=(), referred_to=False)


# --- set-offs -------------------------------------------------------------------------------------------------


def credit_note(number: str, total: int, balance: int, other: str) -> Case:
    return case(DocumentNumber=number, Total=total, Balance=balance, CreditInvoiceReference=other)


def test_credit_notes_are_believed_only_when_they_lack_exactly_what_their_invoice_lacks() -> None:
    original = case(DocumentNumber="9", Total=1000, Balance=600)
    notes = [credit_note("10", -300, 0, "9"), credit_note("11", -100, 0, "9")]
    cases = {each.invoice.number: each for each in (original, *notes)}
    stated = {each.invoice.number: each.invoice for each in unexplained_credits(cases.values())}
    assert [(each.amount, each.day) for each in set_offs(stated, cases, {})] == [
        (30_000, date(2025, 3, 1)),
        (10_000, date(2025, 3, 1)),
    ]
    assert set_offs({"10": notes[0].invoice}, cases, {}) == []
    assert set_offs(stated, {number: cases[number] for number in ("10", "11")}, {}) == []


def test_older_credit_notes_are_looked_for_with_the_same_party_only() -> None:
    cases = {"9": case(Balance=400)}
    note = {"DocumentNumber": "8", "Total": -600, "InvoiceDate": "2024-12-01"}
    older = {
        "8": invoice(**note),
        "7": invoice(**note | {"DocumentNumber": "7", "CustomerNumber": "2"}),
        "6": invoice(**note | {"DocumentNumber": "6", "Booked": False}),
        "5": invoice(**note | {"DocumentNumber": "5"}),
        "4": invoice(DocumentNumber="4"),
    }
    found = older_credits(cases, older, {"5": [payment(amount=-600)]})
    assert [each.number for each in found] == ["8"]
    assert older_credits({"9": case(payment(amount=600), Balance=400)}, older, {}) == []
