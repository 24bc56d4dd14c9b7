"""From cases to the contract's records (`closing_host.api.subledger`)."""

from collections.abc import Iterable, Mapping
from datetime import date

from closing_host.api.subledger import Document, Foreign, Payment, VoucherRef
from datasource_fortnox.subledger_cases import Case, by_number, day_of, ore, rate, wrong
from datasource_fortnox.subledger_models import Invoice, InvoicePayment, VoucherKey, rate_of
from datasource_fortnox.subledger_set_offs import SetOff, paid_by_itself

Years = Mapping[int, date]
"""The first day of each financial year, by its id."""


def document(case: Case, years: Years) -> Document:
    """The invoice or credit note."""
    invoice = case.invoice
    foreign = Foreign(invoice.currency, case.foreign.foreign, rate(invoice)) if case.foreign else None
    vat = None if invoice.vat is None or foreign else ore(invoice.vat, invoice, "VAT")
    return Document(
        number=invoice.number,
        party=invoice.party,
        party_name=invoice.party_name,
        dated=invoice.invoice_date,
        due=invoice.due_date,
        total=case.total,
        balance=case.balance,
        booked=invoice.booked,
        cancelled=invoice.cancelled,
        voucher=_reference(invoice.voucher, invoice, years),
        external_number=invoice.own_number,
        foreign=foreign,
        vat=vat,
    )


def payments(case: Case, years: Years) -> list[Payment]:
    """The invoice's payments by date, each followed by what was written off with it."""
    number = case.invoice.number
    found: list[Payment] = []
    for each in sorted(case.payments, key=lambda payment: (day_of(payment), by_number(payment))):
        effect, day = case.effects[each.number], day_of(each)
        voucher = _reference(case.vouchers.get(each.number), each, years)
        money = _foreign(case, effect.foreign_money, each)
        found.append(Payment(each.number, number, day, effect.money, each.booked, "payment", voucher, money))
        if effect.written_off:
            gone = _foreign(case, effect.foreign_written_off, case.invoice)
            found.append(Payment(each.number, number, day, effect.written_off, each.booked, "write_off", voucher, gone))
    if paid_by_itself(case):
        voucher = _reference(case.invoice.voucher, case.invoice, years)
        found.append(Payment(number, number, case.invoice.invoice_date, case.gap, True, "payment", voucher))
    return found


def settlements(set_offs: Iterable[SetOff]) -> list[Payment]:
    """Two records that cancel for each set-off, under the credit note's number."""
    return [
        Payment(each.credit.invoice.number, case.invoice.number, each.day, amount, True, "set_off")
        for each in set_offs
        for case, amount in ((each.credit, -each.amount), (each.original, each.amount))
    ]


def _foreign(case: Case, amount: int | None, rated: Invoice | InvoicePayment) -> Foreign | None:
    if case.foreign is None or amount is None:
        return None
    return Foreign(case.invoice.currency, amount, rate_of(rated) or rate(case.invoice))


def _reference(key: VoucherKey | None, record: Invoice | InvoicePayment, years: Years) -> VoucherRef | None:
    if key is None:
        return None
    if key[0] not in years:
        raise wrong(record, "VoucherYear", "no financial year has this id")
    return VoucherRef(years[key[0]], key[1], str(key[2]))
