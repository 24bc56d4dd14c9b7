"""*Nytt räkenskapsår* (design 2.7)."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent
from closing_host.closing.entry_difference import counter_account
from closing_host.engagements.attachment_making import known_accounts
from closing_host.engagements.closing_series import choose_series, chosen_series
from closing_host.engagements.effective import open_effective
from closing_host.engagements.entries import add_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.new_year import add_next_year, books_before, next_year, opening_differences
from closing_host.engagements.register import new_engagement, overview
from closing_host.storage.attachment_notes import ChosenAccounts
from closing_host.storage.audit import Actor, events
from entry_books import small_books
from fortnox_office import Office
from small_sie import sie, voucher


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with small_books(tmp_path) as opened:
        yield opened


def imported(host: Host, content: bytes) -> None:
    path = host.store.folder.path.parent / "next.se"
    path.write_bytes(content)
    asyncio.run(import_file(host, path, Placing(1)))


def test_the_next_year_follows_the_newest_one_for_twelve_months_and_is_told_in_the_trail(host: Host) -> None:
    made = add_next_year(host, 1)
    assert (made.year_start, made.year_end, made.current_snapshot_id) == (date(2026, 1, 1), date(2026, 12, 31), None)
    with host.store.database.read() as connection:
        newest = events(connection)[0]
    assert (newest.action, newest.object, newest.actor) == ("year.added", "year:2026-01-01", "asa")


def test_a_year_asked_for_twice_is_added_once_and_waits_for_its_books(host: Host) -> None:
    made = add_next_year(host, 1)
    assert add_next_year(host, 1) == made
    assert next_year(overview(host, 1)).known
    with pytest.raises(DataError) as refused:
        add_next_year(host, 1, date(2027, 6, 30))
    assert refused.value.code == "new-year-known"
    assert len(overview(host, 1).years) == 2


def test_who_asks_for_another_end_than_somebody_added_meanwhile_is_told(host: Host) -> None:
    _meanwhile(host, lambda: add_next_year(host, 1, date(2027, 6, 30)))
    with pytest.raises(DataError, match="new-year-known") as refused:
        add_next_year(host, 1, date(2026, 12, 31))
    assert refused.value.parameters["year"] == "2026-01-01 – 2027-06-30"


@pytest.mark.parametrize("end", [date(2027, 6, 30), None])
def test_who_asks_for_what_somebody_added_meanwhile_or_for_no_end_has_that_year(host: Host, end: date | None) -> None:
    _meanwhile(host, lambda: add_next_year(host, 1, date(2027, 6, 30)))
    assert add_next_year(host, 1, end).year_end == date(2027, 6, 30)


def _meanwhile(host: Host, act: Callable[[], object]) -> None:
    """Somebody else acts after the next reading and before the writing that follows it."""
    began: list[object] = []

    def begins(*said: object) -> None:
        began.append(said)
        if len(began) == 2:
            act()

    event.listen(host.store.database.engine, "engine_connect", begins)


@pytest.mark.parametrize("end", [date(2026, 6, 30), date(2027, 6, 30)])
def test_another_end_may_be_stated_up_to_eighteen_months(host: Host, end: date) -> None:
    assert add_next_year(host, 1, end).year_end == end


@pytest.mark.parametrize(
    ("end", "code"), [(date(2027, 7, 1), "new-year-too-long"), (date(2026, 1, 1), "new-year-ends-early")]
)
def test_an_end_beyond_the_law_or_before_the_beginning_is_refused(host: Host, end: date, code: str) -> None:
    with pytest.raises(DataError) as refused:
        add_next_year(host, 1, end)
    assert refused.value.code == code
    assert len(overview(host, 1).years) == 1


def test_an_engagement_without_years_gets_its_first_with_its_books(tmp_path: Path) -> None:
    with Host.open(tmp_path / "data", Actor("asa")) as host:
        id = new_engagement(host, "Ny AB").id
        with pytest.raises(DataError) as refused:
            add_next_year(host, id)
    assert refused.value.code == "new-year-without-previous"


def test_books_that_end_otherwise_correct_the_year(host: Host) -> None:
    add_next_year(host, 1)
    imported(host, sie(voucher(1, day="20260110"), year=("20260101", "20270630")))
    assert overview(host, 1).years[0][0].year_end == date(2027, 6, 30)


def test_openings_are_compared_with_the_closing_entries_that_count(host: Host) -> None:
    imported(host, sie(year=("20260101", "20261231"), opening=[("1930", "900.00"), ("2081", "-1000.00")]))
    client = overview(host, 1)
    before, _ = books_before(client, client.years[0][0])
    assert before.year_end == date(2025, 12, 31)
    found = opening_differences(open_effective(host, "1/2026"), open_effective(host, "1/2025"))
    assert found.differing.is_empty()
    with pytest.raises(ClosingError) as alone:
        books_before(client, before)
    assert alone.value.code == "openings-without-previous"


def test_a_new_year_keeps_connection_control_accounts_series_and_counter_accounts(office: Office) -> None:
    host = office.host
    with host.store.database.write() as connection:
        ChosenAccounts(connection, 1).choose(host.store.trail(connection, host.actor), "receivables", ["1510", "1513"])
    choose_series(host, 1, "B")
    last = open_entry_year(host, "1/2025")
    rows = (DraftRow("1930", 5_000), DraftRow("6570", -5_000))
    add_entry(host, last, EntryContent(date(2025, 12, 31), "Avgift", rows, YEAR_END))
    connected = host.connections.view(1)

    made = add_next_year(host, 1)
    office.imported(1, "2026")

    after = host.connections.view(1)
    assert after.usable
    assert after.consented_at == connected.consented_at
    snapshot = host.store.snapshots.current(1, made.year_start)
    assert snapshot is not None
    assert known_accounts(host, snapshot)["receivables"] == ("1510", "1513")
    assert chosen_series(host, 1) == "B"
    year = open_entry_year(host, "1/2026")
    assert counter_account("1930", year.entries, {**year.chart.accounts, "6570": ""}) == "6570"
