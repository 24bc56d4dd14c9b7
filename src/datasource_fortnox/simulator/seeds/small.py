"""Two small companies: one without the invoicing modules, one with a broken financial year."""

from __future__ import annotations

import random
from datetime import date

from datasource_fortnox.simulator.clock import Clock
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.ledger import FinancialYear
from datasource_fortnox.simulator.seeds.chart import equip
from datasource_fortnox.simulator.seeds.diary import Diary, carry_over

__all__ = ["broken_year", "no_invoicing"]

INVOICING = {"invoice", "supplierinvoice", "payment", "customer", "supplier", "order", "offer", "article"}


def no_invoicing(clock: Clock, dice: random.Random) -> Company:
    """Bokföring Enbart AB: licence for bookkeeping only; 2025 with a handful of vouchers."""
    company = Company(51877, "Bokföring Enbart AB", "559900-1004", clock, city="Luleå")
    company.years[12] = equip(FinancialYear(12, date(2024, 1, 1), date(2024, 12, 31)))
    company.years[5] = equip(FinancialYear(5, date(2025, 1, 1), date(2025, 12, 31)))
    company.modules -= INVOICING
    diary = Diary(company)
    diary.voucher(date(2024, 6, 3), "Aktiekapital", (1930, 5_000_000), (2081, -5_000_000))
    diary.write()
    carry_over(company.years[12], company.years[5])
    _trade(diary, 2025, 1, dice)
    diary.write()
    return company


def broken_year(clock: Clock, dice: random.Random) -> Company:
    """Brutet År i Småland AB: years from May to April (F 5.3, R)."""
    company = Company(70013, "Brutet År i Småland AB", "559123-4561", clock, city="Växjö")
    company.years[2] = equip(FinancialYear(2, date(2025, 5, 1), date(2026, 4, 30)))
    company.years[9] = equip(FinancialYear(9, date(2024, 5, 1), date(2025, 4, 30)))
    diary = Diary(company)
    diary.voucher(date(2024, 5, 2), "Aktiekapital", (1930, 10_000_000), (2081, -10_000_000))
    _trade(diary, 2024, 5, dice)
    diary.write()
    carry_over(company.years[9], company.years[2])
    _trade(diary, 2025, 5, dice)
    diary.write()
    return company


def _trade(diary: Diary, year: int, first_month: int, dice: random.Random) -> None:
    """One cash sale and one rent a month through twelve months."""
    for count in range(12):
        month = first_month + count
        day = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 5)
        net = dice.randrange(400_000, 900_000, 4)
        diary.voucher(day, f"Dagskassa {month}", (1930, net + net // 4), (3001, -net), (2611, -net // 4))
        diary.voucher(day, "Hyra", (5010, 250_000), (1930, -250_000))
