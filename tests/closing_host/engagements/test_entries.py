"""What a user does with closing entries, on stored books: effects to the öre, reversals in step, nothing lost."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Origin, Status, Transferred
from closing_host.engagements.effective import open_effective
from closing_host.engagements.entries import (
    Saved,
    add_entry,
    correct_entry,
    delete_entry,
    edit_entry,
    not_for_transfer,
    restore_entry,
)
from closing_host.engagements.entry_proposals import from_difference
from closing_host.engagements.entry_reversals import reversal_of
from closing_host.engagements.entry_year import AccountEffect, EntryYear, day_and_period, open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.ledgers.balances import trial_balance
from closing_host.storage.audit import Actor
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.verify import verify
from small_sie import sie, voucher

LAST = date(2025, 12, 31)
NEXT = date(2026, 1, 1)
ROWS = (DraftRow("7010", 1_200_000), DraftRow("2910", -1_200_000))
ACCRUED = EntryContent(LAST, "Upplupna löner", ROWS, YEAR_END)
REVERSED = replace(ACCRUED, reversed_next=True)
PLACE = Transferred("I", "14", datetime(2026, 2, 1, tzinfo=UTC), "anna", "answer")
OPENING = [("1930", "62000.00"), ("2910", "-50000.00"), ("2081", "-12000.00"), ("7010", "0.00"), ("7090", "0.00")]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored") / "data"
    with Host.open(folder, Actor("asa")) as opened:
        file = folder.parent / "books.se"
        file.write_bytes(sie(voucher(1), opening=OPENING))
        asyncio.run(import_file(opened, file, Placing(create=True)))
    return folder


@pytest.fixture
def host(stored: Path, tmp_path: Path) -> Iterator[Host]:
    import shutil

    shutil.copytree(stored, tmp_path / "data")
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        yield opened
        assert verify(opened.store).problems == ()


def year(host: Host, reference: str = "1/2025") -> EntryYear:
    return open_entry_year(host, reference)


def add(host: Host, content: EntryContent = ACCRUED, **more: Any) -> Saved:
    return add_entry(host, year(host), content, **more)


def found(host: Host, label: str, reference: str = "1/2025") -> ClosingEntry:
    return year(host, reference).find(label)


def moved(host: Host, label: str, *statuses: Status) -> ClosingEntry:
    """The entry taken on by the export or an import, to the last of `statuses`."""
    key = found(host, label).id
    with host.store.database.write() as connection:
        records, trail = EntryRecords(connection, 1), host.store.trail(connection, host.actor)
        for status in statuses:
            seen = status in (Status.EXCLUDED, Status.MISSING, Status.CHANGED)
            by = "import" if seen else "export"
            records.set_status(trail, key, status, by=by, transferred=PLACE, reason="x")  # type: ignore[arg-type]
    return found(host, label)


def shown(host: Host) -> dict[str, int]:
    frame = trial_balance(open_effective(host, "1/2025").ledger, by="year")
    return {row["account"]: row["closing"] for row in frame.iter_rows(named=True) if row["closing"]}


def test_an_entry_moves_the_balances_and_says_so(host: Host) -> None:
    before = shown(host)
    saved = add(host)
    assert (saved.entry.label, saved.entry.status, saved.reversal) == ("V1", Status.READY, None)
    assert saved.effect == (
        AccountEffect("2910", "Konto 2910", -5_000_000, -1_200_000, -6_200_000),
        AccountEffect("7010", "Konto 7010", 0, 1_200_000, 1_200_000),
    )
    assert shown(host) == before | {"2910": -6_200_000, "7010": 1_200_000}
    assert open_effective(host, "1/2025").books.ledger.vouchers.height == 1


def test_a_draft_moves_nothing(host: Host) -> None:
    before = shown(host)
    saved = add(host, replace(ACCRUED, rows=ROWS[:1], text=""), draft=True)
    assert (saved.entry.status, saved.effect) == (Status.DRAFT, ())
    assert shown(host) == before


def test_what_is_wrong_is_refused_and_takes_no_number(host: Host) -> None:
    with pytest.raises(DataError) as refused:
        add(host, replace(ACCRUED, rows=(DraftRow("7011", 5), DraftRow("2910", -5))))
    assert refused.value.code == "entry-account-unknown"
    assert str(refused.value.parameters["nearest"]).startswith("7010 Konto 7010")
    assert add(host).entry.label == "V1"


def test_an_edit_shows_what_it_changed(host: Host) -> None:
    made = add(host).entry
    rows = (DraftRow("7010", 1_000_000), DraftRow("2910", -1_000_000))
    saved = edit_entry(host, year(host), made, replace(ACCRUED, rows=rows))
    assert saved.effect[0] == AccountEffect("2910", "Konto 2910", -6_200_000, 200_000, -6_000_000)
    with pytest.raises(ClosingError, match="entry-changed-meanwhile"):
        edit_entry(host, year(host), made, ACCRUED)


def test_a_draft_becomes_ready_only_when_it_is_whole(host: Host) -> None:
    made = add(host, replace(ACCRUED, rows=ROWS[:1]), draft=True).entry
    with pytest.raises(DataError, match="entry-rows-missing"):
        edit_entry(host, year(host), made, made.content, draft=False)
    saved = edit_entry(host, year(host), made, ACCRUED, draft=False)
    assert saved.entry.status is Status.READY
    assert edit_entry(host, year(host), saved.entry, ACCRUED, draft=True).entry.status is Status.DRAFT


def test_deleting_takes_it_out_and_restoring_brings_it_back(host: Host) -> None:
    made = add(host).entry
    saved = delete_entry(host, year(host), made)
    assert (saved.entry.status, saved.effect[0].after) == (Status.DELETED, -5_000_000)
    with pytest.raises(ClosingError, match="entry-deleted"):
        delete_entry(host, year(host), saved.entry)
    with pytest.raises(ClosingError, match="entry-deleted"):
        edit_entry(host, year(host), saved.entry, ACCRUED)
    back = restore_entry(host, year(host), saved.entry)
    assert (back.entry.label, back.entry.status, back.effect[0].after) == ("V1", Status.READY, -6_200_000)
    with pytest.raises(DataError, match="entry-not-deleted"):
        restore_entry(host, year(host), back.entry)


def test_a_deleted_draft_comes_back_as_a_draft(host: Host) -> None:
    made = add(host, replace(ACCRUED, rows=ROWS[:1]), draft=True).entry
    deleted = delete_entry(host, year(host), made).entry
    assert restore_entry(host, year(host), deleted).entry.status is Status.DRAFT


@pytest.mark.parametrize("status", [Status.SENDING, Status.TRANSFERRED])
def test_what_is_sent_is_neither_edited_nor_deleted(host: Host, status: Status) -> None:
    add(host)
    sent = moved(host, "V1", *(() if status is Status.SENDING else (Status.SENDING,)), status)
    for work in (lambda: edit_entry(host, year(host), sent, ACCRUED), lambda: delete_entry(host, year(host), sent)):
        with pytest.raises(ClosingError, match="entry-not-editable"):
            work()  # type: ignore[no-untyped-call]


def test_a_failed_entry_is_ready_after_an_edit(host: Host) -> None:
    add(host)
    failed = moved(host, "V1", Status.SENDING, Status.FAILED)
    assert edit_entry(host, year(host), failed, ACCRUED).entry.status is Status.READY


def test_an_entry_of_a_rule_is_not_changed_by_hand(host: Host) -> None:
    with host.store.database.write() as connection:
        records, trail = EntryRecords(connection, 1), host.store.trail(connection, host.actor)
        records.add(trail, date(2025, 1, 1), "S", ACCRUED, Origin("rule", "tax"))
    assert shown(host)["2910"] == -6_200_000
    system = found(host, "S1")
    for work in (lambda: edit_entry(host, year(host), system, ACCRUED), lambda: delete_entry(host, year(host), system)):
        with pytest.raises(DataError, match="entry-by-rule"):
            work()  # type: ignore[no-untyped-call]
    assert not_for_transfer(host, year(host), system, "görs i källan").entry.status is Status.NOT_FOR_TRANSFER


def test_not_for_transfer_goes_on_counting_and_keeps_its_reason(host: Host) -> None:
    made = add(host).entry
    saved = not_for_transfer(host, year(host), made, " bokförs i januari ")
    assert (saved.entry.status, saved.entry.reason, saved.effect) == (
        Status.NOT_FOR_TRANSFER,
        "bokförs i januari",
        (),
    )
    edited = edit_entry(host, year(host), saved.entry, replace(ACCRUED, text="Annan text"))
    assert (edited.entry.status, edited.entry.reason) == (Status.NOT_FOR_TRANSFER, "bokförs i januari")
    month = replace(ACCRUED, period="2025-12")
    with pytest.raises(DataError, match="entry-not-year-end"):
        edit_entry(host, year(host), edited.entry, month)
    assert edit_entry(host, year(host), edited.entry, month, draft=False).entry.status is Status.READY


def test_what_the_source_lost_may_be_let_be_whatever_its_period(host: Host) -> None:
    add(host, replace(ACCRUED, date=date(2025, 11, 30), period="2025-11"))
    lost = moved(host, "V1", Status.SENDING, Status.TRANSFERRED, Status.MISSING)
    with pytest.raises(DataError, match="entry-reason-missing"):
        not_for_transfer(host, year(host), lost, "")
    assert not_for_transfer(host, year(host), lost, "makulerad").entry.status is Status.NOT_FOR_TRANSFER


class TestReversal:
    def test_it_opens_the_next_year_which_is_added_for_it(self, host: Host) -> None:
        saved = add(host, REVERSED)
        assert saved.reversal is not None
        mirror = saved.reversal
        assert (mirror.label, mirror.year_start, mirror.content.date) == ("V1", NEXT, NEXT)
        assert [row.amount for row in mirror.content.rows] == [-1_200_000, 1_200_000]
        assert mirror.origin == Origin("reversal", str(saved.entry.id))
        assert [each.code for each in saved.notices] == ["entry-year-added"]
        with host.store.database.read() as connection:
            next_year = EngagementRecords(connection, 1).year(NEXT)
        assert next_year is not None
        assert (next_year.year_end, next_year.current_snapshot_id) == (date(2026, 12, 31), None)
        assert add(host, REVERSED).notices == ()
        assert open_entry_year(host, "1").year.year_start == date(2025, 1, 1), "a year without books is not the newest"

    def test_the_books_of_the_next_year_state_its_real_end(self, host: Host, tmp_path: Path) -> None:
        add(host, REVERSED)
        file = tmp_path / "next.se"
        file.write_bytes(sie(year=("20260101", "20261130"), opening=OPENING))
        asyncio.run(import_file(host, file, Placing(create=True)))
        following = open_entry_year(host, "1/2026")
        assert following.year.year_end == date(2026, 11, 30)
        assert following.balance("2910", "2026-01") == -3_800_000

    def test_within_the_year_it_is_of_the_year(self, host: Host) -> None:
        saved = add(host, replace(REVERSED, date=date(2025, 11, 30), period="2025-11"))
        assert saved.reversal is not None
        assert (saved.reversal.label, saved.reversal.content.period) == ("V2", "2025-12")
        assert saved.effect == ()

    def test_it_follows_an_edit(self, host: Host) -> None:
        made = add(host, REVERSED).entry
        smaller = (DraftRow("7010", 5), DraftRow("2910", -5))
        saved = edit_entry(host, year(host), made, replace(REVERSED, rows=smaller))
        assert saved.reversal is not None
        assert (saved.reversal.version, [row.amount for row in saved.reversal.content.rows]) == (2, [-5, 5])
        again = edit_entry(host, year(host), saved.entry, replace(REVERSED, rows=smaller))
        assert again.reversal == saved.reversal, "nothing to change, so nothing is changed"

    def test_it_moves_with_the_period(self, host: Host) -> None:
        made = add(host, REVERSED).entry
        saved = edit_entry(host, year(host), made, replace(REVERSED, date=date(2025, 10, 31), period="2025-10"))
        assert saved.reversal is not None
        assert (saved.reversal.year_start, saved.reversal.label) == (date(2025, 1, 1), "V2")
        assert found(host, "V1", "1/2026").status is Status.DELETED
        back = edit_entry(host, year(host), saved.entry, REVERSED)
        assert back.reversal is not None
        assert (back.reversal.year_start, back.reversal.label) == (NEXT, "V1"), "the one that was there comes back"
        assert found(host, "V2").status is Status.DELETED

    def test_it_goes_and_comes_with_the_entry(self, host: Host) -> None:
        made = add(host, REVERSED).entry
        assert delete_entry(host, year(host), made).reversal is None
        back = restore_entry(host, year(host), found(host, "V1"))
        assert back.reversal is not None
        assert back.reversal.status is Status.READY
        let_be = not_for_transfer(host, year(host), back.entry, "finns redan")
        assert let_be.reversal is None, "what the source never gets is not taken back there"
        plain = edit_entry(host, year(host), let_be.entry, REVERSED, draft=True)
        assert plain.reversal is not None
        assert plain.reversal.status is Status.DRAFT
        assert edit_entry(host, year(host), plain.entry, ACCRUED, draft=False).reversal is None

    def test_it_is_changed_through_its_entry_alone(self, host: Host) -> None:
        add(host, REVERSED)
        following = year(host, "1/2026")
        mirror = following.find("V1")
        with pytest.raises(DataError, match="entry-is-reversal"):
            delete_entry(host, following, mirror)
        moved(host, "V1", Status.SENDING, Status.TRANSFERRED)
        following = year(host, "1/2026")
        assert delete_entry(host, following, mirror).entry.status is Status.DELETED

    def test_one_that_is_booked_is_left_and_told(self, host: Host) -> None:
        made = add(host, replace(REVERSED, date=date(2025, 11, 30), period="2025-11")).entry
        moved(host, "V2", Status.SENDING, Status.TRANSFERRED)
        saved = delete_entry(host, year(host), made)
        assert [each.code for each in saved.notices] == ["entry-reversal-booked"]
        assert found(host, "V2").status is Status.TRANSFERRED

    def test_one_that_is_booked_as_wanted_is_no_matter(self, host: Host) -> None:
        month = replace(REVERSED, date=date(2025, 11, 30), period="2025-11")
        made = add(host, month).entry
        moved(host, "V2", Status.SENDING, Status.TRANSFERRED)
        saved = edit_entry(host, year(host), made, replace(month, text="Upplupna löner"))
        assert saved.notices == ()
        other = edit_entry(host, year(host), saved.entry, replace(month, text="Annat"))
        assert [each.code for each in other.notices] == ["entry-reversal-booked"]


class TestCorrection:
    def booked(self, host: Host, content: EntryContent = ACCRUED) -> ClosingEntry:
        add(host, content)
        return moved(host, "V1", Status.SENDING, Status.TRANSFERRED, Status.EXCLUDED)

    def test_it_takes_back_what_was_booked(self, host: Host) -> None:
        booked = self.booked(host)
        saved = correct_entry(host, year(host), booked)
        assert (saved.entry.label, saved.entry.content.text) == ("V2", "Rättelse av I 14")
        assert saved.entry.origin == Origin("correction", str(booked.id))
        assert saved.effect[0].change == 1_200_000
        with pytest.raises(DataError, match="entry-already-corrected"):
            correct_entry(host, year(host), booked)
        delete_entry(host, year(host), saved.entry)
        assert correct_entry(host, year(host), booked).entry.label == "V3"
        with pytest.raises(DataError, match="entry-already-corrected"):
            restore_entry(host, year(host), found(host, "V2"))

    def test_it_may_stand_on_another_day_of_the_year(self, host: Host) -> None:
        saved = correct_entry(host, year(host), self.booked(host), date(2025, 12, 30))
        assert (saved.entry.content.date, saved.entry.content.period) == (date(2025, 12, 30), "2025-12")
        with pytest.raises(DataError, match="entry-not-correctable"):
            correct_entry(host, year(host), saved.entry)

    def test_the_reversal_that_is_not_booked_goes_and_comes_back_with_it(self, host: Host) -> None:
        booked = self.booked(host, REVERSED)
        saved = correct_entry(host, year(host), booked)
        assert saved.entry.content.reversed_next is False
        assert reversal_of(booked, year(host).entries) is None
        delete_entry(host, year(host), saved.entry)
        assert reversal_of(booked, year(host).entries) is not None
        restore_entry(host, year(host), found(host, "V2"))
        assert reversal_of(booked, year(host).entries) is None

    def test_of_a_booked_reversal_the_correction_is_reversed_too(self, host: Host) -> None:
        booked = self.booked(host, replace(REVERSED, date=date(2025, 11, 30), period="2025-11"))
        moved(host, "V2", Status.SENDING, Status.TRANSFERRED)
        saved = correct_entry(host, year(host), booked)
        assert saved.reversal is not None
        assert (saved.reversal.content.date, saved.reversal.content.rows) == (date(2025, 12, 1), ROWS)
        assert saved.notices == ()

    def test_of_what_the_source_changed_the_user_is_told_to_look(self, host: Host) -> None:
        self.booked(host)
        changed = moved(host, "V1", Status.CHANGED)
        assert [each.code for each in correct_entry(host, year(host), changed).notices] == [
            "entry-correction-of-changed"
        ]


class TestDifference:
    def test_after_it_the_difference_is_zero(self, host: Host) -> None:
        made = from_difference(year(host), "2910", -6_200_000)
        saved = add(host, replace(ACCRUED, rows=made.rows, text=made.text), origin=made.origin)
        assert [(row.account, row.amount) for row in made.rows] == [("2910", -1_200_000), ("7010", 1_200_000)]
        assert (made.text, year(host).balance("2910", YEAR_END)) == ("2910 Konto 2910", -6_200_000)
        assert saved.entry.origin == Origin("difference", "2910")
        with pytest.raises(DataError, match="entry-no-difference"):
            from_difference(year(host), "2910", -6_200_000)

    def test_counter_account_and_text_are_those_last_used(self, host: Host) -> None:
        made = from_difference(year(host), "2910", 0, counter="7090")
        add(host, replace(ACCRUED, rows=made.rows, text="Semesterlöner"), origin=made.origin)
        again = from_difference(year(host), "2910", 100)
        assert ([row.account for row in again.rows], again.text) == (["2910", "7090"], "Semesterlöner")

    def test_without_a_known_counter_account_one_is_asked_for(self, host: Host) -> None:
        with pytest.raises(DataError, match="entry-counter-account-missing"):
            from_difference(year(host), "1930", 0)

    def test_a_month_leaves_later_entries_out(self, host: Host) -> None:
        add(host)
        add(host, replace(ACCRUED, date=date(2025, 11, 30), period="2025-11"))
        add(host, replace(ACCRUED, date=LAST, period="2025-12"))
        assert [year(host).balance("2910", period) for period in ("2025-10", "2025-11", "2025-12", YEAR_END)] == [
            -5_000_000,
            -6_200_000,
            -7_400_000,
            -8_600_000,
        ]
        assert year(host).balance("1999", YEAR_END) == 0


def test_a_month_of_which_the_books_say_nothing_has_no_balance(host: Host) -> None:
    """SIE type 1 states the year's balances alone."""
    builder = LedgerBuilder(Company(), [FinancialYear(0, date(2025, 1, 1), LAST)])
    builder.add_balance("UB", "2910", -500)
    figures = replace(year(host), books=builder.build())
    assert figures.balance("2910", YEAR_END) == -500
    with pytest.raises(DataError, match="entry-period-without-balance"):
        figures.balance("2910", "2025-11")


