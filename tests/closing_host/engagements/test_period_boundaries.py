"""The boundary cases of P 7.9 that are about periods, and samples whose whole year is reconciled and locked."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Status, Transferred, month_of
from closing_host.closing.schedule import ScheduleRow
from closing_host.closing.standing import Standing
from closing_host.engagements.entries import add_entry, delete_entry, edit_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.own_attachments import add_own_attachment
from closing_host.engagements.period_locking import lock_period, unlock_period
from closing_host.engagements.periods import year_periods
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.reconciling import Sheet, sheet_of
from closing_host.engagements.register import new_engagement
from closing_host.engagements.result_analysis import result_of
from closing_host.engagements.setup import choose_period
from closing_host.storage.audit import Actor
from closing_host.storage.entries import EntryRecords
from closing_host.storage.verify import verify
from kept_figures import Kept
from period_books import books_of, take_in
from sie_samples import FOLDER, MISSING, sample_files
from small_sie import voucher

BANK = "1930"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        yield opened


def sheet(host: Host, key: str) -> Sheet:
    return sheet_of(host, books_of(host, "1"), key)


def stands(host: Host, key: str, account: str = BANK) -> tuple[int, int, int]:
    """Opening, change and closing in kronor."""
    line = sheet(host, key).line(account)
    assert line is not None
    return line.opening // 100, line.change // 100, line.closing // 100


def keys(host: Host) -> list[str]:
    return [each.key for each in year_periods(host, 1, books_of(host, "1").books.snapshot).periods]


def states(host: Host) -> list[str]:
    return [each.state for each in year_periods(host, 1, books_of(host, "1").books.snapshot).periods]


def lock(host: Host, *periods: str) -> None:
    for key in periods:
        lock_period(host, books_of(host, "1"), key, reason="Klart")


def enter(host: Host, day: date, account: str = "4010") -> ClosingEntry:
    rows = (DraftRow(account, 1_000), DraftRow(BANK, -1_000))
    return add_entry(host, open_entry_year(host, "1"), EntryContent(day, "Avgift", rows, month_of(day))).entry


def take_text(host: Host, folder: Path, body: str, *, kind: int = 4) -> None:
    """Import 2025 as a file of `kind` states it."""
    head = f'#FLAGGA 0\n#FORMAT PC8\n#SIETYP {kind}\n#FNAMN "Ek AB"\n#ORGNR 556677-8899\n#RAR 0 20250101 20251231\n'
    path = folder / "stated.se"
    path.write_bytes((head + body).replace("\n", "\r\n").encode("cp437"))
    asyncio.run(import_file(host, path, Placing(create=True)))


def test_p_7_9_a_broken_year_of_quarters_is_locked_to_its_end(host: Host, tmp_path: Path) -> None:
    days = ("20240501", "20240630", "20241231", "20250101", "20250430")
    take_in(host, tmp_path, *(voucher(n, "10.00", day) for n, day in enumerate(days, 1)), year=("20240501", "20250430"))
    choose_period(host, 1, "quarter")
    assert keys(host) == ["2024-06", "2024-09", "2024-12", "2025-03", "2025-04", YEAR_END]
    found = [stands(host, key) for key in keys(host)]
    assert found == [(1000, -20, 980), (980, 0, 980), (980, -10, 970), (970, -10, 960), (960, -10, 950), (950, 0, 950)]
    lock(host, "2024-06", "2024-09", "2024-12")
    with pytest.raises(ClosingError, match="entry-period-locked"):
        enter(host, date(2024, 10, 1))  # a month inside the quarter
    enter(host, date(2025, 1, 1))
    assert stands(host, "2025-03") == (970, -20, 950)
    lock(host, "2025-03", "2025-04", YEAR_END)
    assert states(host) == ["locked"] * 6


def test_p_7_9_a_year_of_18_months_has_each_month_once(host: Host, tmp_path: Path) -> None:
    days = ("20240731", "20250731", "20251231")
    take_in(host, tmp_path, *(voucher(n, "10.00", day) for n, day in enumerate(days, 1)), year=("20240701", "20251231"))
    assert len(keys(host)) == len(set(keys(host))) == 19
    assert [stands(host, key)[1] for key in ("2024-07", "2025-07", "2025-12", YEAR_END)] == [-10, -10, -10, 0]
    choose_period(host, 1, "quarter")
    lock(host, "2024-09", "2024-12")
    with pytest.raises(ClosingError, match="entry-period-locked"):
        enter(host, date(2024, 12, 31))
    assert enter(host, date(2025, 12, 31)).content.period == "2025-12"
    assert stands(host, "2025-12") == (980, -20, 960)


def test_p_7_9_the_leap_day_is_in_february(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path, voucher(1, "10.00", "20240229"), year=("20240101", "20241231"))
    assert stands(host, "2024-02") == (1000, -10, 990)
    assert stands(host, "2024-03") == (990, 0, 990)
    add_own_attachment(host, "1", BANK, [ScheduleRow("Utdrag", 99_000)], as_at=date(2024, 2, 29))
    line = sheet(host, "2024-02").line(BANK)
    assert line is not None
    assert line.difference == 0


def test_p_7_9_a_voucher_on_a_border_is_in_the_period_of_its_day(host: Host, tmp_path: Path) -> None:
    days = ("20250101", "20250331", "20250401", "20251231")
    take_in(host, tmp_path, *(voucher(n, "10.00", day) for n, day in enumerate(days, 1)))
    found = [stands(host, key)[1] for key in ("2025-01", "2025-03", "2025-04", "2025-12", YEAR_END)]
    assert found == [-10, -10, -10, -10, 0]


def test_p_7_9_the_last_locked_day_is_locked_and_the_next_is_not(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path, voucher(1))
    lock(host, "2025-01")
    with pytest.raises(ClosingError, match="entry-period-locked"):
        enter(host, date(2025, 1, 31))
    with pytest.raises(ClosingError, match="attachment-day-locked"):
        add_own_attachment(host, "1", BANK, [ScheduleRow("x", 1)], as_at=date(2025, 1, 31))
    enter(host, date(2025, 2, 1))
    add_own_attachment(host, "1", BANK, [ScheduleRow("x", 1)], as_at=date(2025, 2, 1))


ODD = """#KONTO 1930 "Bank"
#KONTO 193010 "Underkonto"
#IB 0 193010 100.00
#IB 0 2081 -100.00
#VER A 1 20250115 "Rättad"
{
#TRANS 193010 {} -30.00
#RTRANS 401010 {} 30.00
#TRANS 401010 {} 30.00
#BTRANS 401010 {} 99.00
}
#VER A 2 20250116 "Nollor"
{
#TRANS 1940 {} 0.00
#TRANS 1950 {} 5.00
#TRANS 1950 {} -5.00
}
"""


def test_p_7_9_struck_rows_zero_rows_long_and_nameless_accounts(host: Host, tmp_path: Path) -> None:
    take_text(host, tmp_path, ODD)
    found = {each.account: (each.name, each.closing, each.used) for each in sheet(host, "2025-01").lines}
    assert found == {
        "193010": ("Underkonto", 7_000, True),
        "1940": ("(saknas)", 0, True),
        "1950": ("(saknas)", 0, True),
        "2081": ("(saknas)", -10_000, True),
    }
    result = result_of(host, books_of(host, "1"), "2025-01").frame
    assert result.select("account", "change").rows() == [("401010", 3_000)]
    add_own_attachment(host, "1", "193010", [ScheduleRow("Utdrag", 7_000)], as_at=date(2025, 1, 31))
    note_account(host, books_of(host, "1"), "2025-01", "2081", comment="Utan namn i filen")
    sign_off(host, books_of(host, "1"), "2025-01", ["193010", "2081", "1940", "1950"])
    lock_period(host, books_of(host, "1"), "2025-01")
    assert {each.standing for each in sheet(host, "2025-01").lines} == {Standing.DONE}
    assert {each.account: (each.name, each.closing, each.used) for each in sheet(host, "2025-01").lines} == found


def test_p_7_9_a_year_without_vouchers_is_reconciled_and_locked(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path)
    choose_period(host, 1, "year")
    assert stands(host, "2025-12") == (1000, 0, 1000)
    lock(host, "2025-12", YEAR_END)
    assert states(host) == ["locked", "locked"]


def test_p_7_9_books_of_figures_alone_are_reconciled_and_locked(host: Host, tmp_path: Path) -> None:
    figures = (
        '#KONTO 1930 "Bank"\n#KONTO 3010 "Sålt"\n#IB 0 1930 10.00\n#IB 0 2081 -10.00\n'
        "#UB 0 1930 25.00\n#UB 0 2081 -10.00\n#RES 0 3010 -15.00\n"
    )
    take_text(host, tmp_path, figures, kind=1)
    choose_period(host, 1, "quarter")
    assert [stands(host, key) for key in ("2025-09", "2025-12", YEAR_END)] == [(10, 0, 10), (10, 15, 25), (25, 0, 25)]
    enter(host, date(2025, 3, 31), "3010")
    assert [stands(host, key)[2] for key in ("2025-03", "2025-12")] == [0, 15]
    take_text(host, tmp_path, figures + "#PSALDO 0 202502 1930 {} 15.00\n#PSALDO 0 202502 3010 {} -15.00\n", kind=2)
    assert [stands(host, key) for key in ("2025-03", "2025-12")] == [(10, 5, 15), (15, 0, 15)]
    lock(host, *keys(host))
    assert states(host) == ["locked"] * 5


def test_p_7_9_an_exported_entry_is_not_changed_when_its_period_is_unlocked(host: Host, tmp_path: Path) -> None:
    take_in(host, tmp_path, voucher(1))
    made = enter(host, date(2025, 1, 31))
    with host.store.database.write() as connection:
        trail, records = host.store.trail(connection, host.actor), EntryRecords(connection, 1)
        place = Transferred("I", "14", trail.clock(), "asa", "answer")
        sent = records.set_status(trail, made.id, Status.SENDING, by="export")
        sent = records.set_status(trail, sent.id, Status.TRANSFERRED, by="export", transferred=place)
    lock(host, "2025-01")
    unlock_period(host, 1, books_of(host, "1").books.snapshot, "2025-01", "Ny faktura")
    year = open_entry_year(host, "1")
    with pytest.raises(ClosingError, match="entry-not-editable"):
        edit_entry(host, year, sent, sent.content)
    with pytest.raises(DataError, match="entry-not-editable"):
        delete_entry(host, year, sent)
    with host.store.database.read() as connection:
        assert EntryRecords(connection, 1).get(sent.id) == sent


WHOLE_YEARS = {
    "BL0001_typ4.SE": ("year", "a broken year"),
    "data-utf.se": ("month", "begins inside a month, vouchers outside the year"),
    "Sie4.se": ("year", "accounts of letters"),
    "BLBLOV_SIE4_UTF_8_with_imbalanced_voucher.SE": ("year", "does not sum to zero"),
    "periodsaldo_ovnbolag.se": ("year", "figures alone, by month"),
}
"""Samples that are taken through an engagement, by a division, each for what is odd with it."""


@pytest.mark.skipif(not sample_files(), reason=MISSING)
@pytest.mark.parametrize("name", WHOLE_YEARS)
def test_a_samples_whole_year_is_reconciled_and_locked(name: str, host: Host) -> None:
    new_engagement(host, "Prov")
    asyncio.run(import_file(host, FOLDER / name, Placing(engagement_id=1)))
    choose_period(host, 1, WHOLE_YEARS[name][0])
    books, kept = books_of(host, "1"), Kept()
    *ordinary, last, _ = keys(host)
    lock(host, *ordinary)
    listed = [each.account for each in sheet_of(host, books, last, keep=kept).lines]
    for each in listed:
        note_account(host, books, last, each, comment="Mot underlag", keep=kept)
    sign_off(host, books, last, listed, keep=kept)
    for key in (last, YEAR_END):
        result_of(host, books, key)
        before = [(each.account, each.closing, each.standing) for each in sheet_of(host, books, key).lines]
        lock_period(host, books, key)  # Årsavslut took over what was done
        after = [(each.account, each.closing, each.standing) for each in sheet_of(host, books, key).lines]
        assert before == after
        assert {each[0] for each in after} == set(listed)
    assert set(states(host)) == {"locked"}
    assert verify(host.store).problems == ()
