"""Open items in groups: subtotals of whole groups, also where a page cuts one."""

from datetime import date

from attachment_books import Books, acceptance
from closing_host.web.item_lines import ItemPage, item_page


def shown(page: ItemPage) -> list[tuple[str, list[str], int, bool, bool]]:
    return [
        (each.first["party"], [row["document"] for row in each.rows], each.sums.open, each.begins, each.ends)
        for each in page.groups
    ]


def several() -> Books:
    books = Books()
    for number in range(1, 8):
        books.document(str(number), date(2025, 6, number), 1000 * number, party="1" if number < 6 else "2")
    return books


def test_items_are_grouped_by_party() -> None:
    page = item_page(acceptance().attachment(), "party", 1)
    assert [(one, documents) for one, documents, *_ in shown(page)] == [
        ("1", ["101"]),
        ("2", ["102"]),
        ("3", ["103"]),
        ("4", ["104"]),
    ]
    assert (page.total.open, page.total.original, page.total.paid) == (3_462_550, 3_962_550, 500_000)


def test_items_are_grouped_by_age_with_the_longest_overdue_first_in_each() -> None:
    page = item_page(acceptance().attachment(), "age", 1)
    assert [each.first["bucket"] for each in page.groups] == ["not_due", "days_1_30", "days_31_60", "days_over_90"]
    days = [row["days"] for each in item_page(several().attachment(), "age", 1).groups for row in each.rows]
    assert days == sorted(days, reverse=True)


def test_a_group_that_a_page_cuts_keeps_the_subtotal_of_all_its_items() -> None:
    made = several().attachment()
    assert shown(item_page(made, "party", 1, at_once=3)) == [("1", ["1", "2", "3"], 15_000, True, False)]
    assert shown(item_page(made, "party", 2, at_once=3)) == [
        ("1", ["4", "5"], 15_000, False, True),
        ("2", ["6"], 13_000, True, False),
    ]
    assert shown(item_page(made, "party", 3, at_once=3)) == [("2", ["7"], 13_000, False, True)]
    assert item_page(made, "party", 99, at_once=3).page == 3


def test_nothing_open_is_one_empty_page() -> None:
    page = item_page(Books().attachment(), "party", 1)
    assert (page.groups, page.page, page.pages, page.total.open) == ((), 1, 1, 0)
