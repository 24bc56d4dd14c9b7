"""Receivables and payables from Fortnox, as facts: every document and payment that a financial year needs (F 6.5).

Fortnox knows what is open now and nothing of any other day. So documents and payments are delivered whole, with their
vouchers, and the host computes any day. What is asked, in which order and how often: docs/fortnox/attachments.md.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from closing_host.api.context import AttachmentsRequest, Connection, Context
from closing_host.api.errors import DataError, PermissionMissing
from closing_host.api.subledger import Side, SubLedger
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import NotPermitted
from datasource_fortnox.importing import all_years, connected_company
from datasource_fortnox.subledger_cases import Case, by_number, rate
from datasource_fortnox.subledger_currency import Unit, booked_on, unit_shown_by
from datasource_fortnox.subledger_details import Details
from datasource_fortnox.subledger_lists import SIDES, Lists, SideCalls, SideLists, read_lists, whole
from datasource_fortnox.subledger_models import Invoice, InvoicePayment
from datasource_fortnox.subledger_records import document, payments, settlements
from datasource_fortnox.subledger_references import Naming, References
from datasource_fortnox.subledger_relevance import concerns
from datasource_fortnox.subledger_set_offs import SetOff, set_offs, unexplained_credits

_PREDEFINED: Final[Mapping[Side, str]] = {"receivables": "CUSTCLAIM", "payables": "SUPDEBT"}


@dataclass(frozen=True, slots=True)
class _Terms:
    """What one side is made for. `years`: first days by id; `from_start`: ids of the asked year and those after."""

    request: AttachmentsRequest
    accounts: tuple[str, ...]
    years: Mapping[int, date]
    from_start: frozenset[int]
    cash_method: bool


async def sub_ledgers(
    fortnox: FortnoxClient, request: AttachmentsRequest, connection: Connection, context: Context
) -> dict[Side, SubLedger]:
    """Both sides, complete from the asked year's first day.

    Raises `WrongCompany` before anything is read; `PermissionMissing("attachments")`, whatever resource is closed;
    `DataError` for a year that Fortnox does not have, accounts that it does not state, and lists that never rest.
    """
    try:
        return await _sub_ledgers(fortnox, request, connection, context)
    except NotPermitted as error:
        raise NotPermitted(error.code, "attachments", detail=error.detail, **_others(error)) from error


async def _sub_ledgers(
    fortnox: FortnoxClient, request: AttachmentsRequest, connection: Connection, context: Context
) -> dict[Side, SubLedger]:
    await connected_company(fortnox, connection)
    found = await all_years(fortnox)
    asked = [year for year in found if (year.from_date, year.to_date) == (request.year.start, request.year.end)]
    if not asked:
        raise DataError("fortnox-year-unknown", start=request.year.start, end=request.year.end)
    accounts = await _control_accounts(fortnox, request)
    years = {year.id: year.from_date for year in found}
    later = tuple(year.id for year in found if year.to_date >= request.year.start)
    lists = await read_lists(fortnox, later, context.clock)
    cash = asked[0].accounting_method == "CASH"
    calls: Counter[str] = Counter()

    def told() -> None:
        calls["single"] += 1
        context.progress("fetch", calls["single"], None)

    made = {}
    for side in SIDES:
        read = lists.sides[side]
        astray = [each.number for each in read.payments.values() if each.document not in read.invoices]
        if astray:  # their vouchers remain in the books, where the host shows them as belonging to no document
            context.log.warning("Fortnox has %d payments without invoice: %s", len(astray), ", ".join(astray[:20]))
        terms = _Terms(request, accounts[side], years, frozenset(later), cash)
        made[side] = await _side(Details(fortnox, SideCalls(fortnox, side), told), side, lists, terms)
    return made


async def _control_accounts(fortnox: FortnoxClient, request: AttachmentsRequest) -> Mapping[Side, tuple[str, ...]]:
    """The user's choice, else what Fortnox books on by itself (F 5.5)."""
    chosen = {side: accounts for side, accounts in request.control_accounts.items() if accounts}
    missing = [side for side in SIDES if side not in chosen]
    if not missing:
        return chosen
    listing = whole(await fortnox.predefined_accounts(), "predefinedaccounts")
    stated = {each.name: each.account for each in listing}
    for side in missing:
        account = stated.get(_PREDEFINED[side])
        if account is None:
            raise DataError("fortnox-control-account-missing", name=_PREDEFINED[side])
        chosen[side] = (str(account),)
    return chosen


