"""What was settled without a payment: credit notes against their invoices, and invoices paid in cash when made out.

Fortnox books neither a payment nor a voucher for these (F 12, F 6.1); only the balances show that something is gone. It
is explained where the balances leave no doubt, and left for the host to point at where they do.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from datasource_fortnox.subledger_cases import Case, by_number
from datasource_fortnox.subledger_models import Invoice, InvoicePayment, VoucherKey
from datasource_fortnox.subledger_relevance import paid_off


@dataclass(frozen=True, slots=True)
class SetOff:
    """A credit note that reduced its invoice by `amount` öre (positive) on `day`."""

    credit: Case
    original: Case
    day: date
    amount: int

    @property
    def numbers(self) -> frozenset[str]:
        """The two documents."""
        return frozenset({self.credit.invoice.number, self.original.invoice.number})


def unexplained_credits(cases: Iterable[Case]) -> list[Case]:
    """Credit notes of which something is gone without payment: their single record names the invoice."""
    return [case for case in cases if case.total < 0 and case.gap < 0]


def older_credits(
    cases: Mapping[str, Case], invoices: Mapping[str, Invoice], payments: Mapping[str, Sequence[InvoicePayment]]
) -> list[Invoice]:
    """Credit notes outside `cases` that may have reduced an invoice among them: same party, not paid back.

    An invoice that is still open may have been reduced in an earlier year, by a credit note that is long settled.
    """
    parties = {case.invoice.party for case in cases.values() if case.gap > 0 and not paid_by_itself(case)}
    return [
        invoice
        for number, invoice in invoices.items()
        if number not in cases
        and invoice.party in parties
        and invoice.booked
        and invoice.total is not None
        and invoice.total < 0
        and not paid_off(invoice, payments.get(number, ()))
    ]


def set_offs(
    credits: Mapping[str, Invoice], cases: Mapping[str, Case], booked: Mapping[VoucherKey, date | None]
) -> list[SetOff]:
    """The set-offs of `credits` (single records by number).

    An invoice must lack exactly what its credit notes lack. `booked`: the days of vouchers; the credit note's is the
    day, or else its own date.
    """
    of_original: defaultdict[str, list[Case]] = defaultdict(list)
    for number, stated in credits.items():
        of_original[stated.other].append(cases[number])
    found = []
    for number, credit_notes in of_original.items():
        original = cases.get(number)
        if original is None or original.gap != -sum(each.gap for each in credit_notes):
            continue
        for each in sorted(credit_notes, key=lambda case: by_number(case.invoice)):
            key = each.invoice.voucher
            day = (booked.get(key) if key else None) or each.invoice.invoice_date
            found.append(SetOff(each, original, day, -each.gap))
    return found


def paid_by_itself(case: Case) -> bool:
    """Whether this is a cash invoice whose money came with its own voucher: all gone, and no payment."""
    return case.invoice.cash and case.balance == 0 and not case.payments and case.gap != 0
