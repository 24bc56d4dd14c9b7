"""Years of invoices, payments, credits and write-offs at random: every day as the simulator kept it (F 6.5)."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from closing_host.api.context import AttachmentsRequest
from closing_host.api.ledger import FinancialYear
from datasource_fortnox import plugin
from datasource_fortnox.simulator.documents import Document, Line, WriteOff
from datasource_fortnox.simulator.seeds.diary import taxed
from datasource_fortnox.simulator.subledger import SubLedger
from fortnox_harness import WHOLE, Fortnox
from subledger_days import assert_both_ends_agree, assert_right_on_every_day

pytestmark = pytest.mark.anyio

START, END, TODAY = date(2025, 1, 1), date(2025, 12, 31), date(2026, 2, 14)
FIRST = date(2024, 9, 1)
EURO: dict[str, Any] = {"currency": "EUR", "rate": Decimal("11.2345")}
ACCOUNTS = {"receivables": (3001, 2611), "payables": (4010, 2641)}


def live(ledger: SubLedger, dice: random.Random, steps: int) -> None:
    """What a company's staff may do between `FIRST` and `TODAY`, in the order of the days or out of it."""
    numbers = iter(range(5_000, 10_000))
    moments = [FIRST + timedelta(days=dice.randrange((TODAY - FIRST).days)) for _ in range(steps)]
    for day in sorted(moments, key=lambda each: each + timedelta(days=dice.choice((0, 0, 0, 25)))):
        booked_on = min(day + timedelta(days=dice.choice((0, 0, 0, 9))), TODAY)
        claims = [each for each in ledger.documents.values() if each.booked and ledger.open_foreign(each) > 0]
        step = dice.choice(("invoice", "invoice", "invoice", "euro", "unbooked", "pay", "pay", "part", "write_off",
                            "credit", "set_off", "take_back", "overpay"))  # fmt: skip
        if step in ("invoice", "euro", "unbooked") or not claims:
            added(ledger, dice, day, booked_on, next(numbers), step)
            continue
        paid(ledger, dice, day, booked_on, dice.choice(claims), next(numbers), step)


def added(ledger: SubLedger, dice: random.Random, day: date, booked_on: date, number: int, step: str) -> None:
    amount = dice.randrange(1_000, 900_000)
    if step == "euro":
        ledger.add("5", day, [Line(3305, amount // 3), Line(3305, amount)], number=number, **EURO)
    else:
        ledger.add(str(dice.randrange(1, 5)), day, taxed(amount, *ACCOUNTS[ledger.side]), number=number)
    if step != "unbooked":
        ledger.book(number, on=booked_on)
    elif dice.random() < 0.4:
        ledger.cancel(number)


def paid(
    ledger: SubLedger, dice: random.Random, day: date, booked_on: date, claim: Document, number: int, step: str
) -> None:
    left = ledger.open_foreign(claim)
    rate = Decimal("11.5") if claim.currency == "EUR" else None
    if step == "pay":
        ledger.pay(claim.number, day, rate=rate, on=booked_on)
    elif step in ("part", "overpay"):
        ledger.pay(claim.number, day, left // 2 + 1 if step == "part" else left + 500, rate=rate, on=booked_on)
    elif step == "write_off":
        ledger.pay(claim.number, day, left // 3, write_offs=[WriteOff(3740, left // 5 + 1)], rate=rate)
    elif step == "take_back":
        ledger.remove_payment(ledger.pay(claim.number, day, rate=rate).number)
    elif claim.currency == "SEK":
        lines = taxed(-dice.randrange(100, left + 200), *ACCOUNTS[ledger.side])
        ledger.book(ledger.credit(claim.number, day, lines, number=number).number, on=booked_on)
        if step == "set_off" and not ledger.company.switches.credit_note_sets_off:
            ledger.set_off(number, claim.number, max(day, booked_on))


@pytest.mark.parametrize("seed", range(6))
async def test_any_history_is_right_on_every_day(fortnox: Fortnox, seed: int) -> None:
    dice = random.Random(seed)
    switches = {
        "payment_voucher_reference": dice.choice(("payment", "invoice")),
        "foreign_amounts": dice.choice(("invoice_currency", "sek")),
        "supplier_balance_in_list": seed % 2 == 0,
        "credit_note_sets_off": seed % 3 == 0,
    }
    fortnox.world.change_switches(switches)
    company = fortnox.world.companies[WHOLE]
    with fortnox.world.lock:
        for ledger in (company.receivables, company.payables):
            ledger.documents.clear()
            for number in list(ledger.payments):
                ledger.payments.pop(number)
            live(ledger, dice, 160)
    fortnox.world.clock.advance(86_400)
    request = AttachmentsRequest(FinancialYear(0, START, END, "3"), TODAY, {})
    async with fortnox.connected(WHOLE, "import", "attachments") as (connection, context):
        facts = await plugin.attachments(request, connection, context)
    assert_right_on_every_day(facts, company, START, TODAY)
    assert_both_ends_agree(facts)
