from datetime import date

import pytest

from closing_host.api.errors import DataError
from closing_host.closing.entries import YEAR_END
from closing_host.closing.periods import Period, period_of, periods_of


def spans(periods: tuple[Period, ...]) -> list[tuple[str, str, str]]:
    return [(each.key, str(each.start), str(each.end)) for each in periods]


def test_a_calendar_year_has_twelve_months_and_the_year_end() -> None:
    periods = periods_of(date(2024, 1, 1), date(2024, 12, 31))
    assert [each.number for each in periods] == list(range(1, 14))
    assert spans(periods)[1] == ("2024-02", "2024-02-01", "2024-02-29")
    assert spans(periods)[-2:] == [
        ("2024-12", "2024-12-01", "2024-12-31"),
        (YEAR_END, "2024-12-01", "2024-12-31"),
    ]


def test_a_long_year_has_eighteen_months() -> None:
    periods = periods_of(date(2024, 7, 1), date(2025, 12, 31))
    assert len(periods) == 19
    assert len({each.key for each in periods}) == 19


def test_a_year_of_a_month_has_one() -> None:
    assert spans(periods_of(date(2025, 12, 10), date(2025, 12, 31))) == [
        ("2025-12", "2025-12-10", "2025-12-31"),
        (YEAR_END, "2025-12-10", "2025-12-31"),
    ]


def test_quarters_are_the_calendars_also_in_a_broken_year() -> None:
    periods = periods_of(date(2024, 5, 1), date(2025, 4, 30), "quarter")
    assert spans(periods) == [
        ("2024-06", "2024-05-01", "2024-06-30"),
        ("2024-09", "2024-07-01", "2024-09-30"),
        ("2024-12", "2024-10-01", "2024-12-31"),
        ("2025-03", "2025-01-01", "2025-03-31"),
        ("2025-04", "2025-04-01", "2025-04-30"),
        (YEAR_END, "2025-04-01", "2025-04-30"),
    ]


def test_the_year_alone_is_one_period() -> None:
    assert [each.key for each in periods_of(date(2025, 1, 1), date(2025, 12, 31), "year")] == ["2025-12", YEAR_END]


def test_every_day_of_the_year_is_in_one_ordinary_period() -> None:
    start, end = date(2024, 7, 15), date(2025, 8, 31)
    ordinary = [each for each in periods_of(start, end, "quarter") if not each.is_year_end]
    days = [day for each in ordinary for day in range(each.start.toordinal(), each.end.toordinal() + 1)]
    assert days == list(range(start.toordinal(), end.toordinal() + 1))


def test_a_period_is_found_by_its_key_and_an_unknown_one_says_which_there_are() -> None:
    periods = periods_of(date(2025, 1, 1), date(2025, 3, 31))
    assert period_of(periods, YEAR_END).is_year_end
    with pytest.raises(DataError) as unknown:
        period_of(periods, "2025-04")
    assert unknown.value.parameters["periods"] == "2025-01, 2025-02, 2025-03, year-end"


@pytest.mark.parametrize("end", [date(2024, 12, 31), date(2027, 2, 1)])
def test_a_year_that_ends_before_it_begins_or_never_is_refused(end: date) -> None:
    with pytest.raises(DataError, match="year-too-long"):
        periods_of(date(2025, 1, 1), end)
