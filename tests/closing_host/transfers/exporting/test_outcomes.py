"""What came back has one of four meanings, and what was raised only one (T 3a step 6)."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.api.context import ExportRequest
from closing_host.api.errors import CapabilityMissing, ClosingError, Expired, PluginFault, RateLimited, TemporaryError
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import Booked, DraftRow, NotApplied, Rejected, VoucherDraft, VoucherRecord
from closing_host.transfers.exporting.outcomes import Confirmed, NotBooked, Refused, Unknown, judged

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31), "7")
ROWS = (DraftRow("7010", 100), DraftRow("2910", -100))
REQUEST = ExportRequest(YEAR, "I", VoucherDraft("BK" + "A" * 16, date(2025, 12, 31), "V1 x", ROWS))
RECORD = VoucherRecord("I", "14", YEAR.start, date(2025, 12, 31), "V1 x", ROWS, REQUEST.voucher.marker)


def test_only_the_very_voucher_is_confirmed() -> None:
    assert judged(Booked(RECORD), REQUEST) == Confirmed(RECORD)
    assert judged(Booked(replace(RECORD, text="cut")), REQUEST) == Confirmed(replace(RECORD, text="cut"))


@pytest.mark.parametrize(
    "changed",
    [
        {"series": "A"},
        {"number": ""},
        {"year_start": date(2024, 1, 1)},
        {"date": date(2025, 12, 30)},
        {"rows": ROWS[:1]},
        {"comment": ""},
        {"comment": "BK" + "B" * 16},
    ],
)
def test_any_other_voucher_leaves_it_unknown(changed: dict[str, Any]) -> None:
    assert judged(Booked(replace(RECORD, **changed)), REQUEST) == Unknown("export-other-voucher", claimed=True)


def test_refused_and_not_applied_are_told_apart() -> None:
    assert judged(Rejected("locked", "2000401", {"row": 2}), REQUEST) == Refused("locked", "2000401", {"row": 2})
    assert judged(NotApplied("too-many", "429", 5.0), REQUEST) == NotBooked("too-many", "429", 5.0)
    unreached = RateLimited("busy", retry_after=3.0, host="a.se")
    assert judged(NotApplied.because(unreached), REQUEST) == NotBooked("busy", "", 3.0, {"host": "a.se"})
    assert judged(Expired("gone", host="a.se"), REQUEST) == Unknown("gone", parameters={"host": "a.se"})


@pytest.mark.parametrize(
    "error",
    [
        ClosingError("x"),
        TemporaryError(),
        RateLimited(),  # raised, so the source did not say that nothing was booked
        Expired(),
        CapabilityMissing(),
        PluginFault(),
        TimeoutError(),
        asyncio.CancelledError(),
        OSError(),
        MemoryError(),
        KeyboardInterrupt(),
        SystemExit(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_is_raised_leaves_it_unknown(error: BaseException) -> None:
    assert isinstance(judged(error, REQUEST), Unknown)


RECORDS = st.builds(
    VoucherRecord,
    st.sampled_from(["I", "A"]),
    st.sampled_from(["14", ""]),
    st.sampled_from([YEAR.start, date(2024, 1, 1)]),
    st.sampled_from([date(2025, 12, 31), date(2025, 12, 30)]),
    st.sampled_from(["V1 x", "", REQUEST.voucher.marker]),
    st.lists(st.sampled_from([*ROWS, DraftRow("1930", 5)]), max_size=3).map(tuple),
    st.sampled_from([REQUEST.voucher.marker, "", f"x {REQUEST.voucher.marker}", "BK" + "B" * 16]),
)


@given(RECORDS)
def test_an_answer_about_anything_else_is_never_confirmed(record: VoucherRecord) -> None:
    ours = (
        (record.series, record.year_start, record.date) == ("I", YEAR.start, date(2025, 12, 31))
        and record.number
        and sorted(row.amount for row in record.rows) == [-100, 100]
        and REQUEST.voucher.marker in record.comment + record.text
    )
    assert isinstance(judged(Booked(record), REQUEST), Confirmed) is bool(ours)
