"""Closing entries made for a test, without a database."""

import base64
from datetime import UTC, date, datetime
from typing import Any

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Kind, Origin, Status, Transferred

START, END = date(2025, 1, 1), date(2025, 12, 31)
NOW = datetime(2026, 2, 14, 9, tzinfo=UTC)
SALARIES = (DraftRow("7010", 1_200_000), DraftRow("2910", -1_200_000))


def marker(id: int, send: int = 1) -> str:
    """What the entry's voucher is found by: the same each time."""
    return "BK" + base64.b32encode(f"{id:07d}{send:03d}".encode()).decode()


def made_entry(
    *,
    id: int = 1,
    kind: Kind = "V",
    number: int = 1,
    send: int = 1,
    day: date = END,
    text: str = "Upplupna löner",
    rows: tuple[DraftRow, ...] = SALARIES,
    status: Status = Status.READY,
    at: tuple[str, str] | None = None,
    seen: bool = False,
    **changes: Any,
) -> ClosingEntry:
    """V1 of 2025: accrued salaries of 12 000 kr. `at`: the series and number that it was booked as."""
    transferred = None if at is None else Transferred(*at, at=NOW, by="asa", evidence="answer" if at[1] else "file")
    values: dict[str, Any] = {
        "id": id,
        "engagement_id": 1,
        "year_start": START,
        "kind": kind,
        "number": number,
        "send": send,
        "marker": marker(id, send),
        "content": EntryContent(day, text, rows, YEAR_END),
        "origin": Origin(),
        "status": status,
        "reason": "",
        "transferred": transferred,
        "seen": seen,
        "created_at": NOW,
        "created_by": "asa",
        "version": 1,
    }
    return ClosingEntry(**{**values, **changes})