def test_an_unknown_entry_is_named(host: Host) -> None:
    with pytest.raises(ClosingError, match="entry-unknown"):
        found(host, "V1")


def test_a_year_without_books_lists_entries_and_takes_none(host: Host) -> None:
    add(host, REVERSED)
    following = year(host, "1/2026")
    assert [each.label for each in following.own] == ["V1"]
    with pytest.raises(ClosingError, match="entry-year-without-books"):
        add_entry(host, following, replace(ACCRUED, date=NEXT, period="2026-01"))


def test_an_earlier_import_is_shown_without_entries(host: Host, tmp_path: Path) -> None:
    add(host)
    file = tmp_path / "again.se"
    file.write_bytes(sie(voucher(1), voucher(2), opening=OPENING))
    asyncio.run(import_file(host, file, Placing(create=True)))
    assert [each.label for each in open_effective(host, "1/2025").entries] == ["V1"]
    assert open_effective(host, "1/2025@previous").entries == ()


@pytest.mark.parametrize(
    ("day", "closing", "expected"),
    [
        (None, False, (LAST, YEAR_END)),
        (None, True, (LAST, YEAR_END)),
        (LAST, True, (LAST, YEAR_END)),
        (LAST, False, (LAST, "2025-12")),
        (date(2025, 3, 5), False, (date(2025, 3, 5), "2025-03")),
    ],
)
def test_day_and_period(day: date | None, closing: bool, expected: tuple[date, str]) -> None:
    assert day_and_period(LAST, day, closing=closing) == expected
