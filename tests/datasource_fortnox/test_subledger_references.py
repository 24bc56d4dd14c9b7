"""A voucher is believed to be a payment's where there is no choice, and nowhere else."""

from datetime import date
from typing import Any

import pytest

from datasource_fortnox.models import VoucherSummary
from datasource_fortnox.subledger_models import InvoicePayment, SupplierInvoicePayment
from datasource_fortnox.subledger_references import References

DAY, OTHER_DAY = date(2025, 3, 1), date(2025, 3, 2)


def voucher(number: int, named: object, day: date = DAY, kind: str = "INVOICEPAYMENT") -> VoucherSummary:
    stated = {"VoucherSeries": "C", "VoucherNumber": number, "Year": 3, "TransactionDate": day.isoformat()}
    return VoucherSummary.model_validate(stated | {"ReferenceNumber": named, "ReferenceType": kind})


def payment(number: int, invoice: int, day: date = DAY, **more: Any) -> InvoicePayment:
    stated = {"Number": number, "InvoiceNumber": invoice, "PaymentDate": day.isoformat(), "Booked": True, "Amount": 1}
    return InvoicePayment.model_validate(stated | more)


def references(*vouchers: VoucherSummary) -> References:
    return References("receivables", vouchers)


def test_the_only_voucher_that_names_the_payment_on_its_day() -> None:
    found = references(voucher(7, "50"), voucher(8, 48)).matched([payment(50, 48)], "payment")
    assert found == {"50": (3, "C", 7)}


@pytest.mark.parametrize(
    "vouchers",
    [
        (),
        (voucher(7, "50"), voucher(8, "50")),
        (voucher(7, "50", OTHER_DAY),),
        (voucher(7, "50", kind="SUPPLIERPAYMENT"),),
        (voucher(7, "500"),),
        (voucher(7, 0),),
    ],
)
def test_none_several_or_another_day_is_left_to_the_single_payment(vouchers: tuple[VoucherSummary, ...]) -> None:
    assert references(*vouchers).matched([payment(50, 48)], "payment") == {}


def test_an_unbooked_payment_has_no_voucher_even_if_one_names_it() -> None:
    unbooked = payment(50, 48, Booked=False)
    held = references(voucher(7, "50"), voucher(8, "48"))
    assert held.matched([unbooked], "payment") == held.matched([unbooked], "invoice") == {}
    assert not held.telling(unbooked)


def test_part_payments_of_one_invoice_are_told_apart_by_their_days() -> None:
    parts = [payment(50, 48), payment(51, 48, OTHER_DAY)]
    held = references(voucher(7, "48", OTHER_DAY), voucher(6, "48"), voucher(9, "50"))
    assert held.matched(parts, "invoice") == {"50": (3, "C", 6), "51": (3, "C", 7)}


@pytest.mark.parametrize(
    ("parts", "vouchers"),
    [
        ([payment(50, 48)], (voucher(6, "48"), voucher(7, "48", OTHER_DAY))),  # one was of a payment taken away
        ([payment(50, 48), payment(51, 48)], (voucher(6, "48"), voucher(7, "48"))),
        ([payment(50, 48), payment(51, 48, OTHER_DAY)], (voucher(6, "48"),)),
        ([payment(50, 48)], (voucher(6, "48", OTHER_DAY),)),
    ],
)
def test_payments_and_vouchers_of_an_invoice_must_pair_up(
    parts: list[InvoicePayment], vouchers: tuple[VoucherSummary, ...]
) -> None:
    assert references(*vouchers).matched(parts, "invoice") == {}


def test_while_nobody_knows_what_is_named_only_what_fits_both_ways_is_believed() -> None:
    held = references(voucher(6, "50"), voucher(7, "48"), voucher(8, "60"))
    assert held.matched([payment(50, 48)], None) == {}
    assert held.matched([payment(60, 60)], None) == {"60": (3, "C", 8)}


def test_one_payment_with_its_voucher_shows_what_is_named() -> None:
    held = references(voucher(6, "50"), voucher(7, "48"), voucher(8, ""))

    def stating(number: int | None) -> InvoicePayment:
        return payment(50, 48, VoucherYear=3, VoucherSeries="C", VoucherNumber=number)

    assert held.naming_shown_by(stating(6)) == "payment"
    assert held.naming_shown_by(stating(7)) == "invoice"
    assert [held.naming_shown_by(stating(each)) for each in (8, 99, None)] == [None, None, None]
    same = payment(48, 48, VoucherYear=3, VoucherSeries="C", VoucherNumber=7)
    assert held.naming_shown_by(same) is None
    assert (held.telling(payment(50, 48)), held.telling(same)) == (True, False)


def test_suppliers_payments_have_their_own_type() -> None:
    held = References("payables", [voucher(6, "50"), voucher(7, "50", kind="SUPPLIERPAYMENT")])
    paid = SupplierInvoicePayment.model_validate(payment(50, 48).model_dump(by_alias=True, mode="json"))
    assert held.matched([paid], "payment") == {"50": (3, "C", 7)}
    assert held.numbers == {"50"}
