from datetime import date, timedelta

import pytest

from attachment_books import END, Books


@pytest.mark.parametrize(
    ("days", "bucket"),
    [
        (-1, "not_due"),
        (0, "not_due"),
        (1, "days_1_30"),
        (30, "days_1_30"),
        (31, "days_31_60"),
        (60, "days_31_60"),
        (61, "days_61_90"),
        (90, "days_61_90"),
        (91, "days_over_90"),
    ],
)
def test_buckets_begin_and_end_where_they_say(days: int, bucket: str) -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100, due=END - timedelta(days=days))
    made = books.attachment()
    assert made.items.select("days", "bucket").rows() == [(days, bucket)]
    assert made.ageing.filter(made.ageing["bucket"] == bucket)["amount"].to_list() == [100]


def test_without_a_due_date_the_invoices_date_counts_and_is_marked() -> None:
    books = Books()
    books.document("1", date(2025, 11, 30), 100, terms=None)
    assert books.attachment().items.select("days", "due_missing").rows() == [(31, True)]


def test_credits_age_by_their_due_date_and_are_summed_apart() -> None:
    books = Books()
    books.document("1", date(2025, 12, 1), 100, due=date(2025, 12, 10))
    books.document("2", date(2025, 12, 1), -30, due=date(2025, 12, 10))
    made = books.attachment()
    assert made.ageing.rows()[1] == ("days_1_30", 2, 70)
    assert made.credits == -30


def test_parties_have_subtotals_and_their_latest_name() -> None:
    books = Books()
    books.document("1", date(2025, 6, 1), 100, party="7")
    books.document("2", date(2025, 12, 20), -30, party="7")
    books.document("3", date(2025, 12, 20), 5, party="12")
    old = books.documents["1"]
    books.documents["1"] = type(old)(**{**{name: getattr(old, name) for name in old.__slots__}, "party_name": "Före"})
    frame = books.attachment().parties
    assert frame.select("party", "party_name", "count", "open", "credits", "not_due", "days_over_90").rows() == [
        ("7", "Part 7", 2, 70, -30, -30, 100),
        ("12", "Part 12", 1, 5, 0, 5, 0),
    ]
