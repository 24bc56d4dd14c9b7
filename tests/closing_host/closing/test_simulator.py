"""The simulator as oracle: its own book-keeping of every day, against ours by documents, payments and its SIE file."""

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from closing_host.api.ledger import Ledger
from closing_host.api.subledger import Document, Foreign, Payment, Side, SubLedger, VoucherRef
from closing_host.closing import attachment_at, attachment_of, daily_series, item_changes, link, open_items
from closing_host.sie import read
from datasource_fortnox.simulator import Clock, Switches
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.documents import Document as Held
from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.ledger import FinancialYear, VoucherKey
from datasource_fortnox.simulator.money import scaled
from datasource_fortnox.simulator.seeds import SEEDS
from datasource_fortnox.simulator.seeds.chart import equip
from datasource_fortnox.simulator.seeds.diary import carry_over, taxed
from datasource_fortnox.simulator.sie_export import SieRequest, export
from datasource_fortnox.simulator.subledger import SubLedger as Keeping

START, END, TODAY = date(2025, 1, 1), date(2025, 12, 31), date(2026, 2, 14)
YEAR = 25
EURO: dict[str, Any] = {"currency": "EUR", "rate": Decimal("11.2345")}


def books(company: Company, year: int) -> Ledger:
    """The year's ledger by way of the simulator's SIE file."""
    text = export(company, company.years[year], SieRequest(), company.switches)
    return read(text.encode("cp437"))


def facts(company: Company, side: Side, through: date = TODAY) -> SubLedger:
    """The side's documents and payments as a source states them at the end of `through`."""
    kept = company.receivables if side == "receivables" else company.payables

    def ref(key: VoucherKey | None) -> VoucherRef | None:
        return key and VoucherRef(company.years[key[0]].start, key[1], str(key[2]))

    documents = tuple(
        Document(
            str(each.number),
            each.party,
            each.party_name,
            each.invoice_date,
            each.due_date,
            each.booked_sek if each.booked else scaled(each.total, each.rate),
            kept.open(each) if each.booked else None,
            each.booked,
            each.cancelled,
            ref(each.voucher),
            each.own_number,
            None if each.currency == "SEK" else Foreign(each.currency, each.total, each.rate),
        )
        for each in kept.documents.values()
    )
    payments: list[Payment] = []
    for paid in kept.payments.values():
        document = kept.documents[paid.document]
        written = sum(scaled(part.amount, document.rate) for part in paid.write_offs)
        whole = paid.settled if paid.booked else scaled(paid.foreign, document.rate)
        common = (str(paid.number), str(paid.document), paid.date)
        payments.append(Payment(*common, whole - written, paid.booked, voucher=ref(paid.voucher)))
        if written:
            payments.append(Payment(*common, written, paid.booked, "write_off", ref(paid.voucher)))
    for n, part in enumerate(kept.set_offs):
        for number, amount in ((part.credit, -part.amount), (part.original, part.amount)):
            payments.append(Payment(f"k{n}", str(number), part.date, amount, True, "set_off"))
    return SubLedger(side, (str(kept.control_account),), documents, tuple(payments), START, through)


def company_of(dice: random.Random) -> Company:
    """Three years, of which the middle one is looked at, and both sub-ledgers full of things that people do."""
    switches = Switches(credit_note_sets_off=dice.random() < 0.5)
    company = Company(1, "Prov AB", "556677-8899", Clock.frozen("2026-02-14T09:00:00+00:00"), switches)
    for number, year in ((24, 2024), (YEAR, 2025), (26, 2026)):
        company.years[number] = equip(FinancialYear(number, date(year, 1, 1), date(year, 12, 31)))
    for ledger in (company.receivables, company.payables):
        for party in "1234":
            ledger.add_party(party, f"Part {party}")
        for _ in range(90):
            event(ledger, dice)
    carry_over(company.years[24], company.years[YEAR])
    return company


def event(ledger: Keeping, dice: random.Random) -> None:
    """One thing on any day: documents and payments come in no order, and are booked then or some days later."""
    day = date(2024, 9, 1) + timedelta(days=dice.randrange(520))
    on = min(day + timedelta(days=dice.choice((0, 0, 0, 3, 20))), TODAY)
    claims = [each for each in ledger.documents.values() if each.booked and ledger.open_foreign(each) > 0]
    step = dice.choice(("invoice", "invoice", "euro", "unbooked", "pay", "pay", "part", "write_off", "credit", "take"))
    if step in ("invoice", "euro", "unbooked") or not claims:
        accounts = (3001, 2611) if ledger.side == "receivables" else (4010, 2641)
        lines = (
            (Line(3305, dice.randrange(1_000, 90_000)),)
            if step == "euro"
            else taxed(dice.randrange(500, 900_000), *accounts)
        )
        made = ledger.add(dice.choice("1234"), day, lines, **(EURO if step == "euro" else {}))
        if step != "unbooked":
            ledger.book(made.number, on=on)
        elif dice.random() < 0.5:
            ledger.cancel(made.number)
        return
    settle(ledger, dice, dice.choice(claims), day, on, step)


