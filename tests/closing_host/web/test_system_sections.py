"""What the page of system entries has of each tax allocation reserve."""

from datetime import UTC, date, datetime

from closing_host.closing.system_entries import Choices, YearBooks
from closing_host.engagements.entry_year import EntryYear
from closing_host.engagements.system_entries import SystemYear
from closing_host.storage.engagements import Engagement, EngagementYear
from closing_host.web.system_sections import reserves_of

YEAR = (date(2026, 1, 1), date(2026, 12, 31))
BOOKS = YearBooks(*YEAR, "AB", {}, {"2110": -300, "2120": -200, "2123": -100, "2124": 0, "1930": 600})
ENGAGEMENT = Engagement(1, "Åkes Bageri AB", None, "AB", "sie", {}, datetime(2026, 1, 1, tzinfo=UTC), "asa")


def lines(choices: Choices) -> list[tuple[str, int, bool]]:
    year = EntryYear(ENGAGEMENT, EngagementYear(1, *YEAR, None), None, ())
    found = SystemYear(year, BOOKS, choices, chosen=True, standings=(), problem=None, locked=False)
    return [(each.account, each.held, each.due) for each in reserves_of(found)]


def test_each_reserve_has_its_field_and_one_that_is_due_says_so_before_it() -> None:
    assert lines(Choices()) == [("2110", 300, False), ("2120", 200, True), ("2120", 200, False), ("2123", 100, False)]


def test_a_reserve_that_is_due_does_not_say_so_where_something_else_is_chosen() -> None:
    assert ("2120", 200, True) not in lines(Choices(reversals={"2120": 0}))
