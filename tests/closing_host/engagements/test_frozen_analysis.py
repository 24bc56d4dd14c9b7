"""The transaction analysis where a period is signed off: what is booked there later (TA08), and that locked periods
keep what was said of them (P 7.3)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.closing.analysis.choices import hash_of
from closing_host.engagements.analysing import Analysis, analyse_books
from closing_host.engagements.analysis_choices import mark_done, reopen
from closing_host.engagements.frozen_analysis import FrozenAnalysis, frozen_analysis
from closing_host.engagements.host import Host
from closing_host.engagements.setup import choose_period
from period_books import MARCH, VOUCHERS, YEAR_START, books_of, done, entry, lock_through, period_office, take_in
from small_sie import voucher

LATE = voucher(4, "1.00", "20250331")
LOPSIDED = ("A", "4", "20250331", [("4010", "5.00"), ("1930", "-4.00")])


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with period_office(tmp_path) as opened:
        choose_period(opened, 1, "quarter")
        yield opened


def late(host: Host, period: str = "") -> tuple[str, list[str]]:
    """TA08's outcome, and the numbers of the vouchers that it names."""
    result = next(each for each in analyse_books(host, "1/2025", period=period).results if each.id == "TA08")
    return result.outcome, result.findings["number"].to_list() if "number" in result.findings.columns else []


def frozen(host: Host, key: str) -> FrozenAnalysis | None:
    return frozen_analysis(host, 1, books_of(host).books.snapshot, key)


@pytest.mark.parametrize("locked", [True, False])
def test_ta08_names_what_an_import_brought_into_a_signed_off_period(host: Host, tmp_path: Path, locked: bool) -> None:
    lock_through(host, MARCH) if locked else done(host, MARCH)
    assert late(host) == ("passed", [])
    after = voucher(5, "1.00", "20250401")
    take_in(host, tmp_path, voucher(1, "90.00"), *VOUCHERS[1:], after)
    assert late(host) == ("passed", []), "a voucher that was there is not a new one, and April is open"
    take_in(host, tmp_path, *VOUCHERS, LATE, after)
    assert late(host) == ("found", ["4"])
    assert late(host, "2025-06") == ("found", ["4"]), "which the locked period does not show itself"


def test_ta08_passes_where_nobody_has_signed_off_and_takes_no_closing_entry_for_a_voucher(
    host: Host, tmp_path: Path
) -> None:
    take_in(host, tmp_path, *VOUCHERS, LATE)
    assert late(host) == ("passed", [])
    entry(host, date(2025, 3, 31))
    lock_through(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS, LATE, voucher(5, "1.00", "20250401"))
    assert late(host) == ("passed", [])


def test_a_locked_period_keeps_what_the_checks_said(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path, *VOUCHERS, LOPSIDED)
    assert frozen(host, MARCH) is None
    lock_through(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS)
    kept = frozen(host, MARCH)
    assert kept is not None
    assert {each.check_id: (each.state, each.findings, each.left_open) for each in kept.checks}["TA01"] == ("red", 1, 1)
    assert [found.period.key for key in ("2025-01", "2025-02") if (found := frozen(host, key))] == [MARCH, MARCH]
    assert [frozen(host, key) for key in ("", "2025-06", "2025-04", "year-end", "2026-01", "x")] == [None] * 6


def test_a_locked_period_keeps_why_a_check_could_not_run(host: Host) -> None:
    lock_through(host, MARCH)
    kept = frozen(host, MARCH)
    assert kept is not None
    why = {each.check_id: (each.state, each.reason, each.parameters) for each in kept.checks}
    assert why["TA23"] == ("could_not_run", "analysis-too-few-rows", {"count": 1, "needed": 300})
    assert why["TA17"] == ("could_not_run", "analysis-no-payables", {})
    assert why["TA01"] == ("passed", "", {})


def test_the_whole_year_is_locked_with_its_end(host: Host) -> None:
    lock_through(host, "year-end")
    whole = frozen(host, "")
    assert whole is not None
    assert whole.period.key == "year-end"


def test_a_quarter_is_looked_at_as_a_whole_and_its_months_too(host: Host) -> None:
    def days(found: Analysis) -> tuple[date, date]:
        return found.start, found.end

    assert days(analyse_books(host, "1/2025", period=MARCH)) == (date(2025, 1, 1), date(2025, 3, 31))
    assert days(analyse_books(host, "1/2025", period="2025-02")) == (date(2025, 2, 1), date(2025, 2, 28))


def test_nothing_is_marked_done_in_a_locked_period(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path, *VOUCHERS, LOPSIDED)
    found = analyse_books(host, "1/2025", period=MARCH)
    finding = hash_of(found.results[0].findings["identity"][0])
    mark_done(host, 1, YEAR_START, found, [finding])
    lock_through(host, MARCH)
    for decide in (mark_done, reopen):
        with pytest.raises(ClosingError, match="period-locked"):
            decide(host, 1, YEAR_START, found, [finding])
    whole = analyse_books(host, "1/2025")
    assert finding in whole.marks
