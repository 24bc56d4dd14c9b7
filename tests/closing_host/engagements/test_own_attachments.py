"""Schedules and attached files as a user makes them."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from attachable import SAMPLES
from closing_host.api.errors import ClosingError, TemporaryError
from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.closing.schedule import ScheduleRow
from closing_host.engagements.attached_files import (
    attach_file,
    attached_files,
    open_file,
    read_upload,
    remove_file,
    type_of,
)
from closing_host.engagements.host import Host
from closing_host.engagements.own_attachments import (
    ScheduleChange,
    account_attachments,
    add_own_attachment,
    edit_own_attachment,
    own_attachment_history,
    remove_own_attachment,
    restore_own_attachment,
)
from closing_host.storage.blobs import LocalBlobs
from closing_host.storage.verify import verify
from entry_books import add as add_entry
from entry_books import small_books
from stored_books import ANNA, YEAR_END, YEAR_START, SetClock, World, make_world, small_ledger

ROWS = (ScheduleRow("Ränta", 100), ScheduleRow("Hyra", 250))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Account 1510 stands at 300 öre at the year's end, 100 on 1 March."""
    path = tmp_path_factory.mktemp("books") / "data"
    make_world(path, SetClock())
    with Host.open(path, ANNA, clock=SetClock()) as made:
        World(made.store, SetClock(), 1).publish(small_ledger(100, 200))
    return path


@pytest.fixture
def host(books: Path, tmp_path: Path) -> Iterator[Host]:
    shutil.copytree(books, tmp_path / "data")
    with Host.open(tmp_path / "data", ANNA, clock=SetClock()) as made:
        yield made


def test_the_sum_becomes_the_reconciled_amount(host: Host) -> None:
    add_own_attachment(host, "1", "1510", ROWS, title=" Pärm ", comment="x", copying="none")
    add_own_attachment(host, "1", "1510", [ScheduleRow("Kredit", 70)], standing="credit")
    (found,) = account_attachments(host, "1")
    assert (found.account, found.name, found.as_at) == ("1510", "Kundfordringar", YEAR_END)
    assert (found.closing, found.reconciled, found.difference) == (300, 280, 20)
    assert [each.schedule.title for each in found.attachments] == ["Pärm", ""]


def test_another_day_has_its_own_balance(host: Host) -> None:
    add_own_attachment(host, "1", "1510", ROWS[:1], as_at=date(2024, 3, 1))
    add_own_attachment(host, "1", "1510", ROWS)
    early, late = account_attachments(host, "1", "1510")
    assert (early.closing, early.difference, late.difference) == (100, 0, -50)


def test_a_removed_schedule_reconciles_nothing_until_it_is_put_back(host: Host) -> None:
    add_own_attachment(host, "1", "1510", ROWS)
    remove_own_attachment(host, "1", 1)
    assert account_attachments(host, "1") == ()
    (found,) = account_attachments(host, "1", removed=True)
    assert (found.reconciled, found.difference, found.attachments[0].state) == (None, None, "removed")
    with pytest.raises(ClosingError, match="own-attachment-removed"):
        edit_own_attachment(host, "1", 1, ScheduleChange(title="x"))
    with pytest.raises(ClosingError, match="own-attachment-removed"):
        attach_file(host, "1", "1510", "a.pdf", SAMPLES[".pdf"], attachment=1)
    restore_own_attachment(host, "1", 1)
    assert account_attachments(host, "1")[0].difference == -50


def test_a_change_keeps_what_it_does_not_name_and_the_history(host: Host) -> None:
    first = add_own_attachment(host, "1", "1510", ROWS, title="a", comment="b", copying="none", standing="credit")
    edited = edit_own_attachment(host, "1", 1, ScheduleChange(rows=ROWS[:1]), basis=1)
    assert edited.schedule == replace(first.schedule, rows=ROWS[:1])
    said = ScheduleChange(title="c", comment="d", copying="with_data", standing="debit")
    again = edit_own_attachment(host, "1", 1, said)
    assert (again.schedule.title, again.schedule.comment, again.schedule.copying) == ("c", "d", "with_data")
    assert [each.version for each in own_attachment_history(host, "1", 1)] == [3, 2, 1]
    with pytest.raises(ClosingError, match="own-attachment-changed"):
        edit_own_attachment(host, "1", 1, ScheduleChange(title="x"), basis=2)
    with pytest.raises(ClosingError, match="own-attachment-changed"):
        remove_own_attachment(host, "1", 1, basis=1)


