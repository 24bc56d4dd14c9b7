"""Of which tax year a reserve is, as its name and account say."""

import pytest

from closing_host.closing.tax_reserves import is_due, vintage


@pytest.mark.parametrize(
    ("account", "name", "year"),
    [
        ("2126", "Periodiseringsfond 2016", 2016),
        ("2126", "", 2026),
        ("2120", "", 2020),
        ("2130", "Periodiseringsfond – nr 2", 2020),
        ("212300", "Periodiseringsfond", 2023),
        ("2129", "Periodiseringsfond 2019/2020", 2020),
        ("2129", "Periodiseringsfond 2019-20", 2020),
        ("2126", "Periodiseringsfond 2016-12-31", 2016),
        ("2129", "Periodiseringsfond vid 2020 års taxering", 2019),
        ("2126", "Periodiseringsfond taxering 2016", 2015),
        ("2126", "P-fond 2016 (taxeringsår 2017)", 2016),
        ("2126", "P-fond Tax. 2016", 2015),
        ("2110", "Periodiseringsfond 2019", 2019),
    ],
)
def test_the_name_says_the_year_and_the_account_where_it_does_not(account: str, name: str, year: int) -> None:
    assert vintage(account, name, 2026) == year


@pytest.mark.parametrize(
    ("account", "name"),
    [("2110", "Periodiseringsfonder"), ("211000", ""), ("2120", "Periodiseringsfonder 2018, 2019 och 2021")],
)
def test_reserves_of_several_years_on_one_account_are_of_no_known_year_and_never_due(account: str, name: str) -> None:
    assert vintage(account, name, 2026) is None
    assert not is_due(account, name, 2026)


def test_a_reserve_is_due_in_the_sixth_tax_year_after_its_own() -> None:
    assert [is_due("2120", "", year) for year in (2025, 2026)] == [False, True]
