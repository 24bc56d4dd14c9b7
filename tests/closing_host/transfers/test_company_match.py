"""Which company a login reached: every way to be the right or the wrong one (A7, B25)."""

from datetime import UTC, datetime

import pytest

from closing_host.api.authorization import Account
from closing_host.api.errors import WrongCompany
from closing_host.storage.connections import ConnectionRecord
from closing_host.storage.engagements import Engagement
from closing_host.transfers.company_match import compare

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def engagement(number: str | None, id: int = 1) -> Engagement:
    return Engagement(id, "Exempel AB", number, "AB", "books", {}, NOW, "anna")


def connected(
    account: Account, *, engagement_id: int = 1, source: str = "books", ended: bool = False
) -> ConnectionRecord:
    return ConnectionRecord(engagement_id, source, "c", account, NOW, "anna", ended_at=NOW if ended else None)


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("5560004615", "556000-4615"),
        ("5560004615", "5560004615"),
        ("5560004615", "16556000-4615"),
        ("5560004615", "165560004615"),
        ("5560004615", " 556000 4615 "),
        ("8507099805", "19850709-9805"),
        ("8507099805", "850709-9805"),
    ],
)
def test_the_same_number_in_any_form_is_the_same_company(expected: str, found: str) -> None:
    assert compare(engagement(expected), "books", Account("1", "Exempel AB", found), None, None) == "same"


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("5560004615", "556036-0793"),
        ("5560004615", "5560360793"),
        ("5560004615", "165560360793"),
        ("5560004615", "556000-4616"),
        ("5560004615", "SE556036079301"),
    ],
)
@pytest.mark.parametrize("name", ["Exempel AB", "Annan AB"])
def test_another_number_is_another_company_even_with_the_same_name(expected: str, found: str, name: str) -> None:
    with pytest.raises(WrongCompany) as wrong:
        compare(engagement(expected), "books", Account("1", name, found), None, None)
    assert wrong.value.code == "company-differs"
    assert wrong.value.parameters["expected"] == "556000-4615"
    assert wrong.value.parameters["found_name"] == name


@pytest.mark.parametrize(("expected", "found"), [(None, "556000-4615"), ("5560004615", ""), (None, "")])
def test_without_both_numbers_somebody_must_look(expected: str | None, found: str) -> None:
    assert compare(engagement(expected), "books", Account("1", "x", found), None, None) == "unknown"


def test_the_account_that_was_connected_before_is_known() -> None:
    known = connected(Account("1"))
    assert compare(engagement(None), "books", Account("1", "x", ""), known, known) == "same"


def test_a_second_company_with_the_same_number_is_refused_at_a_new_login() -> None:
    known = connected(Account("1", "Exempel AB", "556000-4615", "29302"))
    with pytest.raises(WrongCompany) as wrong:
        compare(engagement("5560004615"), "books", Account("2", "Exempel AB", "556000-4615", "29303"), known, None)
    assert (wrong.value.code, wrong.value.parameters["found"]) == ("account-differs", "29303")


@pytest.mark.parametrize("before", [connected(Account("1"), ended=True), connected(Account("1"), source="else")])
def test_after_disconnecting_or_changing_source_another_account_may_be_connected(before: ConnectionRecord) -> None:
    assert compare(engagement("5560004615"), "books", Account("2", "x", "5560004615"), before, None) == "same"


def test_an_account_that_another_engagement_has_is_refused() -> None:
    holder = connected(Account("1"), engagement_id=2)
    with pytest.raises(WrongCompany) as wrong:
        compare(engagement("5560004615"), "books", Account("1", "x", "5560004615"), None, holder)
    assert (wrong.value.code, wrong.value.parameters["engagement"]) == ("account-connected-elsewhere", 2)
