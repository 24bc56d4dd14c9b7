"""Periods are started, locked and unlocked (P 7.2): what a locked period holds, and what waits for it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.entries import YEAR_END, Status, Transferred
from closing_host.closing.schedule import ScheduleRow
from closing_host.closing.standing import Standing
from closing_host.engagements.attached_files import attach_file
from closing_host.engagements.entries import delete_entry, edit_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import (
    account_attachments,
    add_own_attachment,
    remove_own_attachment,
)
from closing_host.engagements.period_locking import lock_period, start_period, unlock_period
from closing_host.engagements.period_locking import lock_through as lock_through_key
from closing_host.engagements.recognising import export_again, make_current
from closing_host.engagements.reconciled_accounts import note_account, reopen_accounts, sign_off
from closing_host.engagements.reconciling import sheet_of
from closing_host.engagements.setup import choose_period
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.entries import EntryRecords
from closing_host.storage.periods import PeriodRecords
from period_books import (
    APRIL,
    LAST,
    MARCH,
    VOUCHERS,
    YEAR_START,
    books_of,
    done,
    entry,
    line,
    lock,
    lock_through,
    period_office,
    periods_now,
    sheet,
    start,
    states,
    take_in,
)
from small_sie import voucher

BANK, JANUARY, FEBRUARY = "1930", "2025-01", "2025-02"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with period_office(tmp_path) as opened:
        choose_period(opened, 1, "quarter")
        yield opened


def unlock(host: Host, key: str, reason: str = "Ny faktura") -> None:
    unlock_period(host, 1, books_of(host).books.snapshot, key, reason)


QUARTERS = ("2025-03", "2025-06", "2025-09", "2025-12", YEAR_END)


def test_p_7_2_the_year_is_divided_as_chosen_and_begins_unstarted(host: Host) -> None:
    assert states(host) == dict.fromkeys(QUARTERS, "not-started")
    assert periods_now(host).current.key == MARCH
    choose_period(host, 1, "year")
    assert list(states(host)) == [LAST, YEAR_END]


def test_p_7_2_the_first_entry_starts_a_period(host: Host) -> None:
    note_account(host, books_of(host), "2025-06", BANK, comment="Ring")
    assert states(host)["2025-06"] == "started"


def test_p_7_2_locking_wants_the_one_before_locked_and_accounts_done_or_a_reason(host: Host) -> None:
    with pytest.raises(ClosingError, match="period-previous-open"):
        lock(host, "2025-06", "Bråttom")
    with pytest.raises(ClosingError, match="period-not-ready") as refused:
        lock(host, MARCH)
    assert refused.value.parameters["accounts"] == "1930, 2081"
    done(host, MARCH)
    lock(host, MARCH)
    assert states(host) == {**dict.fromkeys(QUARTERS, "not-started"), MARCH: "locked", "2025-06": "started"}
    lock(host, "2025-06", "Bråttom")
    held = periods_now(host).find("2025-06").lock
    assert held is not None
    assert (held.reason, held.locked_by, held.fingerprint) == (
        "Bråttom",
        "asa",
        books_of(host).books.snapshot.fingerprint,
    )


def test_several_periods_are_locked_at_once_for_one_reason_or_none_of_them(host: Host) -> None:
    done(host, MARCH)
    with pytest.raises(ClosingError, match="period-not-ready") as refused:
        lock_through_key(host, books_of(host), "2025-09")
    assert refused.value.parameters["period"] == "2025-06"
    assert states(host)[MARCH] == "started"
    lock_through_key(host, books_of(host), "2025-09", reason="Stäms av i bokslutet")
    held = [each.lock and each.lock.reason for each in periods_now(host).periods]
    assert held == ["Stäms av i bokslutet"] * 3 + [None] * 2
    with pytest.raises(ClosingError, match="period-locked"):
        lock_through_key(host, books_of(host), MARCH, reason="Igen")
    with pytest.raises(ClosingError, match="period-locked"):  # not an invitation to give a reason
        lock_through_key(host, books_of(host), MARCH)


def test_p_7_2_a_locked_period_shows_the_frozen_figures_whatever_is_imported(host: Host, tmp_path: Path) -> None:
    done(host, MARCH)
    lock(host, MARCH)
    before = sheet(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "1.00", "20250331"))
    after = sheet(host, MARCH)
    assert after.frozen
    assert after.lines == before.lines
    assert line(host, MARCH, BANK).standing is Standing.DONE
    assert line(host, "2025-06", BANK).opening == 89_900, "what follows is of the books as they are"


def test_a_locked_period_shows_the_accounts_that_it_showed_before(host: Host, tmp_path: Path) -> None:
    opening = [("1930", "1000.00"), ("2081", "-1000.00"), ("1940", "0.00"), ("2990", "0.00")]
    take_in(host, tmp_path, *VOUCHERS, opening=opening)
    note_account(host, books_of(host), MARCH, "2990", comment="Inget upplupet")
    before = sheet(host, MARCH)
    lock(host, MARCH, "Klart")
    after = sheet(host, MARCH)
    assert [each.account for each in before.lines] == ["1930", "2081", "2990"], "not 1940, which nobody used"
    assert after.lines == before.lines
    assert (after.done, after.total) == (before.done, before.total)


def test_locking_moves_no_status_of_an_account_that_the_books_lost(host: Host, tmp_path: Path) -> None:
    note_account(host, books_of(host), MARCH, "2081", typed=-100_000, comment="Borttaget")
    take_in(host, tmp_path, opening=())
    sign_off(host, books_of(host), MARCH, ["2081"])
    before = line(host, MARCH, "2081")
    lock(host, MARCH)
    after = line(host, MARCH, "2081")
    assert (after.standing, after.figures, after.moved) == (Standing.DONE, before.figures, ())


def test_p_7_2_nothing_is_entered_in_a_locked_period(host: Host) -> None:
    note = add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 90_000)], as_at=date(2025, 3, 31))
    made = entry(host, date(2025, 3, 31))
    lock(host, MARCH, "Klart")
    year = open_entry_year(host, "1/2025")
    refused: dict[str, Callable[[], object]] = {
        "period-locked": lambda: note_account(host, books_of(host), MARCH, BANK, typed=1),
        "entry-period-locked": lambda: entry(host, date(2025, 2, 28)),
        "attachment-day-locked": lambda: add_own_attachment(
            host, "1/2025", BANK, [ScheduleRow("x", 1)], as_at=date(2025, 1, 31)
        ),
    }
    for code, act in refused.items():
        with pytest.raises(ClosingError, match=code):
            act()
    more: list[tuple[str, Callable[[], object]]] = [
        ("period-locked", lambda: reopen_accounts(host, books_of(host), MARCH, [BANK])),
        ("entry-period-locked", lambda: delete_entry(host, year, made)),
        ("entry-period-locked", lambda: edit_entry(host, year, made, made.content)),
        ("attachment-day-locked", lambda: remove_own_attachment(host, "1/2025", note.number)),
        ("attachment-day-locked", lambda: attach_file(host, "1/2025", BANK, "a.pdf", b"%PDF-1.4 x", attachment=1)),
    ]
    for code, act in more:
        with pytest.raises(ClosingError, match=code):
            act()
    attach_file(host, "1/2025", BANK, "a.pdf", b"%PDF-1.4 x")
    assert entry(host, date(2025, 4, 1)).content.period == APRIL


def test_what_would_count_again_in_a_locked_period_is_not_sent_again(host: Host) -> None:
    made = entry(host, date(2025, 3, 31))
    with host.store.database.write() as connection:
        trail, records = host.store.trail(connection, host.actor), EntryRecords(connection, 1)
        place = Transferred("I", "14", trail.clock(), "asa", "answer")
        records.set_status(trail, made.id, Status.SENDING, by="export")
        records.set_status(trail, made.id, Status.TRANSFERRED, by="export", transferred=place)
        records.set_status(trail, made.id, Status.DOUBLE, by="import", seen=True)
    lock(host, MARCH, "Klart")
    with pytest.raises(ClosingError, match="entry-period-locked"):
        export_again(host, 1, made.id)
    unlock(host, MARCH)
    assert export_again(host, 1, made.id).status is Status.READY


def test_an_entry_cannot_be_moved_out_of_a_locked_period_either(host: Host) -> None:
    made = entry(host, date(2025, 3, 31))
    lock(host, MARCH, "Klart")
    later = replace(made.content, date=date(2025, 4, 1), period=APRIL)
    with pytest.raises(ClosingError, match="entry-period-locked"):
        edit_entry(host, open_entry_year(host, "1/2025"), made, later)


def test_p_7_2_unlocking_wants_a_reason_and_pauses_what_was_started_after(host: Host) -> None:
    lock_through(host, "2025-06")
    with pytest.raises(DataError, match="period-reason-missing"):
        unlock(host, MARCH, " ")
    with pytest.raises(ClosingError, match="period-not-locked"):
        unlock(host, LAST)
    unlock(host, MARCH)
    assert list(states(host).values()) == ["started", "paused", "paused", "not-started", "not-started"]
    with pytest.raises(ClosingError, match="period-paused") as refused:
        note_account(host, books_of(host), "2025-06", BANK, typed=1)
    assert refused.value.parameters["earlier"] == MARCH
    with pytest.raises(ClosingError, match="period-paused"):
        note_account(host, books_of(host), LAST, BANK, typed=1)
    note_account(host, books_of(host), MARCH, BANK, typed=90_000)
    lock(host, MARCH, "Igen")
    assert list(states(host).values()) == ["locked", "started", "paused", "not-started", "not-started"]
    lock(host, "2025-06", "Igen")
    assert list(states(host).values()) == ["locked", "locked", "started", "not-started", "not-started"]


def test_nothing_is_entered_in_a_period_that_waits_for_an_earlier_one(host: Host) -> None:
    note = add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 1)], as_at=date(2025, 6, 30))
    made = entry(host, date(2025, 5, 31))
    lock(host, MARCH, "Klart")
    unlock(host, MARCH)
    assert states(host)["2025-06"] == "paused"
    year, later = open_entry_year(host, "1/2025"), entry(host, date(2025, 2, 28))
    moved = replace(later.content, date=date(2025, 5, 31), period="2025-05")
    refused: list[Callable[[], object]] = [
        lambda: entry(host, date(2025, 4, 30)),
        lambda: edit_entry(host, year, made, made.content),
        lambda: edit_entry(host, year, later, moved),
        lambda: delete_entry(host, year, made),
        lambda: remove_own_attachment(host, "1/2025", note.number),
        lambda: add_own_attachment(host, "1/2025", BANK, [ScheduleRow("x", 1)], as_at=date(2025, 6, 30)),
    ]
    for act in refused:
        with pytest.raises(ClosingError, match="period-paused"):
            act()
    delete_entry(host, year, later)


@pytest.mark.parametrize(
    ("division", "day"), [("month", "2025-03-01"), ("quarter", "2025-04-01"), ("year", "2026-01-01")]
)
def test_p_7_5_1_a_reversal_is_dated_the_first_day_of_the_next_period(division: str, day: str, host: Host) -> None:
    choose_period(host, 1, division)
    made = entry(host, date(2025, 2, 14))
    saved = edit_entry(host, open_entry_year(host, "1/2025"), made, replace(made.content, reversed_next=True))
    assert saved.reversal is not None
    assert saved.reversal.content.date == date.fromisoformat(day)


def test_the_reversal_follows_its_entry_into_a_period_that_waits(host: Host) -> None:
    lock(host, MARCH, "Klart")
    unlock(host, MARCH)
    made = entry(host, date(2025, 3, 31))
    saved = edit_entry(host, open_entry_year(host, "1/2025"), made, replace(made.content, reversed_next=True))
    assert saved.reversal is not None
    assert saved.reversal.content.date == date(2025, 4, 1)


def test_year_end_keeps_the_years_last_day_open_until_it_is_locked_too(host: Host) -> None:
    lock_through(host, LAST)
    assert periods_now(host).locked_through == date(2025, 12, 30)
    add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 82_500)])
    assert entry(host, date(2025, 12, 31), closing=True).content.period == YEAR_END
    with pytest.raises(ClosingError, match="entry-period-locked"):
        entry(host, date(2025, 12, 31))
    lock(host, YEAR_END, "Klart")
    assert periods_now(host).locked_through == date(2025, 12, 31)
    for act in (
        lambda: entry(host, date(2025, 12, 31), closing=True),
        lambda: attach_file(host, "1/2025", BANK, "a.pdf", b"%PDF-1.4 x"),
    ):
        with pytest.raises(ClosingError, match=r"entry-period-locked|attachment-day-locked"):
            act()


def test_what_year_end_gets_on_the_same_day_is_not_in_the_locked_last_period(host: Host) -> None:
    lock_through(host, LAST)
    before = [each.account for each in sheet(host, LAST).lines]
    add_own_attachment(host, "1/2025", "2081", [ScheduleRow("Aktiekapital", 100_000)])
    note_account(host, books_of(host), YEAR_END, BANK, typed=82_500)
    assert [each.account for each in sheet(host, LAST).lines] == before
    assert line(host, LAST, "2081").figures.reconciled is None


def test_p_7_2_a_period_takes_over_attachments_by_their_setting(host: Host) -> None:
    day = date(2025, 3, 31)
    rows = [ScheduleRow("Utdrag", 90_000)]
    for title, copying in (("med", "with_data"), ("utan", "without_data"), ("ej", "none")):
        add_own_attachment(host, "1/2025", BANK, rows, title=title, copying=copying, as_at=day)  # type: ignore[arg-type]
    start(host, "2025-06")
    start(host, "2025-06")
    [june] = [each for each in account_attachments(host, "1/2025", BANK) if each.as_at == date(2025, 6, 30)]
    made = {each.schedule.title: each.schedule for each in june.attachments}
    assert {title: each.rows for title, each in made.items()} == {
        "med": (ScheduleRow("Utdrag", 90_000),),
        "utan": (ScheduleRow("Utdrag", 0),),
    }
    assert line(host, "2025-06", BANK).standing is Standing.STARTED, "no status is copied"


def test_p_7_2_year_end_takes_over_statuses_and_shows_what_its_own_entries_move(host: Host) -> None:
    done(host, LAST)
    start(host, YEAR_END)
    assert {each.standing for each in sheet(host, YEAR_END).lines} == {Standing.DONE}
    entry(host, date(2025, 12, 31), closing=True)
    assert line(host, YEAR_END, BANK).standing is Standing.CHANGED
    assert line(host, LAST, BANK).standing is Standing.DONE


def test_p_7_2_year_end_started_early_takes_over_what_is_done_in_the_last_period_when_that_is_locked(
    host: Host,
) -> None:
    choose_period(host, 1, "year")
    start(host, YEAR_END)
    note_account(host, books_of(host), YEAR_END, "2081", comment="Egen")
    done(host, LAST)
    lock(host, LAST)
    assert line(host, YEAR_END, BANK).standing is Standing.DONE
    assert line(host, YEAR_END, BANK).record == line(host, LAST, BANK).record
    assert line(host, YEAR_END, "2081").record.comment == "Egen", "what was done there already stays"
    unlock(host, LAST)
    note_account(host, books_of(host), LAST, BANK, comment="Senare")
    lock(host, LAST, "Igen")
    assert not line(host, YEAR_END, BANK).record.comment


def test_p_7_2_a_period_started_early_takes_over_the_attachments_when_the_one_before_is_locked(host: Host) -> None:
    start(host, "2025-06")
    for account, day in ((BANK, date(2025, 3, 31)), ("2081", date(2025, 3, 31)), ("2081", date(2025, 6, 30))):
        add_own_attachment(host, "1/2025", account, [ScheduleRow("Utdrag", 90_000)], as_at=day)
    lock(host, MARCH, "Klart")
    unlock(host, MARCH)
    lock(host, MARCH, "Igen")
    june = [each for each in account_attachments(host, "1/2025") if each.as_at == date(2025, 6, 30)]
    assert [(each.account, len(each.attachments)) for each in june] == [(BANK, 1), ("2081", 1)]


def test_the_first_period_of_a_year_takes_over_the_last_years_attachments(host: Host, tmp_path: Path) -> None:
    add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 82_500)])
    take_in(host, tmp_path, year=("20260101", "20261231"), opening=[("1930", "825.00"), ("2081", "-825.00")])
    start_period(host, 1, books_of(host, "1/2026").books.snapshot, "2026-03")
    [march] = account_attachments(host, "1/2026", BANK)
    assert (march.as_at, march.reconciled) == (date(2026, 3, 31), 82_500)


def test_a_period_that_is_locked_at_once_is_frozen_with_what_it_takes_over(host: Host, tmp_path: Path) -> None:
    add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Utdrag", 82_500)])
    take_in(host, tmp_path, year=("20260101", "20261231"), opening=[("1930", "825.00"), ("2081", "-825.00")])
    lock_period(host, books_of(host, "1/2026"), "2026-03", reason="Klart")
    bank = sheet_of(host, books_of(host, "1/2026"), "2026-03").line(BANK)
    assert bank is not None
    assert (bank.attachments, bank.figures.reconciled, bank.difference) == (1, 82_500, 0)


def test_what_the_analysis_says_is_kept_with_the_lock(host: Host) -> None:
    lock(host, MARCH, "Klart")
    held = periods_now(host).find(MARCH).lock
    assert held is not None
    with host.store.database.read() as connection:
        records = PeriodRecords(connection, 1, YEAR_START)
        checks = {each.check_id: each.state for each in records.checks(held.id)}
        accounts = records.figures(held.id)["account"].to_list()
    assert len(checks) == 31
    assert checks["TA01"] == "passed"
    assert accounts == ["1930", "2081", "4010"], "result accounts are frozen too"


def test_figures_that_moved_while_they_were_read_are_not_frozen(host: Host) -> None:
    stale = books_of(host)
    entry(host, date(2025, 3, 31))
    with pytest.raises(ClosingError, match="period-changed-meanwhile"):
        lock_period(host, stale, MARCH, reason="Klart")

    def meanwhile(point: str) -> None:
        if point == "period.before_lock":
            raise RuntimeError(point)

    with crash_handler(meanwhile), pytest.raises(RuntimeError):
        lock(host, MARCH, "Klart")
    assert states(host)[MARCH] == "not-started", "all of it or nothing"


def test_books_that_end_on_another_day_are_refused_while_the_last_period_is_locked(host: Host, tmp_path: Path) -> None:
    longer = ("20250101", "20260630")
    lock(host, MARCH, "Klart")
    take_in(host, tmp_path, *VOUCHERS, year=longer)
    assert len(states(host)) == 7
    lock_through(host, YEAR_END)
    for year in (("20250101", "20251231"), ("20250101", "20260831")):
        with pytest.raises(ClosingError, match="year-end-locked") as refused:
            take_in(host, tmp_path, *VOUCHERS, year=year)
        assert refused.value.parameters["end"] == date(2026, 6, 30)
    assert set(states(host).values()) == {"locked"}
    with pytest.raises(ClosingError, match="year-end-locked"):
        make_current(host, 1, 1)
    unlock(host, "2026-03")
    with pytest.raises(ClosingError, match="year-end-locked"):  # December is locked still
        take_in(host, tmp_path, *VOUCHERS[:2], year=("20250101", "20250831"))
    take_in(host, tmp_path, *VOUCHERS, year=("20250101", "20260831"))
    assert list(states(host).values())[:4] == ["locked"] * 4


def test_a_reason_has_its_bounds(host: Host) -> None:
    lock(host, MARCH, "Klart")
    with pytest.raises(DataError, match="period-reason-too-long"):
        lock(host, "2025-06", "x" * 2001)
    with pytest.raises(DataError, match="period-reason-too-long"):
        unlock(host, MARCH, "x" * 2001)
