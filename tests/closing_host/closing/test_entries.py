"""The record of a closing entry and its states."""

from datetime import UTC, date, datetime
from itertools import product
from typing import get_args

import pytest

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import (
    BOOKED,
    EDITABLE,
    EXPORTABLE,
    TRANSITIONS,
    UNSETTLED,
    YEAR_END,
    ClosingEntry,
    EntryContent,
    Origin,
    Party,
    Status,
    first_day_after,
    may_move,
)

S = Status
PARTIES: tuple[Party, ...] = get_args(Party)
PAIRS = list(product(Status, Status, PARTIES))


def entry(status: Status = S.READY, *, seen: bool = False, send: int = 1) -> ClosingEntry:
    content = EntryContent(date(2025, 12, 31), "Upplupna löner", (DraftRow("7010", 5), DraftRow("2910", -5)), YEAR_END)
    at = datetime(2026, 1, 9, tzinfo=UTC)
    return ClosingEntry(
        1, 1, date(2025, 1, 1), "V", 7, send, "BK", content, Origin(), status, "", None, seen, at, "anna", 1
    )


def rule(before: Status, after: Status, by: Party) -> bool:
    """The states' rules, said in another way than by the table (P 7.5.5, 7.6.4, 7.6.5)."""
    if by == "import":  # books that show it win over everything but a sending under way; only what was booked is missed
        if before is S.SENDING:
            return False
        return after in {S.EXCLUDED, S.CHANGED, S.DOUBLE} or (before in BOOKED and after in {S.MISSING, S.TRANSFERRED})
    if by == "export":
        if before in UNSETTLED and after in {S.TRANSFERRED, S.DOUBLE, S.READY, S.FAILED, S.UNKNOWN}:
            return True
        if after is S.SENDING:
            return before in EXPORTABLE or before is S.UNKNOWN
        if before in {S.EXCLUDED, S.CHANGED}:  # the books have it; a look can only find one too many
            return after is S.DOUBLE
        return after in {S.TRANSFERRED, S.DOUBLE}
    if before in EDITABLE and after is S.DELETED:
        return True
    return {
        S.DRAFT: after in {S.READY, S.NOT_FOR_TRANSFER},
        S.READY: after in {S.DRAFT, S.NOT_FOR_TRANSFER, S.TRANSFERRED},
        S.FAILED: after in {S.DRAFT, S.READY, S.NOT_FOR_TRANSFER, S.TRANSFERRED},
        S.NOT_FOR_TRANSFER: after in {S.DRAFT, S.READY},
        S.DELETED: after in {S.DRAFT, S.READY},
        S.MISSING: after in {S.READY, S.NOT_FOR_TRANSFER},
        S.DOUBLE: after in {S.READY, S.EXCLUDED},
    }.get(before, False)


@pytest.mark.parametrize("by", PARTIES)
def test_every_pair_of_states_is_allowed_or_refused_as_ruled(by: Party) -> None:
    wrong = [(a, b, by) for a, b, who in PAIRS if who == by and may_move(a, b, who) != rule(a, b, who)]
    assert wrong == []


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(Status)


def test_a_person_never_touches_what_is_on_its_way() -> None:
    assert [pair for pair in PAIRS if pair[0] in UNSETTLED and pair[2] == "user" and may_move(*pair)] == []


def test_only_the_export_sends() -> None:
    assert {by for _, after, by in PAIRS if after in UNSETTLED and may_move(_, after, by)} == {"export"}


def test_what_is_booked_is_never_deleted_or_made_a_draft() -> None:
    assert not any(may_move(before, after, by) for before in BOOKED for after in (S.DELETED, S.DRAFT) for by in PARTIES)


@pytest.mark.parametrize("status", Status)
def test_what_counts(status: Status) -> None:
    never = {S.DRAFT, S.DELETED, S.EXCLUDED, S.CHANGED}
    assert entry(status).counts == (status not in never)
    assert entry(status, seen=True).counts == (status not in never | {S.DOUBLE})


def test_the_draft_begins_with_the_label() -> None:
    assert (entry().label, entry().draft.text) == ("V7", "V7 Upplupna löner")
    assert entry(send=2).draft.text == "V7-2 Upplupna löner"


@pytest.mark.parametrize(
    ("period", "first"),
    [
        ("2025-12", date(2026, 1, 1)),
        ("2024-02", date(2024, 3, 1)),
        ("2023-02", date(2023, 3, 1)),
        (YEAR_END, date(2025, 7, 1)),
    ],
)
def test_the_day_of_a_reversal(period: str, first: date) -> None:
    assert first_day_after(period, date(2025, 6, 30)) == first
