from collections.abc import Callable
from datetime import date

from closing_host.api.ledger import LedgerBuilder
from closing_host.ledgers.periods import months, periods

NewBuilder = Callable[..., LedgerBuilder]


def test_calendar_year_has_twelve_whole_months() -> None:
    spans = list(months(date(2025, 1, 1), date(2025, 12, 31)))
    assert len(spans) == 12
    assert spans[1] == (date(2025, 2, 1), date(2025, 2, 28))


def test_leap_day_is_the_last_of_february() -> None:
    assert list(months(date(2024, 2, 1), date(2024, 3, 1))) == [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 3, 1), date(2024, 3, 1)),
    ]


def test_first_and_last_month_are_cut_by_the_year() -> None:
    spans = list(months(date(2024, 7, 15), date(2024, 9, 10)))
    assert spans == [
        (date(2024, 7, 15), date(2024, 7, 31)),
        (date(2024, 8, 1), date(2024, 8, 31)),
        (date(2024, 9, 1), date(2024, 9, 10)),
    ]


def test_months_follow_each_other_to_the_end_of_the_calendar() -> None:
    spans = list(months(date(9998, 7, 1), date.max))
    assert len(spans) == 18
    assert spans[-1] == (date(9999, 12, 1), date.max)


def test_a_reversed_year_has_no_months() -> None:
    assert list(months(date(2025, 2, 1), date(2025, 1, 1))) == []


def test_eighteen_months_are_eighteen_periods(new_builder: NewBuilder) -> None:
    frame = periods(new_builder(date(2024, 7, 1), date(2025, 12, 31)).build())
    assert frame["period"].to_list() == [*range(202407, 202413), *range(202501, 202513)]


def test_one_day_is_a_year(new_builder: NewBuilder) -> None:
    assert periods(new_builder(date(2025, 3, 31), date(2025, 3, 31)).build()).rows() == [
        (202503, date(2025, 3, 31), date(2025, 3, 31))
    ]


def test_the_year_as_one_period_is_named_by_its_last_month(new_builder: NewBuilder) -> None:
    frame = periods(new_builder(date(2024, 7, 1), date(2025, 6, 30)).build(), by="year")
    assert frame.rows() == [(202506, date(2024, 7, 1), date(2025, 6, 30))]


def test_without_a_year_the_vouchers_tell_the_months(new_builder: NewBuilder) -> None:
    builder = new_builder(None)
    assert periods(builder.build()).is_empty()
    assert periods(builder.build(), by="year").is_empty()
    builder.add_voucher("", "", date(2025, 12, 24))
    builder.add_voucher("", "", date(2025, 2, 3))
    assert periods(builder.build()).rows() == [
        (202502, date(2025, 2, 1), date(2025, 2, 28)),
        (202512, date(2025, 12, 1), date(2025, 12, 31)),
    ]
    assert periods(builder.build(), by="year").rows() == [(202512, date(2025, 2, 3), date(2025, 12, 24))]


def test_a_mistaken_year_of_centuries_is_not_laid_out(new_builder: NewBuilder) -> None:
    builder = new_builder(date(25, 1, 1), date(2025, 12, 31))
    builder.add_voucher("A", "1", date(2025, 5, 5))
    assert periods(builder.build())["period"].to_list() == [202505]
