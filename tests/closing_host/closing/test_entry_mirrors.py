"""Entries that undo another, to the öre."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent, Status, Transferred, month_of
from closing_host.closing.entry_mirrors import correction, reversal, year_after
from closing_host.closing.entry_rules import LONGEST_TEXT

from .test_entries import entry

PLACE = Transferred("I", "14", datetime(2026, 2, 1, tzinfo=UTC), "anna", "answer")
ROWS = st.lists(
    st.builds(
        DraftRow,
        st.sampled_from(["7010", "2910"]),
        st.integers(-(10**16), 10**16),
        st.lists(st.tuples(st.integers(1, 9), st.text(max_size=3)), max_size=2).map(tuple),
        st.text(max_size=5),
    ),
    max_size=5,
).map(tuple)


@settings(deadline=None)
@given(ROWS, st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_a_reversal_takes_everything_back_in_the_next_period(rows: tuple[DraftRow, ...], day: date) -> None:
    original = replace(entry(), content=EntryContent(day, "text", rows, month_of(day), reversed_next=True))
    made = reversal(original, date(2099, 12, 31))
    assert [(-row.amount, row.account, row.objects, row.text) for row in made.rows] == [
        (row.amount, row.account, row.objects, row.text) for row in rows
    ]
    assert made.date.day == 1
    assert month_of(made.date - timedelta(days=1)) == month_of(day)
    assert (made.period, made.reversed_next) == (month_of(made.date), False)


def test_the_reversal_of_a_year_end_entry_opens_the_next_year() -> None:
    made = reversal(entry(), date(2025, 12, 31))
    assert (made.date, made.period, made.text) == (date(2026, 1, 1), "2026-01", "Återföring av V7 Upplupna löner")


def test_a_text_that_would_not_fit_is_left_out_whole() -> None:
    original = entry()
    long = replace(original, content=replace(original.content, text="x" * LONGEST_TEXT))
    assert reversal(long, date(2025, 12, 31)).text == "Återföring av V7"


def test_a_correction_names_the_sources_voucher_and_takes_it_back() -> None:
    booked = replace(entry(Status.EXCLUDED), transferred=PLACE)
    made = correction(booked)
    assert (made.text, made.date, made.period) == ("Rättelse av I 14", date(2025, 12, 31), YEAR_END)
    assert [(row.account, row.amount) for row in made.rows] == [("7010", -5), ("2910", 5)]


def test_a_correction_of_what_went_by_a_file_names_the_entry() -> None:
    booked = replace(entry(Status.TRANSFERRED), transferred=replace(PLACE, series="", number="", evidence="file"))
    assert correction(booked).text == "Rättelse av V7"


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Status.MISSING, "entry-missing"),
        (Status.DOUBLE, "entry-double"),
        (Status.READY, "entry-not-correctable"),
        (Status.UNKNOWN, "entry-not-correctable"),
        (Status.DELETED, "entry-not-correctable"),
    ],
)
def test_what_is_not_surely_booked_is_not_corrected(status: Status, code: str) -> None:
    with pytest.raises(DataError, match=code):
        correction(replace(entry(status), transferred=PLACE))


@pytest.mark.parametrize(
    ("end", "following"),
    [
        (date(2025, 12, 31), (date(2026, 1, 1), date(2026, 12, 31))),
        (date(2025, 6, 30), (date(2025, 7, 1), date(2026, 6, 30))),
        (date(2024, 2, 28), (date(2024, 2, 29), date(2025, 2, 28))),
        (date(2024, 2, 29), (date(2024, 3, 1), date(2025, 2, 28))),
    ],
)
def test_the_year_after(end: date, following: tuple[date, date]) -> None:
    assert year_after(end) == following
