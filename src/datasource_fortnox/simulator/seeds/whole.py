"""Exempel & Söner AB: three years, of which 2025 is P 7.4's acceptance example to the öre.

At 2025-12-31 the receivables are 34 625,50, account 1510 stands at 34 125,50, and the difference of -500,00 is
voucher A 77. The payables are 61 062,50 and agree with account 2440. Everyday amounts follow the seed; these do not.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company, CostCenter, Currency, Project
from datasource_fortnox.simulator.documents import Line, WriteOff
from datasource_fortnox.simulator.ledger import FinancialYear, Row
from datasource_fortnox.simulator.seeds.chart import equip
from datasource_fortnox.simulator.seeds.diary import Diary, carry_over, taxed
from datasource_fortnox.simulator.seeds.everyday import everyday, fill
from datasource_fortnox.simulator.totals import totals
from datasource_fortnox.simulator.vouchers import strike

__all__ = ["whole"]

CUSTOMERS = ("Ångström Bygg AB", "Café Ö", "Nordic Länk AB", "Bröderna Ek HB", "Smith & Co Ltd")
SUPPLIERS = ("Pärm & Papper AB", "Elkraft i Malmö AB", "Fastighets AB Åsen")


def whole(clock: Clock, dice: random.Random) -> Company:
    """Years 7 (2024), 3 (2025) and 1 (2026): ids without order, as Fortnox gives them (F 5.3, R)."""
    company = Company(29302, "Exempel & Söner AB", "556677-8899", clock, address="Åkervägen 3", city="Göteborg")
    for number, year in ((7, 2024), (3, 2025), (1, 2026)):
        company.years[number] = equip(FinancialYear(number, date(year, 1, 1), date(year, 12, 31)))
    company.preselected_year = 3
    company.locked_through = date(2024, 12, 31)
    company.cost_centers = {code: CostCenter(code, name) for code, name in (("10", "Butik"), ("20", "Verkstad"))}
    company.cost_centers["30"] = CostCenter("30", "Nedlagd enhet", active=False)
    company.projects = {
        "P1": Project("P1", "Ombyggnad Östra längan", start=date(2025, 3, 1)),
        "P2": Project("P2", "Mässa", "COMPLETED", date(2024, 1, 1), date(2024, 12, 31)),
    }
    company.currencies = {"SEK": Currency("SEK", "Svenska kronor"), "EUR": Currency("EUR", "Euro", Decimal("11.42"))}
    for number, name in enumerate(CUSTOMERS, 1):
        company.receivables.add_party(str(number), name)
    for number, name in enumerate(SUPPLIERS, 1):
        company.payables.add_party(str(number), name)
    _year_2024(company, dice)
    carry_over(company.years[7], company.years[3])
    _year_2025(company, dice)
    carry_over(company.years[3], company.years[1])
    _january_2026(company)
    return company


def _sale(diary: Diary, number: int, party: str, day: date, total: int, *, due: date, paid: date | None = None) -> None:
    """An invoice with 25 % VAT, booked on its date; ``paid`` in full on a day."""
    ledger = diary.company.receivables
    lines = taxed(total, 3001, 2611)
    diary.note(day, lambda: ledger.book(ledger.add(party, day, lines, number=number, due_date=due, sent=True).number))
    if paid is not None:
        diary.note(paid, lambda: ledger.pay(number, paid))


def _purchase(
    diary: Diary, number: int, party: str, day: date, total: int, *, account: int = 4010, paid: date | None = None
) -> None:
    ledger = diary.company.payables
    lines, own = taxed(total, account, 2641), f"F{2000 + 7 * number}"
    diary.note(day, lambda: ledger.book(ledger.add(party, day, lines, number=number, own_number=own).number))
    if paid is not None:
        diary.note(paid, lambda: ledger.pay(number, paid, source="direct"))


def _year_2024(company: Company, dice: random.Random) -> None:
    diary = Diary(company)
    diary.voucher(date(2024, 1, 1), "Insatt aktiekapital", (1930, 60_000_000), (2081, -10_000_000), (2091, -50_000_000))
    diary.voucher(date(2024, 1, 15), "Inköp inventarier", (1220, 6_000_000), (1930, -6_000_000))
    everyday(diary, 2024, dice)
    for number in range(1, 41):
        day = date(2024, 1, 10) + timedelta(days=9 * (number - 1))
        paid = day + timedelta(days=dice.randint(12, 35))
        total = dice.randrange(100_000, 4_000_000, 125)
        due = day + timedelta(days=30)
        _sale(diary, number, str(1 + number % 4), day, total, due=due, paid=_in(2024, paid))
    for number in range(1, 13):
        day = date(2024, number, 12)
        _purchase(diary, number, str(1 + number % 3), day, 1_250_000, paid=_in(2024, day + timedelta(days=28)))
    diary.write()
    result = sum(totals(company.years[7]).result.values())
    diary.voucher(date(2024, 12, 31), "Årets resultat", (8999, -result), (2099, result))
    diary.write()


def _in(year: int, day: date) -> date | None:
    return day if day.year == year else None


def _year_2025(company: Company, dice: random.Random) -> None:
    diary = Diary(company)
    opening = company.years[3].accounts[2099].opening
    diary.voucher(date(2025, 1, 2), "Omföring av föregående års resultat", (2099, -opening), (2098, opening))
    everyday(diary, 2025, dice)
    ledger = company.receivables
    for number in [number for number, document in ledger.documents.items() if ledger.open(document)]:
        paid = date(2025, 1, 10 + number % 9)
        diary.note(paid, lambda number=number, paid=paid: ledger.pay(number, paid))  # type: ignore[misc]
    payables = company.payables
    for number in [number for number, document in payables.documents.items() if payables.open(document)]:
        diary.note(date(2025, 1, 9), lambda number=number: payables.pay(number, date(2025, 1, 9)))  # type: ignore[misc]
    for number in range(41, 96):
        day = date(2025, 1, 7) + timedelta(days=6 * (number - 41))
        total = dice.randrange(100_000, 4_000_000, 125)
        paid = min(day + timedelta(days=dice.randint(10, 40)), date(2025, 12, 29))
        _sale(diary, number, str(1 + number % 4), day, total, due=day + timedelta(days=30), paid=paid)
    _special_cases(diary)
    _acceptance_example(diary)
    for number in range(13, 24):
        day = date(2025, number - 12, 14)
        _purchase(diary, number, str(1 + number % 3), day, 1_500_000, paid=day + timedelta(days=25))
    _purchase(diary, 24, "1", date(2025, 12, 3), 4_881_250)
    _purchase(diary, 25, "2", date(2025, 12, 18), 1_225_000, account=5410)
    fill(diary, 2025, dice)
    diary.write()
    _correct_some(company.years[3], company)
    diary.voucher(date(2025, 12, 31), "Rättelse kundinbetalning", (1930, 50_000), (1510, -50_000))
    diary.write()


def _correct_some(year: FinancialYear, company: Company) -> None:
    """Three purchases get another account: the first row is struck, a new one added (F 9.19)."""
    purchases = [voucher for voucher in year.in_order() if voucher.text.startswith("Kontorsmateriel")]
    for voucher in purchases[:3]:
        wrong = voucher.rows[0]
        right = Row(5410, wrong.amount, text="Rättad kontering", cost_center="20")
        strike(company, (year.id, voucher.series, voucher.number), (0,), [right])


def _special_cases(diary: Diary) -> None:
    """Part payments, a write-off, a set-off credit note and a currency gain, all settled within 2025."""
    ledger, day = diary.company.receivables, date(2025, 4, 1)

    def settle() -> None:
        ledger.book(ledger.add("1", day, taxed(2_000_000, 3001, 2611), number=96).number)
        ledger.pay(96, day + timedelta(days=20), 800_000)
        ledger.pay(96, day + timedelta(days=50), 1_200_000)
        ledger.book(ledger.add("2", day, taxed(123_375, 3001, 2611), number=97).number)
        ledger.pay(97, day + timedelta(days=25), write_offs=[WriteOff(3740, 75, "Öresutjämning")])
        ledger.book(ledger.add("3", day, taxed(400_000, 3001, 2611), number=98).number)
        ledger.book(ledger.credit(98, day + timedelta(days=5), number=99).number)
        ledger.set_off(99, 98, day + timedelta(days=5))
        lines = (Line(3305, 250_000),)
        ledger.book(ledger.add("5", day, lines, number=100, currency="EUR", rate=Decimal("11.2345")).number)
        ledger.pay(100, day + timedelta(days=30), rate=Decimal("11.4210"))

    diary.note(day, settle)


def _acceptance_example(diary: Diary) -> None:
    """Invoices 101 to 107 of P 7.4; 105 comes in January."""
    ledger = diary.company.receivables
    _sale(diary, 101, "1", date(2025, 10, 15), 1_250_000, due=date(2025, 11, 14))
    diary.note(date(2025, 12, 1), lambda: ledger.pay(101, date(2025, 12, 1), 500_000))
    _sale(diary, 102, "2", date(2025, 12, 10), 2_500_000, due=date(2026, 1, 9))
    _sale(diary, 103, "3", date(2025, 6, 1), 312_550, due=date(2025, 7, 1))
    credit = taxed(-100_000, 3001, 2611)
    due = {"number": 104, "due_date": date(2025, 12, 20)}
    diary.note(date(2025, 12, 12), lambda: ledger.book(ledger.credit(95, date(2025, 12, 12), credit, **due).number))
    unbooked = taxed(800_000, 3001, 2611)
    diary.note(date(2025, 12, 15), lambda: ledger.add("4", date(2025, 12, 15), unbooked, number=106))
    cancelled = taxed(600_000, 3001, 2611)
    diary.note(date(2025, 12, 16), lambda: ledger.add("4", date(2025, 12, 16), cancelled, number=107))
    diary.note(date(2025, 12, 17), lambda: ledger.cancel(107))


def _january_2026(company: Company) -> None:
    """After the closing date: invoice 105, the payment of 102, and both suppliers."""
    diary = Diary(company)
    _sale(diary, 105, "1", date(2026, 1, 2), 937_500, due=date(2026, 2, 1))
    diary.note(date(2026, 1, 8), lambda: company.receivables.pay(102, date(2026, 1, 8)))
    diary.note(date(2026, 1, 2), lambda: company.payables.pay(24, date(2026, 1, 2)))
    diary.note(date(2026, 1, 17), lambda: company.payables.pay(25, date(2026, 1, 17)))
    diary.write()