def settle(ledger: Keeping, dice: random.Random, claim: Held, day: date, on: date, step: str) -> None:
    left = ledger.open_foreign(claim)
    rate = Decimal("11.42") if claim.currency == "EUR" else None
    if step == "credit":
        number = ledger.book(ledger.credit(claim.number, day).number, on=on).number
        if claim.currency == "SEK" and not ledger.company.switches.credit_note_sets_off and dice.random() < 0.7:
            ledger.set_off(number, claim.number, max(day, on))
    elif step == "write_off":
        ledger.pay(claim.number, day, left // 3, write_offs=[WriteOff(6352, left // 4 + 1)], rate=rate, on=on)
    elif step == "part":
        ledger.pay(claim.number, day, left // 2 + 1, rate=rate, on=on)
    else:
        paid = ledger.pay(claim.number, day, left + dice.choice((0, 0, 700)), rate=rate, on=on)
        if step == "take":
            ledger.remove_payment(paid.number)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("side", ["receivables", "payables"])
def test_every_day_is_as_the_simulator_kept_it(seed: int, side: Side) -> None:
    company = company_of(random.Random(seed))
    kept = company.receivables if side == "receivables" else company.payables
    linked = link(books(company, YEAR), facts(company, side))
    series = daily_series(linked)
    assert series.height == 366
    for day, ledger, total, _, _ in series.rows()[1:]:
        items = open_items(linked, day)
        assert not items["check"].any(), day
        ours = {int(number): amount for number, amount in items.select("document", "open").iter_rows()}
        assert ours == kept.open_items(day), day
        assert total == sum(ours.values())
        assert ledger == company.years[YEAR].closing(kept.control_account, until=day)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("side", ["receivables", "payables"])
def test_what_differs_is_what_was_removed_or_came_in_advance(seed: int, side: Side) -> None:
    company = company_of(random.Random(seed))
    linked = link(books(company, YEAR), facts(company, side))
    for month in range(1, 13):
        day = date(2025 + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        explained = attachment_at(linked, day).explanation
        assert {letter for letter, amount in explained.amounts.items() if amount} <= set("adef")
        by_class = explained.rows.partition_by("class", as_dict=True, include_key=True)
        for row in by_class.get(("a",), explained.rows.clear()).iter_rows(named=True):
            assert row["text"].startswith(("Kundbet", "Levbet"))
        # Of a set-off one half may count on another day than the other, when its document is booked later.
        for row in by_class.get(("e",), explained.rows.clear()).iter_rows(named=True):
            assert all(number.startswith("k") for number in row["payments"])


def test_the_demo_company_is_the_acceptance_example() -> None:
    company = SEEDS["whole"](Clock.frozen("2026-02-14T09:00:00+00:00"), random.Random(42))
    ledger = books(company, 3)
    made = attachment_of(ledger, facts(company, "receivables"))
    assert made.reconciliation.open == 3_462_550
    assert made.ageing["amount"].to_list() == [2_500_000, -100_000, 750_000, 0, 312_550]
    assert made.explanation.amounts == {"a": -50_000, "b": 0, "c": 0, "d": 0, "e": 0, "f": 0, "g": 0}
    assert made.explanation.rows.select("series", "number").rows() == [("A", "77")]
    assert made.not_counted.select("reason", "document").rows() == [("unbooked", "106"), ("cancelled", "107")]
    payables = attachment_of(ledger, facts(company, "payables"))
    assert (payables.reconciliation.open, payables.reconciliation.difference) == (6_106_250, 0)
    assert payables.explanation.rows.is_empty()


def test_the_attachment_stays_the_same_while_payments_arrive() -> None:
    company = company_of(random.Random(7))
    for each in [each for each in company.receivables.payments.values() if each.date > END]:
        company.receivables.remove_payment(each.number)
    before = attachment_of(books(company, YEAR), facts(company, "receivables", END))
    company.clock.set("2026-03-01T09:00:00+00:00")
    for number, document in list(company.receivables.documents.items()):
        if document.booked and company.receivables.open_foreign(document) > 0:
            company.receivables.pay(number, date(2026, 2, 20))
    after = attachment_of(books(company, YEAR), facts(company, "receivables", date(2026, 3, 1)))
    assert after.items["paid_after"].sum() > 0
    assert item_changes(before.items, after.items).is_empty()
    assert after.reconciliation.open == before.reconciliation.open
    assert after.explanation.rows.equals(before.explanation.rows)
