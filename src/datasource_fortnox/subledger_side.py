"""One side's facts from its lists: which invoices concern the year, what the single records add, and the records.

Single records are read for: payments with write-offs, in foreign currency, or whose voucher the lists leave open; the
vouchers of invoices in foreign currency; invoices without balance that their payments do not settle; credit notes of
which something is gone without payment; with the cash method, what was open at the year's end. Nothing else.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from closing_host.api.ledger import FinancialYear
from closing_host.api.subledger import Side, SubLedger
from datasource_fortnox.subledger_cases import Case, by_number, rate
from datasource_fortnox.subledger_currency import Unit, booked_on, unit_shown_by
from datasource_fortnox.subledger_details import Details
from datasource_fortnox.subledger_lists import Lists
from datasource_fortnox.subledger_models import Invoice, InvoicePayment
from datasource_fortnox.subledger_records import document, payments, settlements
from datasource_fortnox.subledger_references import Naming, References
from datasource_fortnox.subledger_relevance import concerns
from datasource_fortnox.subledger_set_offs import SetOff, older_credits, set_offs, unexplained_credits


@dataclass(frozen=True, slots=True)
class Terms:
    """What a side is made for. `years`: first days by id; `from_start`: ids of the asked year and those after it."""

    year: FinancialYear
    through: date
    accounts: tuple[str, ...]
    years: Mapping[int, date]
    from_start: frozenset[int]
    cash_method: bool


class SideMaker:
    """Makes one side's `SubLedger`, once."""

    def __init__(self, details: Details, side: Side, lists: Lists, terms: Terms) -> None:
        self._details = details
        self._side: Final = side
        self._lists = lists
        self._read = lists.sides[side]
        self._terms = terms
        self._references = References(side, lists.vouchers)
        self._naming: Naming | None = None
        self._payments_of: defaultdict[str, list[InvoicePayment]] = defaultdict(list)
        self._units: Counter[Unit] = Counter()
        self._cases: dict[str, Case] = {}

    async def made(self) -> SubLedger:
        """The side, complete from the year's first day."""
        for payment in sorted(self._read.payments.values(), key=by_number):
            self._payments_of[payment.document].append(payment)
        start = self._terms.year.start
        recent = [each for each in self._read.payments.values() if (each.payment_date or start) >= start]
        self._naming = await self._details.naming(self._references, recent)
        await self._take(self._concerned())
        settled = await self._settled_without_payment()
        ordered = sorted(self._cases.values(), key=lambda case: by_number(case.invoice))
        of_cases = [payment for case in ordered for payment in payments(case, self._terms.years)]
        return SubLedger(
            self._side,
            self._terms.accounts,
            tuple(document(case, self._terms.years) for case in ordered),
            (*of_cases, *settlements(settled)),
            start,
            self._terms.through,
            self._terms.cash_method,
        )

    def _concerned(self) -> list[Invoice]:
        named = self._references.numbers
        referred_to = named if self._naming != "payment" else frozenset[str]()
        if self._naming != "invoice":
            paid = self._read.payments
            referred_to |= {paid[number].document for number in named if number in paid}
        return [
            invoice
            for number, invoice in self._read.invoices.items()
            if concerns(
                invoice,
                self._payments_of[number],
                start=self._terms.year.start,
                years=self._terms.from_start,
                referred_to=number in referred_to,
            )
        ]

    async def _take(self, invoices: Iterable[Invoice]) -> None:
        """Make cases of `invoices`, with everything that single records have to add."""
        taken = [Case(invoice, list(self._payments_of[invoice.number])) for invoice in invoices]
        for case in taken:
            await self._complete_payments(case)
        await self._value(taken)
        for case in taken:
            await self._complete_invoice(case)
        self._cases |= {case.invoice.number: case for case in taken}

    async def _complete_payments(self, case: Case) -> None:
        case.vouchers = self._references.matched(case.payments, self._naming)
        for position, each in enumerate(case.payments):
            if each.booked and (each.write_off_exist or case.invoice.foreign or each.number not in case.vouchers):
                single = case.payments[position] = await self._details.payment(each.number)
                if single.header is not None:
                    case.vouchers[each.number] = single.header

    async def _value(self, taken: list[Case]) -> None:
        booked = {}
        for case in taken:
            invoice = case.invoice
            if invoice.foreign and invoice.booked and invoice.voucher is not None and invoice.total is not None:
                voucher = await self._details.voucher(invoice.voucher)
                if voucher is not None:
                    kronor = booked_on(voucher, self._terms.accounts, 1 if self._side == "receivables" else -1)
                    booked[invoice.number] = kronor
                    unit = unit_shown_by(invoice.total, rate(invoice), kronor)
                    self._units.update([unit] if unit else [])
        for case in taken:
            case.value(self._terms.years, self._unit, booked.get(case.invoice.number))

    @property
    def _unit(self) -> Unit:
        """In what Fortnox states the totals of foreign invoices: one for the whole side, the currency until shown."""
        return "kronor" if self._units["kronor"] > self._units["currency"] else "currency"

    async def _complete_invoice(self, case: Case) -> None:
        invoice, end = case.invoice, self._terms.year.end
        no_balance = case.counts and case.balance is None and case.left() != 0
        cash = case.counts and self._terms.cash_method
        if no_balance or (cash and invoice.invoice_date <= end and case.left(end) != 0):
            single = await self._details.invoice(invoice.number)
            case.rebalance(single, self._unit)
            case.invoice = invoice.model_copy(update={"vat": single.vat})

    async def _settled_without_payment(self) -> list[SetOff]:
        """Set-offs of the cases. What was settled before the year is taken in where it explains one of them."""
        concerned = set(self._cases)
        credits: dict[str, Invoice] = {}
        while True:
            older = older_credits(self._cases, self._read.invoices, self._payments_of)
            await self._take(older)
            for case in unexplained_credits(self._cases.values()):
                if case.invoice.number not in credits:
                    credits[case.invoice.number] = await self._details.invoice(case.invoice.number)
            originals = {stated.other for stated in credits.values()} - self._cases.keys()
            await self._take([self._read.invoices[each] for each in originals if each in self._read.invoices])
            if not older and not originals & self._cases.keys():
                break
        days = {voucher.key: voucher.transaction_date for voucher in self._lists.vouchers} if credits else {}
        found = set_offs(credits, self._cases, days)
        reached = {each.original.invoice.number for each in found if not concerned.isdisjoint(each.numbers)}
        kept = [each for each in found if each.original.invoice.number in reached]
        wanted = concerned.union(*(each.numbers for each in kept))
        self._cases = {number: case for number, case in self._cases.items() if number in wanted}
        return kept
