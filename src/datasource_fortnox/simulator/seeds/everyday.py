"""A year's ordinary vouchers: rent, salaries, bank, depreciation, VAT, and small purchases up to a wanted number."""

from __future__ import annotations

import random
from datetime import date

from datasource_fortnox.simulator.ledger import Row
from datasource_fortnox.simulator.seeds.diary import Diary

__all__ = ["FILLED_TO", "everyday", "fill"]

FILLED_TO = 77
"""The next number of series A after `fill`: P 7.4's difference is voucher A 77."""


def everyday(diary: Diary, year: int, dice: random.Random) -> None:
    """Four vouchers a month and one VAT settlement a quarter."""
    for month in range(1, 13):
        rent = 1_200_000
        office = Row(5010, rent * 3 // 5, cost_center="10")
        shop = Row(5010, rent * 2 // 5, cost_center="20")
        diary.voucher(date(year, month, 1), "Lokalhyra", office, shop, (1930, -rent))
        salary = 2_800_000
        tax, fees = salary * 3 // 10, salary * 3142 // 10000
        payroll = (Row(7010, salary, cost_center="10"), (2710, -tax), (1930, tax - salary))
        diary.voucher(date(year, month, 25), "Löner", *payroll, (7510, fees), (2731, -fees))
        fee = dice.randrange(9_500, 32_000, 50)
        diary.voucher(date(year, month, 28), "Bankavgifter", (6570, fee), (1930, -fee))
        diary.voucher(date(year, month, 28), "Avskrivning inventarier", (7832, 100_000), (1229, -100_000))
        if month % 3 == 0:
            paid = dice.randrange(2_000_000, 4_000_000, 100)
            diary.voucher(date(year, month, 26), "Momsinbetalning", (2650, paid), (1930, -paid))


def fill(diary: Diary, year: int, dice: random.Random) -> None:
    """Small purchases until series A stands before `FILLED_TO`; some carry a project, a text and a quantity."""
    for number in range(diary.manual + 1, FILLED_TO):
        day = date(year, 1 + number % 12, 3 + number % 20)
        net = dice.randrange(8_000, 250_000, 4)
        project = "P1" if number % 4 == 0 and day >= date(year, 3, 1) else ""
        goods = Row(6110, net, text="Pärmar, häften", project=project)
        diary.voucher(day, f"Kontorsmateriel kvitto {number}", goods, (2641, net // 4), (1930, -net - net // 4))