@pytest.mark.parametrize(
    ("account", "as_at", "code"),
    [
        ("3010", None, "schedule-not-balance"),
        ("1999", None, "schedule-account-unknown"),
        ("1510", date(2025, 1, 1), "schedule-outside-year"),
    ],
)
def test_where_no_schedule_can_stand(host: Host, account: str, as_at: date | None, code: str) -> None:
    with pytest.raises(ClosingError, match=code):
        add_own_attachment(host, "1", account, ROWS, as_at=as_at)
    assert account_attachments(host, "1") == ()


def test_it_survives_a_new_import_and_shows_the_new_difference(host: Host) -> None:
    add_own_attachment(host, "1", "1510", ROWS)
    World(host.store, SetClock(), 1).publish(small_ledger(100, 250))
    assert account_attachments(host, "1")[0].difference == 0
    assert verify(host.store).problems == ()


def test_a_file_goes_in_and_comes_out_byte_by_byte(host: Host, tmp_path: Path) -> None:
    path = tmp_path / "Intyg åäö.pdf"
    path.write_bytes(SAMPLES[".pdf"])
    add_own_attachment(host, "1", "1510", ROWS)
    of_schedule = attach_file(host, "1", "1510", path.name, read_upload(path), attachment=1)
    of_account = attach_file(host, "1", "1510", "../../b.csv", SAMPLES[".csv"])
    assert (of_schedule.name, of_schedule.type, of_schedule.attachment) == ("Intyg åäö.pdf", "PDF", 1)
    assert (of_account.number, of_account.name) == (2, "b.csv")
    (found,) = account_attachments(host, "1")
    assert found.files == (of_schedule, of_account) == attached_files(host, "1", "1510")
    record, stored = open_file(host, "1", 1)
    with stored:
        assert stored.read() == SAMPLES[".pdf"]
    assert type_of(record).name == "PDF"


def test_a_file_alone_shows_its_account(host: Host) -> None:
    attach_file(host, "1", "1510", "a.pdf", SAMPLES[".pdf"])
    (found,) = account_attachments(host, "1")
    assert (found.closing, found.reconciled, len(found.files)) == (300, None, 1)
    remove_file(host, "1", 1)
    assert account_attachments(host, "1") == ()
    assert attached_files(host, "1") == ()
    assert attached_files(host, "1", removed=True)[0].removed_by == "anna"
    with open_file(host, "1", 1)[1] as stored:
        assert stored.read() == SAMPLES[".pdf"]


def test_what_cannot_be_attached_leaves_nothing(host: Host) -> None:
    add_own_attachment(host, "1", "1510", ROWS)
    for account, name, content, attachment, code in (
        ("1510", "a.exe", b"MZ", None, "attached-file-type"),
        ("1510", "a.pdf", b"MZ", None, "attached-file-content"),
        ("3010", "a.pdf", SAMPLES[".pdf"], None, "schedule-not-balance"),
        ("1999", "a.pdf", SAMPLES[".pdf"], None, "schedule-account-unknown"),
        ("1510", "a.pdf", SAMPLES[".pdf"], 2, "own-attachment-unknown"),
    ):
        with pytest.raises(ClosingError, match=code):
            attach_file(host, "1", account, name, content, attachment=attachment)
    assert attached_files(host, "1", removed=True) == ()


def test_a_file_cannot_hang_on_another_accounts_schedule(host: Host) -> None:
    World(host.store, SetClock(), 1).publish(with_account("1930"))
    add_own_attachment(host, "1", "1930", ROWS)
    with pytest.raises(ClosingError, match="attached-file-other-account"):
        attach_file(host, "1", "1510", "a.pdf", SAMPLES[".pdf"], attachment=1)


def with_account(account: str) -> Ledger:
    builder = LedgerBuilder(Company(name="Exempel AB"), [FinancialYear(0, YEAR_START, YEAR_END)])
    for number in ("1510", account):
        builder.add_account(number, "x")
    return builder.build()


def test_bytes_that_were_swept_meanwhile_are_told(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocalBlobs, "exists", lambda self, sha: False)
    with pytest.raises(TemporaryError, match="attached-file-swept"):
        attach_file(host, "1", "1510", "a.pdf", SAMPLES[".pdf"])


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ClosingError, match="file-unreadable"):
        read_upload(tmp_path / "none.pdf")


def test_the_balance_holds_closing_entries_that_count(tmp_path: Path) -> None:
    with small_books(tmp_path) as made:
        add_entry(made, amount=1_200_000)
        add_own_attachment(made, "1", "2910", [ScheduleRow("Löner december", 1_200_000)])
        (found,) = account_attachments(made, "1")
        assert (found.closing, found.reconciled, found.difference) == (-1_200_000, -1_200_000, 0)
