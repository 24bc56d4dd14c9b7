"""The demo companies: the acceptance example to the öre, carried-over balances, determinism."""

import random
from datetime import date

import pytest

from datasource_fortnox.simulator import Clock, Simulator, totals
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.dump import company_dump
from datasource_fortnox.simulator.world import World

CLOCK = Clock.frozen("2026-02-14T09:00:00+00:00")


@pytest.fixture
def companies(world: World) -> list[Company]:
    return list(world.companies.values())


def test_receivables_are_the_acceptance_example(companies: list[Company]) -> None:
    whole = companies[0]
    day = date(2025, 12, 31)
    assert whole.receivables.open_items(day) == {101: 750_000, 102: 2_500_000, 103: 312_550, 104: -100_000}
    due = [whole.receivables.documents[number].due_date or day for number in (101, 102, 103, 104)]
    assert [(day - dated).days for dated in due] == [47, -9, 183, 11]
    assert whole.years[3].closing(1510, until=day) == 3_412_550
    voucher = whole.voucher((3, "A", 77))
    assert (voucher.date, [(row.account, row.amount) for row in voucher.rows]) == (
        day,
        [(1930, 50_000), (1510, -50_000)],
    )
    assert whole.receivables.documents[102].final_pay_date == date(2026, 1, 8)
    assert whole.receivables.documents[105].invoice_date == date(2026, 1, 2)
    assert not whole.receivables.documents[106].booked
    assert whole.receivables.documents[107].cancelled


def test_without_voucher_a77_ledger_and_receivables_agree_on_every_month_end(companies: list[Company]) -> None:
    whole = companies[0]
    for month in range(1, 13):
        day = date(2025, month + 1, 1) if month < 12 else date(2026, 1, 1)
        day = date.fromordinal(day.toordinal() - 1)
        difference = whole.years[3].closing(1510, until=day) - sum(whole.receivables.open_items(day).values())
        assert difference == (-50_000 if day == date(2025, 12, 31) else 0), day


def test_payables_agree_with_their_account(companies: list[Company]) -> None:
    whole = companies[0]
    assert whole.payables.open_items(date(2025, 12, 31)) == {24: 4_881_250, 25: 1_225_000}
    assert whole.years[3].closing(2440) == -6_106_250


def test_every_voucher_balances_and_every_year_opens_with_what_the_last_closed(companies: list[Company]) -> None:
    for company in companies:
        for year in company.years.values():
            assert all(sum(row.amount for row in v.booked()) == 0 for v in year.vouchers.values())
            before = company.year_before(year)
            if before is not None:
                closing = {n: a for n, a in totals(before).closing.items() if a}
                assert totals(year).opening == closing


def test_demo_companies_have_valid_made_up_organisation_numbers(companies: list[Company]) -> None:
    for company in companies:
        digits = [int(digit) for digit in company.organisation_number.replace("-", "")]
        doubled = [digit * (2 - place % 2) for place, digit in enumerate(digits)]
        assert sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def test_broken_year_runs_from_may_to_april(companies: list[Company]) -> None:
    years = companies[2].years
    assert (years[9].start, years[9].end) == (date(2024, 5, 1), date(2025, 4, 30))
    assert len(years[9].vouchers) == 25


def test_company_without_invoicing_lacks_those_modules_and_has_books(companies: list[Company]) -> None:
    assert {"invoice", "supplierinvoice", "payment"}.isdisjoint(companies[1].modules)
    assert "bookkeeping" in companies[1].modules
    assert companies[1].years[5].vouchers


def test_same_seed_gives_the_same_books_and_another_seed_the_same_receivables() -> None:
    def made(seed: int) -> Company:
        return Simulator(seed, ["whole"], clock=CLOCK).world.companies[29302]

    assert company_dump(made(5)) == company_dump(made(5))
    assert company_dump(made(5)) != company_dump(made(6))
    items = [made(seed).receivables.open_items(date(2025, 12, 31)) for seed in (5, 6, random.randrange(10**6))]
    assert items[0] == items[1] == items[2]
    assert made(6).years[3].closing(1510) == 3_412_550


def test_whole_company_has_objects_corrections_and_swedish_letters(companies: list[Company]) -> None:
    year = companies[0].years[3]
    rows = [row for voucher in year.vouchers.values() for row in voucher.rows]
    assert any(row.cost_center for row in rows)
    assert any(row.project for row in rows)
    assert sum(row.removed for row in rows) == 3
    assert any("Ö" in party.name for party in companies[0].receivables.parties.values())