async def _side(details: Details, side: Side, lists: Lists, terms: _Terms) -> SubLedger:
    read, start = lists.sides[side], terms.request.year.start
    references = References(side, lists.vouchers)
    recent = [each for each in read.payments.values() if each.payment_date is not None and each.payment_date >= start]
    naming = await details.naming(references, recent)
    cases = {case.invoice.number: case for case in _concerned(read, references, naming, terms)}
    for case in cases.values():
        await _complete_payments(case, references, naming, details)
    unit = await _value(cases, side, details, terms)
    for case in cases.values():
        await _complete_invoice(case, unit, details, terms)
    settled = await _set_offs(cases, details, lists)
    ordered = sorted(cases.values(), key=lambda case: by_number(case.invoice))
    made = [payment for case in ordered for payment in payments(case, terms.years)]
    return SubLedger(
        side,
        terms.accounts,
        tuple(document(case, terms.years) for case in ordered),
        (*made, *settlements(settled)),
        start,
        terms.request.through,
        terms.cash_method,
    )


def _concerned(read: SideLists, references: References, naming: Naming | None, terms: _Terms) -> list[Case]:
    of_invoice: defaultdict[str, list[InvoicePayment]] = defaultdict(list)
    for payment in read.payments.values():
        of_invoice[payment.document].append(payment)
    named = references.numbers
    referred_to = named if naming != "payment" else frozenset[str]()
    if naming != "invoice":
        referred_to |= {read.payments[number].document for number in named if number in read.payments}
    return [
        Case(invoice, sorted(of_invoice[number], key=by_number))
        for number, invoice in read.invoices.items()
        if concerns(
            invoice,
            of_invoice[number],
            start=terms.request.year.start,
            years=terms.from_start,
            referred_to=number in referred_to,
        )
    ]


async def _complete_payments(case: Case, references: References, naming: Naming | None, details: Details) -> None:
    """Vouchers for all booked payments; the single payment where the lists do not say all."""
    case.vouchers = references.matched(case.payments, naming)
    for position, each in enumerate(case.payments):
        if each.booked and (each.write_off_exist or case.invoice.foreign or each.number not in case.vouchers):
            single = case.payments[position] = await details.payment(each.number)
            if single.header is not None:
                case.vouchers[each.number] = single.header


async def _value(cases: Mapping[str, Case], side: Side, details: Details, terms: _Terms) -> Unit:
    """Value every case in öre; the unit of foreign invoices' totals, which is one for the whole side."""
    abroad = {number: case for number, case in cases.items() if case.invoice.foreign}
    booked = {}
    shown: Counter[Unit] = Counter()
    for number, case in abroad.items():
        if case.invoice.booked and case.invoice.voucher is not None and case.invoice.total is not None:
            voucher = await details.voucher(case.invoice.voucher)
            booked[number] = booked_on(voucher, terms.accounts, 1 if side == "receivables" else -1)
            unit = unit_shown_by(case.invoice.total, rate(case.invoice), booked[number])
            shown.update([unit] if unit else [])
    common: Unit = "kronor" if shown["kronor"] > shown["currency"] else "currency"
    for number, case in cases.items():
        case.value(terms.years, common, booked.get(number))
    return common


async def _complete_invoice(case: Case, unit: Unit, details: Details, terms: _Terms) -> None:
    """The balance where the list has none and the payments do not make it plain; VAT for the cash method (P 7.4.8)."""
    invoice, end = case.invoice, terms.request.year.end
    no_balance = case.counts and case.balance is None and case.left() != 0
    to_be_booked = case.counts and terms.cash_method and invoice.invoice_date <= end and case.left(end) != 0
    if no_balance or to_be_booked:
        single = await details.invoice(invoice.number)
        case.rebalance(single, unit)
        case.invoice = invoice.model_copy(update={"vat": single.vat})


async def _set_offs(cases: Mapping[str, Case], details: Details, lists: Lists) -> list[SetOff]:
    credits: dict[str, Invoice] = {}
    for case in unexplained_credits(cases.values()):
        credits[case.invoice.number] = await details.invoice(case.invoice.number)
    if not credits:
        return []
    return set_offs(credits, cases, {voucher.key: voucher.transaction_date for voucher in lists.vouchers})


def _others(error: PermissionMissing) -> dict[str, object]:
    return {name: value for name, value in error.parameters.items() if name != "operation"}
