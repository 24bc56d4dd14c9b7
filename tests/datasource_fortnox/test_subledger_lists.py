"""Lists of one moment while people work, and how many calls it all takes (docs/fortnox/attachments.md)."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from closing_host.api.context import AttachmentsRequest
from closing_host.api.errors import DataError
from closing_host.api.ledger import FinancialYear
from closing_host.api.subledger import Side, SubLedger
from datasource_fortnox import plugin
from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.seeds.diary import taxed
from fortnox_harness import WHOLE, Fortnox
from subledger_days import assert_both_ends_agree, assert_right_on_every_day

pytestmark = pytest.mark.anyio

START, END = date(2025, 1, 1), date(2025, 12, 31)
REQUEST = AttachmentsRequest(FinancialYear(0, START, END, "3"), date(2026, 2, 14), {})
LISTS = ("invoices", "invoicepayments", "supplierinvoices", "supplierinvoicepayments")


async def fetched(fortnox: Fortnox) -> dict[Side, SubLedger]:
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        return await plugin.attachments(REQUEST, connection, context)


def calls(fortnox: Fortnox) -> Counter[str]:
    """Calls by resource; single records as `invoices/`."""
    found: Counter[str] = Counter()
    for each in fortnox.world.log.entries:
        resource, _, single = each.path.removeprefix("/3/").partition("/")
        found[resource + ("/" if single else "")] += 1
    return found


def pages(records: int) -> int:
    return max(1, -(-records // 500))


def expected(fortnox: Fortnox) -> Counter[str]:
    """The part of the formula that the lists make up: 3 + D + P + V + 4."""
    company = fortnox.world.companies[WHOLE]
    fixed = {"companyinformation": 1, "financialyears": 1, "predefinedaccounts": 1}
    found = Counter(fixed | dict.fromkeys(LISTS, 1))
    for ledger, invoices in ((company.receivables, "invoices"), (company.payables, "supplierinvoices")):
        payments = "invoicepayments" if invoices == "invoices" else "supplierinvoicepayments"
        found[invoices] += pages(len(ledger.documents))
        found[payments] += pages(len(ledger.payments))
    found["vouchers"] = sum(pages(len(company.years[year].vouchers)) for year in (3, 1))
    return found


async def test_the_calls_for_the_whole_company(fortnox: Fortnox) -> None:
    await fetched(fortnox)
    # One foreign invoice, its payment, one write-off (which also tells what vouchers name), one supplier payment
    # to learn what theirs name.
    extra = Counter({"vouchers/": 1, "invoicepayments/": 2, "supplierinvoicepayments/": 1})
    company = fortnox.world.companies[WHOLE]
    if all(each.number == each.document for each in company.payables.payments.values()):
        del extra["supplierinvoicepayments/"]
    assert calls(fortnox) == expected(fortnox) + extra


async def test_two_thousand_invoices_and_payments_take_as_many_calls_as_the_formula_says(fortnox: Fortnox) -> None:
    with fortnox.world.lock:
        ledger = fortnox.world.companies[WHOLE].receivables
        for n in range(2_000):
            day = START + timedelta(days=n % 300)
            ledger.book(ledger.add("1", day, taxed(10_000 + n, 3001, 2611), number=1_000 + n).number)
            if n % 4:
                ledger.pay(1_000 + n, day + timedelta(days=20))
    fortnox.world.clock.advance(86_400)
    facts = await fetched(fortnox)
    found = calls(fortnox)
    assert found["invoices"] == 1 + 5
    assert found["invoicepayments"] == 1 + 4
    assert found["vouchers"] == 8 + 1
    singles = {resource: count for resource, count in found.items() if resource.endswith("/")}
    assert singles.pop("supplierinvoicepayments/", 0) <= 1
    assert singles == {"vouchers/": 1, "invoicepayments/": 2}
    assert found - Counter(singles) - Counter({"supplierinvoicepayments/": 1}) == expected(fortnox)
    assert_right_on_every_day(facts, fortnox.world.companies[WHOLE], END - timedelta(days=30), END)


async def test_each_record_that_the_lists_leave_open_takes_one_call(fortnox: Fortnox) -> None:
    fortnox.world.change_switches({"supplier_balance_in_list": False, "credit_note_sets_off": True})
    await fetched(fortnox)
    before = calls(fortnox)
    with fortnox.world.lock:
        company = fortnox.world.companies[WHOLE]
        ledger = company.receivables
        euro: dict[str, Any] = {"currency": "EUR", "rate": Decimal("11.5")}
        for number in (1, 2, 3):
            ledger.book(ledger.add("5", date(2025, 5, 1), [Line(3305, 1_000)], number=2_000 + number, **euro).number)
            ledger.pay(2_000 + number, date(2025, 6, number))
        for number in (4, 5):
            ledger.book(ledger.add("1", date(2025, 5, 1), taxed(9_000, 3001, 2611), number=2_000 + number).number)
        ledger.pay(2_004, date(2025, 6, 4), 8_000, write_offs=[WriteOff(3740, 1_000)])
        ledger.pay(2_005, date(2025, 6, 5), 1_000, on=date(2025, 6, 9))  # its voucher has another date
        ledger.book(ledger.credit(2_005, date(2025, 7, 1), taxed(-2_000, 3001, 2611), number=2_006).number)
        company.payables.book(company.payables.add("1", date(2025, 5, 1), taxed(500, 4010, 2641), number=2_007).number)
    fortnox.world.clock.advance(86_400)
    await fetched(fortnox)
    more = calls(fortnox) - before
    assert more == Counter({"vouchers/": 3, "invoicepayments/": 3 + 1 + 1, "invoices/": 1, "supplierinvoices/": 1})


async def test_chosen_accounts_save_the_call_for_the_predefined_ones(fortnox: Fortnox) -> None:
    chosen = AttachmentsRequest(REQUEST.year, END, {"receivables": ("1511",), "payables": ("2441", "2440")})
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        facts = await plugin.attachments(chosen, connection, context)
    assert [part.control_accounts for part in facts.values()] == [("1511",), ("2441", "2440")]
    assert "predefinedaccounts" not in calls(fortnox)


async def test_progress_is_told_after_each_call(fortnox: Fortnox) -> None:
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        await plugin.attachments(REQUEST, connection, context)
    company = fortnox.world.companies[WHOLE]
    assert ("fetch", len(company.receivables.documents), len(company.receivables.documents)) in context.stages
    assert len(context.stages) == len(fortnox.calls()) - 1  # the company information is no list


# --- one moment -----------------------------------------------------------------------------------------------


def meanwhile(fortnox: Fortnox, after: str, **edit: Any) -> None:
    """Somebody works in Fortnox right after a request of ours."""
    content = {"tenant": WHOLE, **edit}
    fortnox.world.faults.load({"plan": [{"at": {"after_request": after}, "ledger": content}]})


async def test_a_payment_booked_between_two_lists_makes_all_be_read_again(fortnox: Fortnox) -> None:
    meanwhile(fortnox, "GET /3/invoices#2", op="pay_invoice", number=103, date="2026-02-13")
    facts = await fetched(fortnox)
    assert_right_on_every_day(facts, fortnox.world.companies[WHOLE], START, date(2026, 2, 14))
    assert_both_ends_agree(facts)
    assert calls(fortnox)["invoices"] == 2 * (1 + 1)


async def test_a_payment_taken_away_meanwhile_is_noticed(fortnox: Fortnox) -> None:
    gone = max(fortnox.world.companies[WHOLE].receivables.payments)
    meanwhile(fortnox, "GET /3/invoicepayments#2", op="remove_payment", number=gone)
    facts = await fetched(fortnox)
    assert str(gone) not in {each.number for each in facts["receivables"].payments}
    assert_both_ends_agree(facts)


async def test_what_was_changed_before_is_no_reason_to_read_again(fortnox: Fortnox) -> None:
    with fortnox.world.lock:
        fortnox.world.companies[WHOLE].receivables.pay(103, date(2026, 2, 13))
    await fetched(fortnox)
    assert calls(fortnox)["invoices"] == 2


async def test_a_sub_ledger_that_never_rests_is_refused(fortnox: Fortnox) -> None:
    for number in (2, 4, 6):  # connecting asked once, and each reading asks twice
        after = f"GET /3/invoices#{number}"
        meanwhile(fortnox, after, op="pay_invoice", number=101, date="2026-02-13", amount=100)
    with pytest.raises(DataError) as raised:
        await fetched(fortnox)
    assert (raised.value.code, raised.value.parameters) == ("fortnox-sub-ledger-moves", {"readings": 3})


@pytest.mark.parametrize("resource", [*LISTS, "vouchers", "financialyears", "predefinedaccounts"])
async def test_a_list_that_is_never_whole_is_refused(fortnox: Fortnox, resource: str) -> None:
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        fortnox.fail("lose_last_item", path=f"/3/{resource}")
        with pytest.raises(DataError) as raised:
            await plugin.attachments(REQUEST, connection, context)
    assert (raised.value.code, raised.value.parameters) == ("fortnox-list-unstable", {"resource": resource})


async def test_a_list_that_shifts_once_under_paging_is_read_again(fortnox: Fortnox) -> None:
    expected_facts = await fetched(fortnox)
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        fortnox.fail("repeat_first_page", path="/3/invoices", nth=1)
        assert await plugin.attachments(REQUEST, connection, context) == expected_facts
