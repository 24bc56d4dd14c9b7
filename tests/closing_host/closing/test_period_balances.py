from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis_books import books, sale
from closing_host.closing.effect import MOVEMENTS
from closing_host.closing.entries import YEAR_END
from closing_host.closing.period_balances import balance_figures, period_figures, result_figures
from closing_host.closing.periods import Division, period_of, periods_of

PERIODS = periods_of(date(2025, 1, 1), date(2025, 12, 31))
LEDGER = books(
    sale("2025-01-31", 1, 100),
    sale("2025-02-01", 2, 50),
    sale("2025-12-31", 3, 7),
    opening={"1930": 1000, "2081": -1000},
    names={"1930": "Bank", "1940": "Other bank"},
)


def moves(*rows: tuple[str, str, int]) -> pl.DataFrame:
    return pl.DataFrame([(a, p, n * 100) for a, p, n in rows], schema=MOVEMENTS, orient="row")


def of(frame: pl.DataFrame, account: str) -> dict[str, Any]:
    [row] = frame.filter(pl.col("account") == account).to_dicts()
    return {name: row[name] / 100 for name in ("opening", "change", "entries", "closing")}


def figures(key: str, entries: pl.DataFrame | None = None) -> pl.DataFrame:
    return period_figures(LEDGER, moves() if entries is None else entries, period_of(PERIODS, key))


def test_p_7_2_closing_is_opening_and_rows_until_the_periods_end() -> None:
    assert of(figures("2025-01"), "1930") == {"opening": 1000, "change": 100, "entries": 0, "closing": 1100}
    assert of(figures("2025-02"), "1930") == {"opening": 1100, "change": 50, "entries": 0, "closing": 1150}
    assert of(figures("2025-12"), "3010") == {"opening": -150, "change": -7, "entries": 0, "closing": -157}


def test_entries_count_from_their_own_period_and_those_of_the_year_end_in_it_alone() -> None:
    entries = moves(("1930", "2025-02", 5), ("1930", YEAR_END, 9))
    assert of(figures("2025-01", entries), "1930")["closing"] == 1100
    assert of(figures("2025-02", entries), "1930") == {"opening": 1100, "change": 55, "entries": 5, "closing": 1155}
    assert of(figures("2025-12", entries), "1930")["closing"] == 1162
    assert of(figures(YEAR_END, entries), "1930") == {"opening": 1162, "change": 9, "entries": 9, "closing": 1171}


def test_accounts_without_balance_and_rows_are_listed_only_when_asked_for() -> None:
    listed = figures("2025-01")
    assert balance_figures(listed)["account"].to_list() == ["1930", "2081"]
    assert balance_figures(listed, unused=True)["account"].to_list() == ["1930", "1940", "2081"]


def test_an_account_that_only_an_entry_uses_is_listed_from_its_period_on() -> None:
    entries = moves(("2990", "2025-02", -5))
    assert "2990" not in balance_figures(figures("2025-01", entries))["account"]
    assert "2990" in balance_figures(figures("2025-02", entries))["account"]


def test_an_account_that_went_to_zero_is_still_listed() -> None:
    ledger = books(sale("2025-01-10", 1, 100), sale("2025-01-11", 2, -100))
    january = period_figures(ledger, moves(), PERIODS[0])
    assert balance_figures(january)["account"].to_list() == ["1930"]


def test_results_stand_beside_the_same_period_last_year() -> None:
    before = books(sale("2024-02-10", 1, 40), sale("2024-02-11", 2, 9, account="3040"), year=2024)
    february = period_of(periods_of(date(2024, 1, 1), date(2024, 12, 31)), "2024-02")
    compared = result_figures(figures("2025-02"), period_figures(before, moves(), february))
    rows = {row["account"]: (row["change"], row["before"], row["before_closing"]) for row in compared.to_dicts()}
    assert rows == {"3010": (-5000, -4000, -4000), "3040": (0, -900, -900)}
    assert result_figures(figures("2025-02"), None)["before"].to_list() == [None]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.dates(date(2025, 1, 1), date(2025, 12, 31)),
            st.integers(-(10**6), 10**6),
            st.sampled_from(["3010", "2440"]),
        ),
        max_size=8,
    ),
    st.lists(st.tuples(st.sampled_from([*(each.key for each in PERIODS)]), st.integers(-1000, 1000)), max_size=4),
    st.sampled_from(["month", "quarter", "year"]),
)
def test_closing_is_the_next_opening_and_all_accounts_sum_to_zero(
    sales: list[tuple[date, int, str]], entries: list[tuple[str, int]], division: Division
) -> None:
    lines = [sale(str(day), at, amount, account=account) for at, (day, amount, account) in enumerate(sales, 1)]
    ledger = books(*lines, opening={"1930": 500, "2081": -500})
    moved = moves(*((account, key, sign * n) for key, n in entries for account, sign in (("1930", 1), ("2990", -1))))
    before: dict[str, int] = {"1930": 50_000, "2081": -50_000}
    for period in periods_of(date(2025, 1, 1), date(2025, 12, 31), division):
        frame = period_figures(ledger, moved, period)
        rows = {row["account"]: row for row in frame.to_dicts()}
        assert all(row["opening"] + row["change"] == row["closing"] for row in rows.values())
        assert all(row["opening"] == before.get(account, 0) for account, row in rows.items())
        assert frame["closing"].sum() == 0
        before = {account: row["closing"] for account, row in rows.items()}


def test_a_sum_beyond_int64_is_refused() -> None:
    huge = pl.DataFrame([("1930", "2025-01", 2**63 - 1)], schema=MOVEMENTS, orient="row")
    with pytest.raises(Exception, match="sum-too-large"):
        figures("2025-01", huge)
