from datetime import date

from attachment_books import Books
from closing_host.closing import item_changes


def test_added_gone_and_changed_items_are_told_apart() -> None:
    before, after = Books(), Books()
    for books in (before, after):
        books.document("1", date(2025, 6, 1), 1_000)
        books.document("2", date(2025, 6, 1), 1_000)
    before.document("3", date(2025, 6, 1), 1_000)
    after.document("4", date(2025, 6, 1), 1_000)
    after.pay("2", date(2025, 7, 1), 400)
    assert item_changes(before.attachment().items, after.attachment().items).rows() == [
        ("changed", "1", "Part 1", "2", 1_000, 600, ["paid", "open"]),
        ("gone", "1", "Part 1", "3", 1_000, None, []),
        ("added", "1", "Part 1", "4", None, 1_000, []),
    ]


def test_what_happens_after_the_day_changes_nothing() -> None:
    before, after = Books(), Books()
    for books in (before, after):
        books.document("1", date(2025, 6, 1), 1_000)
    after.pay("1", date(2026, 1, 7), 1_000)
    assert item_changes(before.attachment().items, after.attachment().items).is_empty()
