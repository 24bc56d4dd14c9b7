"""Receivables and payables across real HTTP, against the simulator's own state of every day (F 6.5, P 7.4)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from closing_host.api.authorization import Account
from closing_host.api.context import AttachmentsRequest
from closing_host.api.errors import DataError, PermissionMissing, WrongCompany
from closing_host.api.ledger import FinancialYear
from closing_host.api.subledger import Document, Payment, Side, SubLedger, VoucherRef
from closing_host.sources.returned import taken
from datasource_fortnox import plugin
from datasource_fortnox.simulator import Company
from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.seeds.diary import taxed
from fortnox_harness import BROKEN_YEAR, NO_INVOICING, WHOLE, Fortnox
from subledger_days import assert_both_ends_agree, assert_right_on_every_day, days, held_open, open_on_days

pytestmark = pytest.mark.anyio

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31), "3")
START, END = YEAR.start, YEAR.end
CLOSING = "2025-12-31T20:00:00+00:00"

Facts = dict[Side, SubLedger]


async def fetched(fortnox: Fortnox, tenant: int = WHOLE, year: FinancialYear = YEAR, **asked: Any) -> Facts:
    through = fortnox.world.clock.today()
    request = AttachmentsRequest(year, through, asked.get("control_accounts", {}))
    async with fortnox.connected(tenant, "import", "attachments") as (connection, context):
        return await plugin.attachments(request, connection, context)


@contextmanager
def working(fortnox: Fortnox, moment: str | None = None) -> Iterator[Company]:
    """The company, to work in as its users do at `moment`; later the clock stands where it stood, a day on."""
    clock = fortnox.world.clock
    stood = clock.now()
    clock.set(moment or stood)
    with fortnox.world.lock:
        yield fortnox.world.companies[WHOLE]
    clock.set(stood)
    clock.advance(86_400)


def document(facts: Facts, number: int, side: Side = "receivables") -> Document:
    (found,) = (each for each in facts[side].documents if each.number == str(number))
    return found


def payments(facts: Facts, number: int, side: Side = "receivables") -> list[Payment]:
    return [each for each in facts[side].payments if each.document == str(number)]


def right(fortnox: Fortnox, facts: Facts, first: date = START, last: date = END) -> None:
    assert_right_on_every_day(facts, fortnox.world.companies[WHOLE], first, last)
    assert_both_ends_agree(facts)


# --- every day ------------------------------------------------------------------------------------------------


async def test_every_day_of_the_year_is_what_the_simulator_held(fortnox: Fortnox) -> None:
    facts = await fetched(fortnox)
    right(fortnox, facts, last=fortnox.world.clock.today())
    closing = open_on_days(facts["receivables"], fortnox.world.companies[WHOLE], [END])[END]
    assert closing == {"101": 750_000, "102": 2_500_000, "103": 312_550, "104": -100_000}
    assert [(part.complete_from, part.complete_to) for part in facts.values()] == [(START, date(2026, 2, 14))] * 2
    assert [part.control_accounts for part in facts.values()] == [("1510",), ("2440",)]


async def test_the_host_takes_the_facts_as_they_are(fortnox: Fortnox) -> None:
    facts = await fetched(fortnox)
    assert taken("attachments", facts) == facts


async def test_december_told_in_february_is_december_told_in_december(fortnox: Fortnox) -> None:
    company = fortnox.world.companies[WHOLE]
    with fortnox.world.lock:  # undo January: what had not happened yet
        january = [n for n, each in company.receivables.payments.items() if each.date > END]
        for number in january:
            company.receivables.remove_payment(number)
        for number in [n for n, each in company.payables.payments.items() if each.date > END]:
            company.payables.remove_payment(number)
        company.receivables.documents.pop(105)
        for key in list(company.years[1].vouchers):
            del company.years[1].vouchers[key]
    fortnox.world.clock.set(CLOSING)
    wanted = days(START, END)
    before = await fetched(fortnox)
    told = {side: open_on_days(part, company, wanted) for side, part in before.items()}
    fortnox.world.clock.set("2026-02-20T09:00:00+00:00")
    with fortnox.world.lock:
        company.receivables.pay(102, date(2026, 1, 8))
        company.receivables.pay(101, date(2026, 2, 2), 100_000)
        company.receivables.book(company.receivables.add("1", date(2026, 1, 2), taxed(937_500, 3001, 2611)).number)
        company.payables.pay(24, date(2026, 1, 2))
    after = await fetched(fortnox)
    assert {side: open_on_days(part, company, wanted) for side, part in after.items()} == told
    assert document(before, 102).balance == 2_500_000
    assert document(after, 102).balance == 0
    right(fortnox, after)


@pytest.mark.parametrize("naming", ["payment", "invoice"])
async def test_payments_find_their_vouchers_whatever_the_vouchers_name(fortnox: Fortnox, naming: str) -> None:
    company = fortnox.world.companies[WHOLE]
    for ledger in (company.receivables, company.payables):
        for payment in ledger.payments.values():
            assert payment.voucher is not None
            named = payment.number if naming == "payment" else payment.document
            company.voucher(payment.voucher).reference_number = str(named)
    facts = await fetched(fortnox)
    right(fortnox, facts)
    for side, held in (("receivables", company.receivables), ("payables", company.payables)):
        for each in facts[side].payments:  # type: ignore[index]
            year, series, number = held.payments[int(each.number)].voucher or (0, "", 0)
            assert each.voucher == VoucherRef(company.years[year].start, series, str(number))


async def test_an_earlier_year_has_what_was_open_at_its_start_and_all_that_came_later(fortnox: Fortnox) -> None:
    year = FinancialYear(0, date(2024, 1, 1), date(2024, 12, 31), "7")
    facts = await fetched(fortnox, year=year)
    right(fortnox, facts, year.start, fortnox.world.clock.today())


async def test_what_was_settled_before_the_year_is_left_out(fortnox: Fortnox) -> None:
    facts = await fetched(fortnox)
    opening = held_open(fortnox.world.companies[WHOLE], "receivables", date(2024, 12, 31))
    older = [each.number for each in facts["receivables"].documents if each.dated < START]
    assert set(older) == set(opening)


async def test_a_company_with_a_broken_year(fortnox: Fortnox) -> None:
    company = fortnox.world.companies[BROKEN_YEAR]
    first, last = date(2025, 5, 1), date(2026, 4, 30)
    with fortnox.world.lock:
        ledger = company.receivables
        for number, day in ((1, date(2025, 3, 1)), (2, date(2025, 4, 30)), (3, date(2025, 12, 30))):
            ledger.book(ledger.add("1", day, taxed(100_000 * number, 3001, 2611), number=number).number)
        ledger.pay(1, date(2025, 4, 1), 40_000)
        ledger.pay(1, date(2025, 5, 2))
        ledger.pay(2, date(2025, 6, 1), 50_000, on=date(2025, 6, 3))
    fortnox.world.clock.advance(86_400)
    facts = await fetched(fortnox, BROKEN_YEAR, FinancialYear(0, first, last, "2"))
    assert_right_on_every_day(facts, company, first, fortnox.world.clock.today())
    assert_both_ends_agree(facts)
    assert document(facts, 1).voucher == VoucherRef(date(2024, 5, 1), "B", "1")
    assert [each.voucher and each.voucher.year_start for each in payments(facts, 1)] == [date(2024, 5, 1), first]
    assert facts["payables"].documents == ()


# --- every kind of document and payment -----------------------------------------------------------------------


async def test_a_document_carries_names_and_its_voucher_and_nothing_else_of_the_party(fortnox: Fortnox) -> None:
    facts = await fetched(fortnox)
    assert document(facts, 101) == Document(
        "101",
        "1",
        "Ångström Bygg AB",
        date(2025, 10, 15),
        date(2025, 11, 14),
        1_250_000,
        750_000,
        booked=True,
        cancelled=False,
        voucher=document(facts, 101).voucher,
    )
    bought = document(facts, 24, "payables")
    assert (bought.external_number, bought.total, bought.balance) == ("F2168", 4_881_250, 0)
    assert bought.voucher is not None
    assert (bought.voucher.year_start, bought.voucher.series) == (START, "D")


async def test_unbooked_and_cancelled_documents_are_told_as_such(fortnox: Fortnox) -> None:
    facts = await fetched(fortnox)
    unbooked, cancelled = document(facts, 106), document(facts, 107)
    assert (unbooked.booked, unbooked.cancelled, unbooked.total, unbooked.voucher) == (False, False, 800_000, None)
    assert (cancelled.booked, cancelled.cancelled, cancelled.total) == (False, True, 600_000)


async def test_part_payments_and_a_write_off(fortnox: Fortnox) -> None:
    facts = await fetched(fortnox)
    assert [(each.dated, each.amount, each.kind) for each in payments(facts, 96)] == [
        (date(2025, 4, 21), 800_000, "payment"),
        (date(2025, 5, 21), 1_200_000, "payment"),
    ]
    paid, written_off = payments(facts, 97)
    assert (paid.amount, paid.kind) == (123_300, "payment")
    assert written_off == replace(paid, amount=75, kind="write_off")


async def test_an_overpayment_and_an_unbooked_payment(fortnox: Fortnox) -> None:
    with working(fortnox) as company:
        company.receivables.pay(103, date(2025, 12, 5), 400_000)
        company.receivables.pay(101, date(2025, 12, 6), 50_000, booked=False)
    facts = await fetched(fortnox)
    right(fortnox, facts)
    assert document(facts, 103).balance == 312_550 - 400_000
    (unbooked,) = (each for each in payments(facts, 101) if not each.booked)
    assert (unbooked.amount, unbooked.voucher) == (50_000, None)


async def test_of_two_registered_payments_the_one_that_is_booked_counts(fortnox: Fortnox) -> None:
    with working(fortnox) as company:
        company.receivables.pay(101, date(2026, 1, 6), 50_000, booked=False)
        company.receivables.pay(101, date(2026, 1, 7), 60_000, booked=False)
        company.receivables.book_payment(company.receivables.next_payment - 1)
    right(fortnox, await fetched(fortnox))


@pytest.mark.parametrize("sets_off", [False, True])
@pytest.mark.parametrize("side", ["receivables", "payables"])
async def test_credit_notes(fortnox: Fortnox, sets_off: bool, side: Side) -> None:
    fortnox.world.change_switches({"credit_note_sets_off": sets_off})
    accounts = (3001, 2611) if side == "receivables" else (4010, 2641)
    with working(fortnox) as company:
        ledger = company.receivables if side == "receivables" else company.payables
        for number, day in ((501, date(2024, 12, 20)), (502, date(2025, 3, 1)), (503, date(2025, 4, 1))):
            ledger.book(ledger.add("1", day, taxed(100_000, *accounts), number=number).number)
        ledger.pay(502, date(2025, 3, 20), 30_000)
        for original, credit, amount in ((501, 511, 100_000), (502, 512, 70_000), (503, 513, 25_000)):
            lines = taxed(-amount, *accounts)
            ledger.book(ledger.credit(original, date(2025, 5, 2), lines, number=credit).number, on=date(2025, 5, 5))
        ledger.book(ledger.credit(503, date(2025, 6, 1), taxed(-5_000, *accounts), number=514).number)
        ledger.pay(503, date(2025, 7, 1), 10_000)
    facts = await fetched(fortnox)
    right(fortnox, facts)
    told = [
        (each.number, each.document, each.dated.month, each.amount)
        for each in facts[side].payments
        if each.kind == "set_off"
    ]
    expected = [(511, 501, 100_000), (512, 502, 70_000), (513, 503, 25_000)]
    pairs = [row for c, o, amount in expected for row in ((str(c), str(c), 5, -amount), (str(c), str(o), 5, amount))]
    last = [("514", "514", 6, -5_000), ("514", "503", 6, 5_000)]
    assert sorted(told) == (sorted([*pairs, *last]) if sets_off else [])


@pytest.mark.parametrize("unit", ["invoice_currency", "sek"])
@pytest.mark.parametrize("side", ["receivables", "payables"])
async def test_foreign_currency_is_told_in_kronor_as_booked(fortnox: Fortnox, unit: str, side: Side) -> None:
    fortnox.world.change_switches({"foreign_amounts": unit})
    with working(fortnox) as company:
        ledger = company.receivables if side == "receivables" else company.payables
        euro: dict[str, Any] = {"currency": "EUR", "rate": Decimal("11.2345")}
        # Rows are rounded one by one, so that the total booked is not always total times rate.
        for number, cents in ((601, 100_001), (602, 33_333), (603, 9_999), (604, -20_003), (605, 70_007)):
            lines = [Line(3305, cents // 3), Line(3305, cents // 3), Line(2614, cents - 2 * (cents // 3))]
            ledger.add("5", date(2025, 9, 1), lines, number=number, **euro)
            if number != 605:
                ledger.book(number)
        booked = [ledger.documents[number] for number in (601, 602, 603)]
        assert any(each.booked_sek != round(each.total * euro["rate"]) for each in booked)
        for day, cents in ((10, 33_333), (20, 33_334)):
            ledger.pay(601, date(2025, 9, day), cents, rate=Decimal("11.5"))
        ledger.pay(601, date(2025, 10, 1), rate=Decimal("10.9"))
        ledger.pay(602, date(2025, 10, 2), 30_000, write_offs=[WriteOff(3740, 33)], rate=Decimal("11.1"))
        ledger.pay(603, date(2026, 1, 3), rate=Decimal("11.3"))
    facts = await fetched(fortnox)
    right(fortnox, facts, last=fortnox.world.clock.today())
    invoice = document(facts, 601, side)
    assert invoice.foreign is not None
    assert (invoice.foreign.currency, invoice.foreign.amount, invoice.foreign.rate) == ("EUR", 100_001, euro["rate"])
    assert [each.foreign and each.foreign.amount for each in payments(facts, 601, side)] == [33_333, 33_334, 33_334]
    assert [(each.kind, each.foreign and each.foreign.amount) for each in payments(facts, 602, side)] == [
        ("payment", 30_000),
        ("write_off", 33),
    ]
    assert document(facts, 605, side).total == 786_494


async def test_a_currency_stated_for_a_hundred_units(fortnox: Fortnox) -> None:
    from datasource_fortnox.subledger_models import CustomerInvoice, rate_of

    record = {"DocumentNumber": "1", "InvoiceDate": "2025-01-01", "Booked": True, "CurrencyUnit": 100}
    assert rate_of(CustomerInvoice.model_validate(record | {"CurrencyRate": "7.25"})) == Decimal("0.0725")
    assert rate_of(CustomerInvoice.model_validate(record | {"CurrencyRate": "0"})) is None


async def test_the_cash_method(fortnox: Fortnox) -> None:
    with working(fortnox) as company:
        company.years[3].method = "CASH"
        ledger = company.receivables
        for number in (701, 702):
            ledger.book(ledger.add("1", date(2025, 8, 1), taxed(125_000, 3001, 2611), number=number).number)
        ledger.pay(701, date(2025, 9, 1), 50_000)
        ledger.pay(702, date(2025, 9, 2))
    facts = await fetched(fortnox)
    assert [part.cash_method for part in facts.values()] == [True, True]
    right(fortnox, facts)
    owed = document(facts, 701)
    assert (owed.voucher, owed.total, owed.balance, owed.vat) == (None, 125_000, 75_000, 25_000)
    assert document(facts, 702).vat is None  # nothing is left to be booked of it


async def test_the_tax_agencys_part_of_an_invoice(fortnox: Fortnox) -> None:
    with working(fortnox) as company:
        ledger = company.receivables
        lines = taxed(100_000, 3001, 2611)
        ledger.book(ledger.add("1", date(2025, 8, 1), lines, number=801, other_control=((1513, 30_000),)).number)
        ledger.pay(801, date(2025, 8, 20), 70_000)
        ledger.pay(801, date(2026, 1, 20), 30_000, control=1513)
    facts = await fetched(fortnox, control_accounts={"receivables": ("1510", "1513")})
    right(fortnox, facts)
    assert facts["receivables"].control_accounts == ("1510", "1513")
    assert facts["payables"].control_accounts == ("2440",)


# --- pitfalls of F 6.5 ----------------------------------------------------------------------------------------


async def test_booked_on_another_day_or_in_another_year_than_dated(fortnox: Fortnox) -> None:
    with working(fortnox) as company:
        ledger = company.receivables
        for number, dated, booked in (
            (901, date(2024, 12, 30), date(2025, 1, 7)),
            (902, date(2025, 1, 2), date(2024, 12, 31)),
            (903, date(2025, 12, 30), date(2026, 1, 5)),
            (904, date(2024, 11, 1), date(2024, 11, 1)),
            (905, date(2024, 11, 1), date(2024, 11, 1)),
        ):
            ledger.book(ledger.add("1", dated, taxed(100_000, 3001, 2611), number=number).number, on=booked)
        ledger.pay(901, date(2024, 12, 31), on=date(2025, 2, 1))
        ledger.pay(902, date(2025, 3, 1), on=date(2025, 3, 4))
        ledger.pay(904, date(2024, 12, 31), on=date(2025, 1, 9))
        ledger.pay(905, date(2025, 12, 31), on=date(2026, 1, 2))
    facts = await fetched(fortnox)
    right(fortnox, facts)
    assert document(facts, 903).voucher == VoucherRef(date(2026, 1, 1), "B", "2")
    assert [each.voucher and each.voucher.year_start for each in payments(facts, 904)] == [START]


async def test_a_payment_taken_away_after_the_closing_day_is_gone_and_its_voucher_is_not_given_to_another(
    fortnox: Fortnox,
) -> None:
    for naming in ("payment", "invoice"):
        fortnox.world.reset()
        fortnox.world.change_switches({"payment_voucher_reference": naming})
        with working(fortnox) as company:
            ledger = company.receivables
            wrong = ledger.pay(103, date(2025, 7, 10), 300_000)
            ledger.remove_payment(wrong.number)
            again = ledger.pay(103, date(2025, 7, 10), 30_000, on=date(2025, 7, 12))
        facts = await fetched(fortnox)
        right(fortnox, facts)
        (only,) = payments(facts, 103)
        assert (only.number, only.voucher and int(only.voucher.number)) == (
            str(again.number),
            (again.voucher or (0, "", 0))[2],
        )


async def test_vouchers_removed_or_moved_in_the_books_leave_the_facts_as_the_sub_ledger_has_them(
    fortnox: Fortnox,
) -> None:
    from datasource_fortnox.simulator.vouchers import delete, renumber

    with working(fortnox) as company:
        ledger = company.receivables
        delete(company, ledger.documents[103].voucher or (0, "", 0))
        delete(company, next(each.voucher for each in ledger.payments.values() if each.document == 101) or (0, "", 0))
        renumber(company, ledger.documents[101].voucher or (0, "", 0), number=9_000)
    facts = await fetched(fortnox)
    right(fortnox, facts)
    assert document(facts, 103).voucher is not None


async def test_a_cash_invoice_that_nothing_is_left_of_is_paid_by_its_own_voucher(fortnox: Fortnox) -> None:
    with working(fortnox) as company:
        ledger = company.receivables
        lines = taxed(100_000, 3001, 2611)
        made = ledger.add("1", date(2025, 8, 1), lines, number=951, invoice_type="CASHINVOICE", control=1910)
        ledger.book(made.number)
        made.booked_sek, made.final_pay_date = 0, made.invoice_date  # the simulator's balance is now 0
        assert ledger.open(made) == 0
    facts = await fetched(fortnox)
    right(fortnox, facts)
    (paid,) = payments(facts, 951)
    assert (paid.amount, paid.dated, paid.voucher) == (100_000, date(2025, 8, 1), document(facts, 951).voucher)


async def test_a_missing_balance_is_not_nothing(fortnox: Fortnox) -> None:
    expected = await fetched(fortnox)
    fortnox.world.change_switches({"supplier_balance_in_list": False})
    facts = await fetched(fortnox)
    right(fortnox, facts)
    balances = {each.number: each.balance for each in facts["payables"].documents}
    stated = {each.number: each.balance for each in expected["payables"].documents}
    assert balances.keys() == stated.keys()
    assert {number: stated[number] for number, balance in balances.items() if balance is not None} == {
        number: balance for number, balance in balances.items() if balance is not None
    }
    with working(fortnox) as company:
        company.payables.book(company.payables.add("1", date(2025, 12, 1), taxed(50_000, 4010, 2641), number=77).number)
    assert document(await fetched(fortnox), 77, "payables").balance == 50_000


async def test_suppliers_unpaid_filter_and_dates_are_never_relied_on(fortnox: Fortnox) -> None:
    expected = await fetched(fortnox)
    fortnox.world.change_switches({"supplier_unpaid": "overdue", "supplier_dates_accepted": False})
    assert await fetched(fortnox) == expected
    asked = {each.query for each in fortnox.world.log.entries if each.path == "/3/supplierinvoices"}
    assert not any("filter" in query or "date" in query for query in asked)


async def test_lists_that_state_too_many_under_a_filter_make_no_difference(fortnox: Fortnox) -> None:
    expected = await fetched(fortnox)
    fortnox.world.change_switches({"total_over_report": 3})
    assert await fetched(fortnox) == expected


async def test_a_payment_that_names_no_invoice_reduces_nothing_and_is_told(
    fortnox: Fortnox, caplog: pytest.LogCaptureFixture
) -> None:
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        address = f"{fortnox.simulator.origin}/3/invoicepayments?limit=500"
        listed = (await context.http.get(address)).json()
        stray = next(each for each in listed["InvoicePayments"] if each["InvoiceNumber"] == 102)
        stray["InvoiceNumber"] = 99_999
        fortnox.fail({"status": 200, "body": json.dumps(listed)}, path="/3/invoicepayments")
        facts = await plugin.attachments(AttachmentsRequest(YEAR, END, {}), connection, context)
    assert payments(facts, 102) == payments(facts, 99_999) == []
    assert f"name no invoice: {stray['Number']}" in caplog.text


# --- refusals -------------------------------------------------------------------------------------------------


async def test_a_company_without_the_modules_gets_told_so(fortnox: Fortnox) -> None:
    fortnox.world.change_switches({"missing_module_at": "call"})
    request = AttachmentsRequest(YEAR, END, {})
    year = replace(YEAR, id="5")
    async with fortnox.connected(NO_INVOICING, "import", "attachments") as (connection, context):
        with pytest.raises(PermissionMissing) as raised:
            await plugin.attachments(replace(request, year=year), connection, context)
    assert (raised.value.operation, raised.value.code) == ("attachments", "fortnox-licence-missing")
    assert raised.value.parameters["resource"] == "invoices"


@pytest.mark.parametrize(("operations", "missing"), [(("import",), ""), (("import", "attachments"), "bookkeeping")])
async def test_a_missing_scope_or_right_is_about_the_attachments(
    fortnox: Fortnox, operations: tuple[Any, ...], missing: str
) -> None:
    async with fortnox.connected(WHOLE, *operations) as (connection, context):
        fortnox.world.companies[WHOLE].missing_rights = {missing}
        with pytest.raises(PermissionMissing) as raised:
            await plugin.attachments(AttachmentsRequest(YEAR, END, {}), connection, context)
    assert raised.value.operation == "attachments"


async def test_a_company_connected_without_sub_ledger_is_not_asked(fortnox: Fortnox) -> None:
    request = AttachmentsRequest(YEAR, END, {})
    async with fortnox.connected() as (_, context):
        with pytest.raises(PermissionMissing) as raised:
            await plugin.attachments(request, fortnox.connection(without_sub_ledger=True), context)
    assert (raised.value.code, raised.value.operation) == ("fortnox-without-sub-ledger", "attachments")
    assert fortnox.calls() == []


async def test_another_company_is_refused_before_anything_is_read(fortnox: Fortnox) -> None:
    async with fortnox.connected(WHOLE, "import", "attachments") as (_, context):
        with pytest.raises(WrongCompany):
            await plugin.attachments(
                AttachmentsRequest(YEAR, END, {}), fortnox.connection(Account("51877", "Annat AB")), context
            )
    assert fortnox.calls() == ["GET /3/companyinformation"]


async def test_a_year_that_is_not_there_and_accounts_that_are_not_stated(fortnox: Fortnox) -> None:
    with pytest.raises(DataError, match="fortnox-year-unknown"):
        await fetched(fortnox, year=FinancialYear(0, date(2023, 1, 1), date(2023, 12, 31), ""))
    del fortnox.world.companies[WHOLE].predefined_accounts["SUPDEBT"]
    with pytest.raises(DataError) as raised:
        await fetched(fortnox)
    assert (raised.value.code, raised.value.parameters) == ("fortnox-control-account-missing", {"name": "SUPDEBT"})


async def test_cancelling_ends_it_between_two_calls(fortnox: Fortnox) -> None:
    class Cancelled(Exception):
        pass

    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        context.cancel = Cancelled()
        with pytest.raises(Cancelled):
            await plugin.attachments(AttachmentsRequest(YEAR, END, {}), connection, context)
    assert len(fortnox.calls()) == 2  # the company, and the first list
