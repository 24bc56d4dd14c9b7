"""The checks over what an engagement has: its books, the year before, its sub-ledgers and its closing entries."""

from datetime import date

import pytest

from analysis_books import books, sale
from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.analysis import CheckResult
from closing_host.closing.entries import YEAR_END, EntryContent
from closing_host.engagements.analysing import Analysis, analyse_books, analyse_file
from closing_host.storage.entries import EntryRecords
from fortnox_office import Office
from imported_office import BOOKS, YEAR_START

END = date(2025, 12, 31)
NEED_THE_YEAR_BEFORE = {"TA13", "TA18"}


def of(found: Analysis, id: str) -> CheckResult:
    return next(each for each in found.results if each.id == id)


def test_an_import_has_all_that_the_checks_need_but_the_year_before(office: Office) -> None:
    found = analyse_books(office.host, BOOKS, period="2025-12", manual_series=["A"])
    assert (found.start, found.end) == (date(2025, 12, 1), END)
    not_run = {each.id for each in found.results if each.outcome == "could_not_run"}
    assert {"TA10", "TA11", "TA12", "TA17", "TA20"} & not_run == set()
    assert not_run >= NEED_THE_YEAR_BEFORE | {"TA28"}


def test_the_year_before_is_looked_at_once_it_is_imported(office: Office) -> None:
    office.imported(1, "2024")
    found = analyse_books(office.host, BOOKS, period="2025-12")
    assert {each.id for each in found.results if each.outcome == "could_not_run"} & NEED_THE_YEAR_BEFORE == set()


def test_closing_entries_that_count_are_looked_at(office: Office) -> None:
    with office.host.store.database.write() as connection:
        rows = (DraftRow("1910", -900_000_000), DraftRow("6990", 900_000_000))
        trail = office.host.store.trail(connection, office.host.actor)
        EntryRecords(connection, 1).add(trail, YEAR_START, "V", EntryContent(END, "Cash", rows, YEAR_END))
    found = of(analyse_books(office.host, BOOKS), "TA29")
    assert (found.outcome, found.findings["last"].to_list()) == ("found", [END])


def test_the_whole_year_with_its_end_is_looked_at_by_default() -> None:
    found = analyse_file(books(sale("2025-01-10", 1), sale("2025-06-10", 1)))
    assert (found.start, found.end) == (date(2025, 1, 1), END)
    assert of(found, "TA28").outcome == "found"
    assert of(found, "TA04").outcome == "found"


def test_a_period_that_there_is_not_is_named() -> None:
    with pytest.raises(DataError, match="period-unknown"):
        analyse_file(books(), period="2026-01")
