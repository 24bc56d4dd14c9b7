"""*Balansavstämning* (P 7.2): figures of a period, what is reconciled, and statuses that follow the books."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from attachment_books import END, Books, acceptance
from attachment_house import attach, publish
from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent, Status, Transferred
from closing_host.closing.reconciled_amounts import open_amount
from closing_host.closing.schedule import ScheduleRow
from closing_host.closing.standing import Moved, Review, Standing
from closing_host.engagements.effective import open_effective
from closing_host.engagements.entries import add_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import add_own_attachment, remove_own_attachment
from closing_host.engagements.reconciled_accounts import (
    note_account,
    others_review,
    reopen_accounts,
    review_accounts,
    set_others_review,
    sign_off,
)
from closing_host.engagements.reconciling import AccountLine, read_sheet, sheet_of
from closing_host.storage.attachment_facts import read_facts
from closing_host.storage.attachments import AttachmentVersions
from closing_host.storage.audit import Actor, events
from closing_host.storage.entries import EntryRecords
from closing_host.storage.verify import verify
from fortnox_office import Office
from imported_office import BOOKS, YEAR_START
from period_books import (
    APRIL,
    LAST,
    MARCH,
    VOUCHERS,
    books_of,
    done,
    entry,
    line,
    period_office,
    sheet,
    states,
    take_in,
)
from small_sie import voucher
from stored_books import SetClock, make_world

BANK, EQUITY = "1930", "2081"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with period_office(tmp_path) as opened:
        yield opened


def test_p_7_2_opening_change_and_closing_of_a_period_count_its_closing_entries(host: Host) -> None:
    entry(host, date(2025, 3, 31))
    entry(host, date(2025, 12, 31), 500, closing=True)
    march, april, end = (line(host, key, BANK) for key in (MARCH, APRIL, "year-end"))
    assert (march.opening, march.change, march.entries, march.closing) == (100_000, -11_000, -1_000, 89_000)
    assert (april.opening, april.change, april.closing) == (89_000, -5_000, 84_000)
    assert (end.opening, end.change, end.entries, end.closing) == (81_500, -500, -500, 81_000)


def test_p_7_2_nothing_reconciled_is_not_zero(host: Host) -> None:
    assert line(host, MARCH, BANK).difference is None
    note_account(host, books_of(host), MARCH, BANK, typed=0)
    assert line(host, MARCH, BANK).difference == 90_000
    note_account(host, books_of(host), MARCH, BANK, typed=None)
    assert line(host, MARCH, BANK).difference is None


def test_p_7_2_the_status_goes_from_not_started_to_done(host: Host) -> None:
    assert line(host, MARCH, BANK).standing is Standing.NOT_STARTED
    note_account(host, books_of(host), MARCH, BANK, typed=90_000)
    assert line(host, MARCH, BANK).standing is Standing.STARTED
    assert sign_off(host, books_of(host), MARCH, [BANK]) == 1
    signed = line(host, MARCH, BANK).record.signed
    assert signed is not None
    fingerprint = books_of(host).books.snapshot.fingerprint
    assert (signed.by, signed.closing, signed.reconciled, signed.fingerprint) == ("asa", 90_000, 90_000, fingerprint)
    assert (sheet(host, MARCH).done, sheet(host, MARCH).total) == (1, 2)
    reopen_accounts(host, books_of(host), MARCH, [BANK])
    assert line(host, MARCH, BANK).standing is Standing.STARTED


def test_p_7_2_a_difference_wants_a_comment_and_nothing_is_signed_off_without(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=90_000)
    with pytest.raises(DataError, match="sign-off-wants-comment") as refused:
        sign_off(host, books_of(host), MARCH, [BANK, EQUITY])
    assert refused.value.parameters["account"] == EQUITY
    assert line(host, MARCH, BANK).standing is Standing.STARTED
    note_account(host, books_of(host), MARCH, EQUITY, comment="Oförändrat sedan bildandet")
    assert sign_off(host, books_of(host), MARCH, [BANK, EQUITY]) == 2


def test_p_7_2_an_import_that_moves_a_signed_off_figure_shows_old_and_new(host: Host, tmp_path: Path) -> None:
    done(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "1.00", "20250331"))
    moved = line(host, MARCH, BANK)
    assert (moved.standing, moved.moved) == (Standing.CHANGED, (Moved("closing", 90_000, 89_900),))
    assert line(host, MARCH, EQUITY).standing is Standing.DONE
    note_account(host, books_of(host), MARCH, BANK, typed=89_900)
    sign_off(host, books_of(host), MARCH, [BANK])
    assert line(host, MARCH, BANK).standing is Standing.DONE


def test_p_7_2_what_comes_after_the_period_moves_nothing_in_it(host: Host, tmp_path: Path) -> None:
    done(host, MARCH)
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "1.00", "20250401"))
    assert line(host, MARCH, BANK).standing is Standing.DONE


def test_p_7_2_another_amount_or_entry_after_the_sign_off_is_a_change(host: Host) -> None:
    done(host, MARCH)
    note_account(host, books_of(host), MARCH, BANK, typed=90_001)
    assert line(host, MARCH, BANK).moved == (Moved("reconciled", 90_000, 90_001),)
    entry(host, date(2025, 3, 31))
    assert [each.figure for each in line(host, MARCH, BANK).moved] == ["closing", "reconciled"]


def test_own_attachments_are_what_an_account_is_reconciled_to(host: Host) -> None:
    add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Kontoutdrag", 80_000)], as_at=date(2025, 3, 31))
    other = add_own_attachment(host, "1/2025", BANK, [ScheduleRow("Kassa", 10_000)], as_at=date(2025, 3, 31))
    found = line(host, MARCH, BANK)
    assert (found.figures.reconciled, found.figures.attached, found.attachments) == (90_000, True, 2)
    assert (found.standing, line(host, APRIL, BANK).figures.attached) == (Standing.STARTED, False)
    with pytest.raises(DataError, match="reconciled-by-attachment"):
        note_account(host, books_of(host), MARCH, BANK, typed=1)
    sign_off(host, books_of(host), MARCH, [BANK])
    remove_own_attachment(host, "1/2025", other.number)
    assert line(host, MARCH, BANK).moved == (Moved("reconciled", 90_000, 80_000),)


def test_the_review_is_of_what_is_done_and_falls_when_the_figures_move(host: Host, tmp_path: Path) -> None:
    books = books_of(host)
    with pytest.raises(DataError, match="review-not-done"):
        review_accounts(host, books, MARCH, [BANK], Review.APPROVED)
    done(host, MARCH)
    review_accounts(host, books_of(host), MARCH, [BANK], Review.REJECTED, "Saknar utdrag")
    found = line(host, MARCH, BANK)
    assert (found.review, found.record.review_comment, found.record.reviewed_by) == (
        Review.REJECTED,
        "Saknar utdrag",
        "asa",
    )
    take_in(host, tmp_path, *VOUCHERS, voucher(4, "1.00", "20250331"))
    assert line(host, MARCH, BANK).review is Review.NOT_REVIEWED


def test_a_reviewer_is_another_person_when_that_is_chosen(host: Host) -> None:
    done(host, MARCH)
    assert not others_review(host, 1)
    set_others_review(host, 1, True)
    set_others_review(host, 1, True)
    with pytest.raises(DataError, match="review-by-the-same"):
        review_accounts(host, books_of(host), MARCH, [BANK], Review.APPROVED)


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=1, basis=0)
    with pytest.raises(ClosingError, match="account-changed-meanwhile"):
        note_account(host, books_of(host), MARCH, BANK, typed=2, basis=0)
    assert line(host, MARCH, BANK).record.typed == 1


def test_what_is_refused_does_not_start_the_period(host: Host) -> None:
    note = [ScheduleRow("Utdrag", 1)]
    add_own_attachment(host, "1/2025", BANK, note, as_at=date(2025, 2, 28))
    for act in (
        lambda: sign_off(host, books_of(host), MARCH, [BANK, EQUITY]),
        lambda: note_account(host, books_of(host), MARCH, "9999", typed=1),
        lambda: note_account(host, books_of(host), MARCH, BANK, typed=1),  # the copied attachment reconciles it
    ):
        with pytest.raises(DataError):
            act()
    assert states(host)[MARCH] == "not-started"
    assert line(host, MARCH, BANK).attachments == 0


@pytest.mark.parametrize(("account", "key"), [("4010", MARCH), ("9999", MARCH)])
def test_only_balance_accounts_of_the_books_are_reconciled(account: str, key: str, host: Host) -> None:
    with pytest.raises(DataError, match="account-not-in-period"):
        note_account(host, books_of(host), key, account, typed=1)


@pytest.mark.parametrize(
    ("said", "code"), [({"typed": 10**18}, "reconciled-too-large"), ({"comment": "x" * 2001}, "comment-too-long")]
)
def test_what_no_record_holds_is_told(said: dict[str, object], code: str, host: Host) -> None:
    with pytest.raises(DataError, match=code):
        note_account(host, books_of(host), MARCH, BANK, **said)  # type: ignore[arg-type]


def test_an_account_that_the_books_lost_keeps_its_record_in_sight(host: Host, tmp_path: Path) -> None:
    note_account(host, books_of(host), LAST, EQUITY, comment="Frågat")
    take_in(host, tmp_path, opening=())
    found = line(host, LAST, EQUITY)
    assert (found.closing, found.record.comment, found.name) == (0, "Frågat", "")


def test_the_history_tells_of_figures_and_never_of_comments(host: Host) -> None:
    note_account(host, books_of(host), MARCH, BANK, typed=90_000, comment="Ring Åke")
    sign_off(host, books_of(host), MARCH, [BANK])
    with host.store.database.read() as connection:
        told = [each for each in events(connection) if str(each.action).startswith("account.")]
    assert [str(each.action) for each in told] == ["account.signed-off", "account.reconciled"]
    assert "90000" in told[0].details_json
    assert "Åke" not in "".join(each.details_json for each in told)
    assert verify(host.store).problems == ()


def test_open_items_and_an_own_attachment_reconcile_the_control_account_together(office: Office) -> None:
    before = next(each for each in _sheet(office, "year-end") if each.account == "1510")
    assert (before.figures.attached, before.attachments, before.automatic) == (True, 1, True)
    add_own_attachment(office.host, BOOKS, "1510", [ScheduleRow("Ej fakturerat", 5_000)])
    after = next(each for each in _sheet(office, "year-end") if each.account == "1510")
    assert before.figures.reconciled is not None
    assert (after.figures.reconciled, after.attachments) == (before.figures.reconciled + 5_000, 2)


def test_open_items_on_an_account_without_rows_are_a_difference_in_the_sheet(office: Office) -> None:
    """Payables that the ledger has nothing of yet: leaving the account out would hide all of them."""
    with office.host.store.database.read() as connection:
        side = next(e for e in AttachmentVersions(connection, 1).all(YEAR_START) if e.side == "payables")
    assert side.facts is not None
    facts = read_facts(office.host.store.blobs, side.facts)
    books = open_effective(office.host, BOOKS)
    bare = _without(books.books.ledger, "2440")
    shown = sheet_of(office.host, replace(books, books=replace(books.books, ledger=bare), ledger=bare), "year-end")
    line = shown.line("2440")
    assert line is not None
    assert line.closing == 0
    total = open_amount(books.books.ledger, facts, ("2440",), shown.period.period.end)
    assert total is not None
    assert line.difference == -total


def _without(ledger: Ledger, account: str) -> Ledger:
    """The same without the rows and balances of an account."""
    other = pl.col("account") != account
    return replace(ledger, rows=ledger.rows.filter(other), balances=ledger.balances.filter(other))


def test_open_items_reconcile_every_period_as_at_its_own_last_day(office: Office) -> None:
    by_period = {key: next(e for e in _sheet(office, key) if e.account == "1510") for key in (MARCH, LAST, "year-end")}
    assert by_period[MARCH].figures.attached
    assert by_period[MARCH].figures.reconciled != by_period[LAST].figures.reconciled
    assert by_period[LAST].figures.reconciled == by_period["year-end"].figures.reconciled


def _sheet(office: Office, key: str) -> tuple[AccountLine, ...]:
    return read_sheet(office.host, BOOKS, key).lines


@pytest.fixture
def two_accounts(tmp_path: Path) -> Iterator[tuple[Host, Books]]:
    """P 7.4's acceptance example with two control accounts: 500,00 are on 1510 without an invoice."""
    make_world(tmp_path / "data", SetClock())
    books = acceptance()
    with Host.open(tmp_path / "data", Actor("asa")) as opened:
        _publish_two(opened, books)
        yield opened, books


