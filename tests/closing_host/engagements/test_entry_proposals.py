"""Entries that a stored attachment proposes."""

from datetime import date

import pytest

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, EntryContent, Origin, Status
from closing_host.closing.proposals import ProposedEntry
from closing_host.engagements.entries import add_entry
from closing_host.engagements.entry_proposals import FromAttachment, from_attachment
from closing_host.engagements.entry_year import open_entry_year
from fortnox_office import Office
from imported_office import BOOKS


def test_the_proposed_entries_are_counted_in_the_order_of_the_findings(office: Office) -> None:
    first, second = (from_attachment(office.host, BOOKS, "receivables", number) for number in (1, 2))
    assert [(row.account, row.amount) for row in first.rows()] == [("1510", 100_000), ("2420", -100_000)]
    assert (first.entry.reversed_next, first.as_at, first.needs_account) == (True, date(2025, 12, 31), False)
    assert first.origin == Origin("attachment", "receivables:1:attachment-receivables-reversed")
    assert [(row.account, row.amount) for row in second.rows()] == [("6352", 250_040), ("1519", -250_040)]
    for side, number in (("receivables", 0), ("receivables", 3), ("payables", 1)):
        with pytest.raises(DataError, match="entry-no-proposal"):
            from_attachment(office.host, BOOKS, side, number)  # type: ignore[arg-type]


def test_a_proposal_becomes_an_entry_with_its_reversal(office: Office) -> None:
    made = from_attachment(office.host, BOOKS, "receivables", 1)
    year = open_entry_year(office.host, BOOKS)
    rows = tuple(DraftRow("1930" if row.account == "2420" else row.account, row.amount) for row in made.rows())
    content = EntryContent(made.as_at, "Kreditsaldon", rows, YEAR_END, made.entry.reversed_next)
    saved = add_entry(office.host, year, content, origin=made.origin)
    assert (saved.entry.status, saved.entry.origin.kind) == (Status.READY, "attachment")
    assert {each.account: each.change for each in saved.effect} == {"1510": 100_000, "1930": -100_000}
    assert saved.reversal is not None


def test_the_account_that_is_left_open_is_filled_in() -> None:
    entry = ProposedEntry("x", (DraftRow("2440", 5), DraftRow("", -5)))
    made = FromAttachment(entry, date(2025, 12, 31), Origin("attachment", "x"))
    assert made.needs_account
    assert [row.account for row in made.rows("4010")] == ["2440", "4010"]
