"""The journal's tables refuse what must not be, and show one engagement's batches only."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import EntryContent
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords, Engagements
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal, stated
from closing_host.storage.journal_lease import take
from closing_host.storage.journal_records import MOVES, BatchState, VoucherState
from stored_books import ANNA, YEAR_END, YEAR_START, SetClock, World, copy_world, opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = (DraftRow("7010", 1), DraftRow("2910", -1))


@pytest.fixture
def journal_world(template: Path, tmp_path: Path) -> Iterator[World]:
    with opened(copy_world(template, tmp_path / "data"), SetClock()) as world:
        with world.store.database.write() as connection:
            trail = world.store.trail(connection, ANNA)
            EngagementRecords(connection, 1).add_year(trail, YEAR_START, YEAR_END)
            content = EntryContent(date(2024, 12, 31), "x", ROWS, "2024-12")
            EntryRecords(connection, 1).add(trail, YEAR_START, "V", content)
            Engagements(connection).create(trail, name="Annat AB", source_id="books")
        yield world


def batch(approval: str, **values: Any) -> dict[str, Any]:
    return {
        "approval": approval,
        "year_start": YEAR_START,
        "year_end": YEAR_END,
        "year_id": "7",
        "source_id": "books",
        "account_id": "29302",
        "organisation_number": "5560004615",
        "searched": ["I"],
        "high_water": {"I": 13},
        "payload_sha": "a" * 64,
        "approved_by": "anna",
        "approved_at": NOW,
        **values,
    }


VOUCHER = {"entry_id": 1, "label": "V1", "marker": "BK" + "A" * 16, "series": "I", "payload": "{}", "payload_sha": "b"}


def test_a_batch_comes_back_as_it_was_frozen(journal_world: World) -> None:
    with journal_world.store.database.write() as connection:
        journal = Journal(connection, 1)
        frozen = journal.freeze(batch("a"), [VOUCHER])
        assert (frozen.state, frozen.active, frozen.year.id, frozen.high_water) == (
            BatchState.FROZEN,
            True,
            "7",
            {"I": 13},
        )
        (voucher,) = journal.vouchers(frozen.id)
        assert (voucher.state, voucher.attempts, voucher.found) == (VoucherState.PREPARED, 0, ())
        assert journal.approved("a") == frozen
        assert journal.approved("b") is None
        assert journal.active("books", "29302", YEAR_START) == frozen
        assert journal.batches(date(2023, 1, 1)) == ()
        assert journal.of_entry(1) == (voucher,)
        assert (journal.numbers(YEAR_START), journal.sendings(frozen.id)) == ({}, ())


@pytest.mark.parametrize("values", [{"approval": "a", "account_id": "other"}, {"approval": "b"}])
def test_the_database_itself_refuses_a_second_batch_under_way_and_a_second_use_of_an_approval(
    journal_world: World, values: dict[str, str]
) -> None:
    def twice(connection: Connection) -> None:
        journal = Journal(connection, 1)
        journal.freeze(batch("a"), [VOUCHER])
        journal.freeze(batch(**values), [VOUCHER])

    with pytest.raises(IntegrityError):
        journal_world.store.database.transact(twice)


def test_another_company_year_or_source_is_no_obstacle_and_neither_is_one_at_rest(journal_world: World) -> None:
    with journal_world.store.database.write() as connection:
        journal = Journal(connection, 1)
        first = journal.freeze(batch("a"), [VOUCHER])
        journal.freeze(batch("b", account_id="other"), [VOUCHER])
        journal.freeze(batch("c", source_id="other"), [VOUCHER])
        journal.freeze(batch("d", year_start=date(2023, 1, 1)), [VOUCHER])
        lease = take(connection, first.id, "one", NOW)
        assert lease is not None
        journal.change(lease, state=BatchState.STOPPED)
        journal.freeze(batch("e"), [VOUCHER])
        assert len(journal.batches()) == 5


def test_one_engagements_batches_are_never_anothers(journal_world: World) -> None:
    with journal_world.store.database.write() as connection:
        mine = Journal(connection, 1).freeze(batch("a"), [VOUCHER])
        other = Journal(connection, 2)
        assert (other.batches(), other.vouchers(mine.id), other.of_entry(1)) == ((), (), ())
        with pytest.raises(ClosingError, match="export-unknown"):
            other.batch(mine.id)
        with pytest.raises(ClosingError, match="approval-used"):
            other.approved("a")


def test_every_state_can_be_left_only_as_the_table_says(journal_world: World) -> None:
    with journal_world.store.database.write() as connection:
        journal = Journal(connection, 1)
        frozen = journal.freeze(batch("a"), [VOUCHER])
        lease = take(connection, frozen.id, "one", NOW)
        assert lease is not None
        (voucher,) = journal.vouchers(frozen.id)
        for state in set(VoucherState) - MOVES[VoucherState.PREPARED]:
            with pytest.raises(AssertionError):
                journal.move(lease, voucher, state)
        journal.begin_sending(lease, voucher, NOW)
        journal.move(lease, voucher, VoucherState.SENDING, attempts=1)
        (sending,) = journal.sendings(frozen.id)
        assert (sending.attempt, sending.owner, sending.lease_epoch, sending.outcome) == (1, "one", 1, "")
    assert MOVES.keys() == set(VoucherState)


def test_a_choice_is_remembered_for_each_source(journal_world: World) -> None:
    with journal_world.store.database.write() as connection:
        journal = Journal(connection, 1)
        assert journal.choice("books") == ({}, frozenset())
        journal.choose("books", {"V": "I"}, ["I"])
        journal.choose("books", {"V": "A"}, ["I", "B"])
        assert journal.choice("books") == ({"V": "A"}, frozenset({"I", "B"}))
        assert journal.choice("other") == ({}, frozenset())


def test_parameters_are_stored_as_text() -> None:
    assert stated({"row": 2, "date": date(2025, 12, 31)}) == {"row": "2", "date": "2025-12-31"}
