"""Opening balances against last year's closing balances (design 2.7)."""

from collections.abc import Mapping
from datetime import date

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.api.vouchers import DraftRow
from closing_host.closing.effect import with_entries
from closing_host.closing.openings import openings
from made_entries import made_entry

PROFIT = {"1930": 150_000, "2081": -100_000, "3010": -80_000, "4010": 30_000}
"""What 2025 closes at: a profit of 500 kr that stands on the result accounts alone."""


def opened_at(balances: Mapping[str, int]) -> Ledger:
    builder = LedgerBuilder(Company(name="Exempel AB"), [FinancialYear(0, date(2026, 1, 1), date(2026, 12, 31))])
    builder.add_account("1930", "Bank")
    for account, amount in balances.items():
        builder.add_balance("IB", account, amount)
    return builder.build()


def closed_at(closings: Mapping[str, int] = PROFIT) -> Ledger:
    builder = LedgerBuilder(Company(name="Exempel AB"), [FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))])
    builder.add_account("1930", "Bank i fjol")
    builder.add_account("2081", "Aktiekapital")
    builder.add_voucher("A", "1", date(2025, 5, 1))
    for account, amount in closings.items():
        builder.add_row(account, amount)
    return builder.build()


def result_booked() -> Ledger:
    rows = (DraftRow("8999", 50_000), DraftRow("2099", -50_000))
    return with_entries(closed_at(), [made_entry(kind="S", rows=rows)])


def test_a_year_that_opens_where_the_last_closed_has_no_differences() -> None:
    found = openings(opened_at({"1930": 150_000, "2081": -100_000, "2099": -50_000}), result_booked())
    assert found.differing.is_empty()
    assert (found.total, found.is_unbooked_result) == (0, False)


def test_each_balance_account_that_differs_is_told_and_named_by_the_year_that_knows_it() -> None:
    found = openings(opened_at({"1930": 150_001, "2099": -50_000}), result_booked())
    assert found.differing.rows() == [
        ("1930", "Bank", 150_001, 150_000, 0, 1),
        ("2081", "Aktiekapital", 0, -100_000, 0, 100_000),
    ]
    assert not found.is_unbooked_result


def test_the_unbooked_result_is_recognised_in_total_wherever_it_was_put() -> None:
    alone = openings(opened_at({"1930": 150_000, "2081": -100_000, "2099": -50_000}), closed_at())
    assert alone.differing["account"].to_list() == ["2099"]
    assert (alone.total, alone.unbooked, alone.is_unbooked_result) == (-50_000, -50_000, True)
    spread = openings(opened_at({"1930": 150_000, "2081": -120_000, "2098": -30_000}), closed_at())
    assert spread.is_unbooked_result


def test_an_openings_sum_beside_the_result_is_not_taken_for_it() -> None:
    assert not openings(opened_at({"1930": 150_000, "2081": -100_000, "2099": -49_999}), closed_at()).is_unbooked_result


def test_openings_of_books_that_lack_the_closing_entries_say_so() -> None:
    opened = opened_at({"1930": 150_000, "2081": -100_000})
    accrued = with_entries(closed_at({"1930": 150_000, "2081": -150_000}), [made_entry()])
    found = openings(
        opened_at({"1930": 150_000, "2081": -150_000}), accrued, closed_at({"1930": 150_000, "2081": -150_000})
    )
    assert found.without_entries
    assert found.differing.select("account", "closing", "entries", "difference").rows() == [
        ("2910", -1_200_000, -1_200_000, 1_200_000)
    ]
    assert not openings(opened, accrued, closed_at({"1930": 150_000, "2081": -150_000})).without_entries
