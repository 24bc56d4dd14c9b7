"""Export terms: what they state, and what they cost."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from closing_host.api.authorization import Account
from closing_host.api.context import TermsRequest
from closing_host.api.errors import DataError, PermissionMissing, WrongCompany
from closing_host.api.vouchers import ExportTerms, SeriesTerms
from datasource_fortnox import plugin
from datasource_fortnox.simulator.ledger import Account as ChartAccount
from datasource_fortnox.simulator.ledger import Series
from fortnox_harness import WHOLE, Fortnox
from fortnox_posting import EXPORT_SCOPES, YEAR, Office, office

pytestmark = pytest.mark.anyio


@pytest.fixture
async def made(fortnox: Fortnox) -> AsyncIterator[Office]:
    async with office(fortnox, in_process=True) as found:
        yield found


async def terms(made: Office, **asked: Any) -> ExportTerms:
    return await plugin.export_terms(TermsRequest(**({"year": YEAR} | asked)), made.connection, made.context)


async def test_the_terms_of_the_whole_company(made: Office) -> None:
    found = await terms(made)
    assert (found.account_id, found.organisation_number) == (str(WHOLE), "556677-8899")
    assert (found.year_start, found.year_end) == (YEAR.start, YEAR.end)
    assert found.locked_through == date(2024, 12, 31)
    assert (found.text_limit, found.comment_limit, found.changed_vouchers) == (200, 1000, None)
    assert found.read_at == made.fortnox.world.clock.now()
    assert {each.code: (each.manual, each.next_number) for each in found.series} == {
        "A": (True, 78),
        "B": (False, None),
        "C": (False, None),
        "D": (False, None),
        "E": (False, None),
        "I": (True, 1),
    }
    active = {each.account: each.active for each in found.accounts}
    assert (active["2910"], active["1940"]) == (True, False)
    assert {(each.dimension, each.code): each.active for each in found.objects} == {
        (1, "10"): True,
        (1, "20"): True,
        (1, "30"): False,
        (6, "P1"): True,
        (6, "P2"): False,
    }


async def test_a_series_is_of_its_year(made: Office) -> None:
    made.fortnox.edit("set_series", tenant=WHOLE, series="BK", year=3, description="Bokslut")
    assert SeriesTerms("BK", "Bokslut", manual=True, next_number=1) in (await terms(made)).series
    other = replace(YEAR, start=date(2026, 1, 1), end=date(2026, 12, 31), id="1")
    assert "BK" not in {each.code for each in (await terms(made, year=other)).series}


async def test_nothing_locked(made: Office) -> None:
    made.fortnox.edit("lock_period", tenant=WHOLE, to=None)
    assert (await terms(made)).locked_through is None


async def test_a_project_whose_days_are_all_outside_the_year_is_not_usable(made: Office) -> None:
    projects = made.fortnox.world.companies[WHOLE].projects
    projects["P1"].end = date(2024, 12, 31)
    projects["P2"].status, projects["P2"].start, projects["P2"].end = "NOTSTARTED", date(2025, 12, 31), None
    assert {each.code: each.active for each in (await terms(made)).objects if each.dimension == 6} == {
        "P1": False,
        "P2": True,
    }
    projects["P2"].start = date(2026, 1, 1)
    assert not any(each.active for each in (await terms(made)).objects if each.dimension == 6)


async def test_a_next_number_that_fortnox_does_not_show_is_not_known(made: Office) -> None:
    made.fortnox.world.change_switches({"next_number_visible": False})
    assert {each.next_number for each in (await terms(made)).series} == {None}


async def test_the_marker_in_the_text_takes_room(fortnox: Fortnox) -> None:
    async with office(fortnox, in_process=True, marker_in_text=True) as made:
        assert (await terms(made)).text_limit == 191


def pages(records: int) -> int:
    return max(1, -(-records // 500))


async def test_the_calls_follow_the_formula_of_the_documentation(made: Office) -> None:
    company = made.fortnox.world.companies[WHOLE]
    year = company.years[3]
    for number in range(4000, 5300):
        year.accounts.setdefault(number, ChartAccount(number, "x", active=False))
    for number in range(7):
        year.series[f"X{number}"] = Series(f"X{number}", "", manual=number % 2 == 0)

    def formula(*, changes: int = 0, year_by_days: bool = False) -> int:
        manual = sum(each.manual for each in year.series.values())
        lists = (len(year.series), len(year.accounts), len(company.cost_centers), len(company.projects))
        return 2 + sum(map(pages, lists)) + manual + changes + year_by_days

    for asked, expected in (
        ({}, formula()),
        ({"year": replace(YEAR, id="")}, formula(year_by_days=True)),
        ({"changed_since": made.fortnox.world.clock.now() + timedelta(days=1)}, formula(changes=1)),
        ({"changed_since": datetime(2020, 1, 1, tzinfo=UTC)}, formula(changes=2)),
    ):
        made.fortnox.world.log.clear()
        await terms(made, **asked)
        assert len(made.fortnox.calls()) == expected
    assert pages(len(year.accounts)) == 3


async def test_nothing_is_written(made: Office) -> None:
    await terms(made, changed_since=datetime(2020, 1, 1, tzinfo=UTC))
    assert {each.method for each in made.fortnox.world.log.entries} == {"GET"}


@pytest.mark.parametrize(
    ("minutes", "counted"), [(-90, 0), (-11, 0), (-10, None), (0, None), (9, None), (10, 1), (90, 1)]
)
async def test_changes_are_counted_when_clocks_cannot_matter(made: Office, minutes: int, counted: int | None) -> None:
    world = made.fortnox.world
    world.clock.advance(7 * 86_400)
    snapshot = world.clock.now()
    world.clock.advance(minutes * 60)
    made.fortnox.edit("edit_voucher", tenant=WHOLE, year=3, series="A", number=77, text="ändrad")
    world.clock.set(snapshot + timedelta(days=1))
    assert (await terms(made, changed_since=snapshot)).changed_vouchers == counted


async def test_a_booking_in_the_hour_that_is_lived_twice_is_never_told_as_no_change(made: Office) -> None:
    world = made.fortnox.world
    back = datetime(2026, 10, 25, 1, tzinfo=UTC)
    world.clock.set(back + timedelta(minutes=5))
    made.fortnox.edit("edit_voucher", tenant=WHOLE, year=3, series="A", number=77, text="ändrad")
    world.clock.set(back + timedelta(days=1))
    assert (await terms(made, changed_since=back - timedelta(minutes=15))).changed_vouchers in (None, 1)


async def test_filtered_totals_that_are_too_high_invent_no_change(made: Office) -> None:
    made.fortnox.world.change_switches({"total_over_report": 5})
    since = made.fortnox.world.clock.now() + timedelta(days=1)
    assert (await terms(made, changed_since=since)).changed_vouchers == 0


async def test_a_year_that_fortnox_has_not(made: Office) -> None:
    with pytest.raises(DataError, match="fortnox-year-unknown"):
        await terms(made, year=replace(YEAR, id="", end=date(2025, 6, 30)))


async def test_another_company_is_refused(made: Office) -> None:
    made.connection = replace(made.connection, account=Account("1", "Annat AB"))
    with pytest.raises(WrongCompany):
        await terms(made)


async def test_a_list_that_never_stands_still_is_no_terms(made: Office) -> None:
    made.fortnox.fail("lose_last_item", path="/3/accounts")
    with pytest.raises(DataError, match="fortnox-list-unstable"):
        await terms(made)


@pytest.mark.parametrize("scope", sorted(EXPORT_SCOPES))
async def test_a_missing_scope_names_the_export(fortnox: Fortnox, scope: str) -> None:
    async with office(fortnox, in_process=True, scopes=EXPORT_SCOPES - {scope}) as made:
        with pytest.raises(PermissionMissing) as raised:
            await terms(made)
    assert (raised.value.operation, raised.value.code) == ("export", "fortnox-scope-missing")