def test_p_7_4_6_several_control_accounts_show_one_difference_whatever_entries_move(
    two_accounts: tuple[Host, Books],
) -> None:
    host, _ = two_accounts
    assert _differences(host, LAST) == _differences(host, "year-end") == (-50_000, 0)
    _moved_to_1511(host)
    assert _differences(host, LAST) == _differences(host, "year-end") == (-50_000, 0)


def test_p_7_5_4_an_entry_that_comes_back_moves_no_signed_control_account(two_accounts: tuple[Host, Books]) -> None:
    host, books = two_accounts
    _moved_to_1511(host)
    for key in (LAST, "year-end"):
        for account in ("1510", "1511"):
            note_account(host, books_of(host), key, account, comment="Omfört")
        sign_off(host, books_of(host), key, ["1510", "1511"])
    before = [line(host, key, account).figures for key in (LAST, "year-end") for account in ("1510", "1511")]
    _set_status(host, Status.SENDING)
    _set_status(host, Status.TRANSFERRED, Transferred("A", "99", host.store.clock(), "asa", "answer"))
    books.voucher("A", END, ("1511", 100_000), ("1510", -100_000), number="99", text="V1 Omföring")
    _publish_two(host, books)
    _set_status(host, Status.EXCLUDED)
    lines = [line(host, key, account) for key in (LAST, "year-end") for account in ("1510", "1511")]
    assert [each.figures for each in lines] == before
    assert {each.standing for each in lines} == {Standing.DONE}


def _publish_two(host: Host, books: Books) -> None:
    ledger = books.ledger()
    snapshot = publish(host, ledger)
    attach(host, snapshot, ledger, books.facts(), chosen={"receivables": ("1510", "1511")})


def _moved_to_1511(host: Host) -> None:
    rows = (DraftRow("1511", 100_000), DraftRow("1510", -100_000))
    add_entry(host, open_entry_year(host, "1/2025"), EntryContent(END, "Omföring", rows, YEAR_END))


def _differences(host: Host, key: str) -> tuple[int | None, ...]:
    return tuple(line(host, key, account).difference for account in ("1510", "1511"))


def _set_status(host: Host, status: Status, transferred: Transferred | None = None) -> None:
    with host.store.database.write() as connection:
        records = EntryRecords(connection, 1)
        (kept,) = records.all(YEAR_START)
        trail = host.store.trail(connection, host.actor)
        records.set_status(
            trail, kept.id, status, by="import" if status is Status.EXCLUDED else "export", transferred=transferred
        )
