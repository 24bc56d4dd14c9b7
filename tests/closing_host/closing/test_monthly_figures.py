"""A year month by month."""

from datetime import date

from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.closing.effect import with_entries
from closing_host.closing.monthly_figures import monthly_figures, until
from made_entries import made_entry

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))


def test_months_have_the_result_of_the_month_and_balances_at_its_end() -> None:
    builder = LedgerBuilder(Company(name="Exempel AB"), [YEAR])
    builder.add_balance("IB", "1930", 10_000)
    builder.add_balance("IB", "2081", -10_000)
    builder.add_voucher("A", "1", date(2025, 1, 31))
    for account, amount in (("1510", 12_500), ("2610", -2_500), ("3010", -10_000)):
        builder.add_row(account, amount)
    builder.add_voucher("A", "2", date(2025, 3, 1))
    for account, amount in (("1930", 12_500), ("1510", -12_500), ("5010", 4_000), ("2440", -4_000)):
        builder.add_row(account, amount)
    builder.add_voucher("A", "3", date(2026, 3, 1))
    for account, amount in (("1930", 7), ("3010", -7)):
        builder.add_row(account, amount)
    made = monthly_figures(builder.build()).rows()
    assert len(made) == 12
    assert made[0] == (date(2025, 1, 31), 10_000, 10_000, 12_500, 0)
    assert made[1] == (date(2025, 2, 28), 0, 10_000, 12_500, 0)
    assert made[2] == (date(2025, 3, 31), -4_000, 22_500, 0, -4_000)
    assert made[11] == (date(2025, 12, 31), 0, 22_500, 0, -4_000)


def test_entries_count_in_their_month_and_the_booked_result_is_no_part_of_the_result() -> None:
    builder = LedgerBuilder(Company(name="Exempel AB"), [YEAR])
    builder.add_voucher("A", "1", date(2025, 12, 31))
    for account, amount in (("8999", 500), ("2099", -500)):
        builder.add_row(account, amount)
    made = monthly_figures(with_entries(builder.build(), [made_entry()])).rows()
    assert made[11][1] == -1_200_000


def test_books_without_months_are_one_row() -> None:
    builder = LedgerBuilder(Company(name="Exempel AB"), [YEAR])
    builder.add_balance("IB", "1930", 10_000)
    builder.add_balance("UB", "1930", 15_000)
    builder.add_balance("RES", "3010", -5_000)
    assert monthly_figures(builder.build()).rows() == [(date(2025, 12, 31), 5_000, 15_000, 0, 0)]


def test_of_months_that_have_not_begun_nothing_is_known() -> None:
    builder = LedgerBuilder(Company(name="Exempel AB"), [YEAR])
    builder.add_balance("IB", "1930", 10_000)
    sole = until(monthly_figures(builder.build()), date(2025, 3, 1)).rows()
    assert sole == [(date(2025, 12, 31), 0, 10_000, 0, 0)]
    builder.add_voucher("A", "1", date(2025, 1, 31))
    for account in ("3010", "4010"):
        builder.add_row(account, 500 if account == "4010" else -500)
    shown = until(monthly_figures(builder.build()), date(2025, 3, 1)).rows()
    assert shown[2] == (date(2025, 3, 31), 0, 10_000, 0, 0)
    assert shown[3] == (date(2025, 4, 30), None, None, None, None)
