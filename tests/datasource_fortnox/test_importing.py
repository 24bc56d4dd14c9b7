"""One financial year across real HTTP, and what happens when it is not the right one or not all of it."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from closing_host import sie
from closing_host.api.authorization import Account
from closing_host.api.context import Connection, ImportRequest
from closing_host.api.errors import DataError, SettingsError, SourceUnavailable, WrongCompany
from closing_host.api.ledger import FinancialYear, Ledger
from closing_host.ledgers.comparison import compare
from datasource_fortnox import plugin
from datasource_fortnox.simulator import totals
from fortnox_harness import BROKEN_YEAR, NO_INVOICING, WHOLE, Fortnox
from hook_context import HookContext

pytestmark = pytest.mark.anyio

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31), "3")


async def imported(fortnox: Fortnox, year: FinancialYear | None = YEAR, **request: Any) -> tuple[Ledger, HookContext]:
    async with fortnox.connected() as (connection, context):
        return await plugin.import_ledger(ImportRequest(year, **request), connection, context), context


def per_account(ledger: Ledger) -> dict[str, dict[str, int]]:
    """Stated balances in öre by kind and account, those that are not zero."""
    stated = ledger.balances.filter((pl.col("year") == 0) & pl.col("kind").is_in(["IB", "UB", "RES"]))
    found: dict[str, dict[str, int]] = {"IB": {}, "UB": {}, "RES": {}}
    for kind, account, amount in stated.select("kind", "account", "amount").iter_rows():
        found[kind][account] = amount
    return found


async def test_the_years_newest_first(fortnox: Fortnox) -> None:
    async with fortnox.connected() as (connection, context):
        company, years = await plugin.list_years(connection, context)
    assert (company.name, company.organisation_number) == ("Exempel & Söner AB", "556677-8899")
    assert company.source_id == str(WHOLE)
    assert [(year.index, year.start.year, year.id) for year in years] == [
        (0, 2026, "1"),
        (-1, 2025, "3"),
        (-2, 2024, "7"),
    ]


async def test_a_year_is_what_the_simulator_holds_to_the_ore(fortnox: Fortnox) -> None:
    ledger, _ = await imported(fortnox)
    held = totals(fortnox.world.companies[WHOLE].years[3]).as_dict()
    assert per_account(ledger) == {kind: held[kind] for kind in ("IB", "UB", "RES")}
    assert (ledger.vouchers.height, ledger.rows.filter(pl.col("kind") == "booked").height) == (
        held["vouchers"],
        held["rows"],
    )
    assert ledger.findings.filter(pl.col("severity") != "info").height == 0


async def test_the_year_keeps_fortnoxs_id_and_knows_the_year_before(fortnox: Fortnox) -> None:
    ledger, _ = await imported(fortnox)
    assert [(year.index, year.start.year, year.id) for year in ledger.years] == [(0, 2025, "3"), (-1, 2024, "")]


async def test_balances_of_the_year_before_are_taken_when_fortnox_states_them(fortnox: Fortnox) -> None:
    fortnox.world.change_switches({"sie_previous_year_balances": True})
    ledger, _ = await imported(fortnox)
    assert set(ledger.balances.filter(pl.col("year") == -1)["kind"]) >= {"UB"}


async def test_the_import_equals_the_import_of_its_own_file(fortnox: Fortnox) -> None:
    ledger, context = await imported(fortnox)
    ((name, content),) = context.kept.items()
    assert name == "fortnox-20250101-20251231.se"
    comparison = compare(sie.read(content), ledger)
    assert comparison.equal
    assert comparison.not_compared == ()


@pytest.mark.parametrize(
    ("switch", "value"), [("sie_form", "2011"), ("sie_encoding", "utf-8"), ("sie_content_type", "text/plain")]
)
async def test_the_form_of_the_file_makes_no_difference(fortnox: Fortnox, switch: str, value: str) -> None:
    # Its name has a dash that code page 437 lacks: the one thing in which the encodings do differ.
    fortnox.world.companies[WHOLE].years[3].accounts[1513].name = "Kundfordringar - delad faktura"
    usual, _ = await imported(fortnox)
    fortnox.world.change_switches({switch: value})
    other, _ = await imported(fortnox)
    # The older form states no quantity where the newer one states 0 (F 4.3).
    assert compare(usual, other, absent_in_b=frozenset({"rows.quantity"})).equal


@pytest.mark.parametrize("tenant", [NO_INVOICING, BROKEN_YEAR])
async def test_every_year_of_the_other_companies(fortnox: Fortnox, tenant: int) -> None:
    async with fortnox.connected(tenant) as (connection, context):
        _, years = await plugin.list_years(connection, context)
        for year in years:
            ledger = await plugin.import_ledger(ImportRequest(year), connection, context)
            held = totals(fortnox.world.companies[tenant].years[int(year.id)]).as_dict()
            assert per_account(ledger) == {kind: held[kind] for kind in ("IB", "UB", "RES")}


async def test_an_import_calls_as_often_as_the_documentation_says(fortnox: Fortnox) -> None:
    """2 + 3 per year: docs/fortnox/what-is-asked.md."""
    async with fortnox.connected() as (connection, context):
        _, years = await plugin.list_years(connection, context)
        assert fortnox.calls() == ["GET /3/companyinformation", "GET /3/financialyears"]
        for year in years:
            await plugin.import_ledger(ImportRequest(year), connection, context)
    assert len(fortnox.calls()) == 2 + 3 * len(years)
    assert fortnox.calls()[2:5] == ["GET /3/companyinformation", "GET /3/sie/4", "GET /3/vouchers"]
    queries = [each.query for each in fortnox.world.log.entries if each.path == "/3/sie/4"]
    assert queries == [f"financialyear={year.id}&exportall=true" for year in years]


async def test_progress_is_told_while_it_comes_and_is_read(fortnox: Fortnox) -> None:
    _, context = await imported(fortnox)
    size = len(next(iter(context.kept.values())))
    assert ("fetch", size, None) in context.stages
    assert context.stages[-1] == ("read", size, size)


async def test_cancelling_ends_the_import(fortnox: Fortnox) -> None:
    class Cancelled(Exception):
        pass

    async with fortnox.connected() as (connection, context):
        context.cancel = Cancelled()
        with pytest.raises(Cancelled):
            await plugin.import_ledger(ImportRequest(YEAR), connection, context)
    assert "GET /3/vouchers" not in fortnox.calls()


# --- the right company and year -------------------------------------------------------------------------------


async def test_another_company_is_refused_before_anything_is_fetched(fortnox: Fortnox) -> None:
    async with fortnox.connected() as (_, context):
        connection = fortnox.connection(Account("51877", "Annat AB"))
        with pytest.raises(WrongCompany) as raised:
            await plugin.import_ledger(ImportRequest(YEAR), connection, context)
        with pytest.raises(WrongCompany):
            await plugin.list_years(connection, context)
    assert raised.value.parameters == {
        "expected": "Annat AB",
        "number": "51877",
        "found": "Exempel & Söner AB",
        "other": "29302",
    }
    assert set(fortnox.calls()) == {"GET /3/companyinformation"}


async def test_a_file_of_another_company_is_refused(fortnox: Fortnox) -> None:
    edit = {"op": "set_company", "tenant": WHOLE, "organisation_number": "556000-0001"}
    fortnox.world.faults.load({"plan": [{"at": {"after_request": "GET /3/companyinformation#2"}, "ledger": edit}]})
    with pytest.raises(DataError) as raised:
        await imported(fortnox)  # the first reading of the company information was at connecting
    assert raised.value.code == "fortnox-company-differs"
    assert raised.value.parameters == {"file": "556000-0001", "source": "556677-8899"}


@pytest.mark.parametrize("stated", ["", "16556677-8899", "5566778899"])
async def test_the_same_number_in_another_form_is_the_same_company(fortnox: Fortnox, stated: str) -> None:
    edit = {"op": "set_company", "tenant": WHOLE, "organisation_number": stated}
    fortnox.world.faults.load({"plan": [{"at": {"after_request": "GET /3/companyinformation#2"}, "ledger": edit}]})
    ledger, _ = await imported(fortnox)
    assert ledger.company.organisation_number == (stated or "556677-8899")


async def test_a_file_of_another_year_is_refused(fortnox: Fortnox) -> None:
    with pytest.raises(DataError) as raised:
        await imported(fortnox, FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31), "7"))
    assert raised.value.code == "fortnox-other-year"
    assert raised.value.parameters == {"asked": "2025-01-01/2025-12-31", "found": "2024-01-01/2024-12-31"}


async def test_a_year_without_id_is_found_by_its_dates(fortnox: Fortnox) -> None:
    ledger, _ = await imported(fortnox, FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31)))
    assert ledger.years[0].id == "3"
    with pytest.raises(DataError) as raised:
        await imported(fortnox, FinancialYear(0, date(2025, 1, 1), date(2025, 6, 30)))
    assert raised.value.code == "fortnox-year-unknown"


async def test_a_year_must_be_asked_for(fortnox: Fortnox) -> None:
    with pytest.raises(DataError, match="fortnox-year-not-asked"):
        await imported(fortnox, None)


async def test_the_plugin_says_when_it_is_not_set_up(fortnox: Fortnox) -> None:
    with pytest.raises(SettingsError):
        await plugin.list_years(Connection(None, None), fortnox.context)


async def test_a_list_of_years_that_never_rests_is_not_believed(fortnox: Fortnox) -> None:
    async with fortnox.connected() as (connection, context):
        fortnox.fail("lose_last_item", path="/3/financialyears")
        with pytest.raises(DataError, match="fortnox-list-unstable"):
            await plugin.list_years(connection, context)


# --- all of it ------------------------------------------------------------------------------------------------


def voucher_after(fortnox: Fortnox, request: str, **edit: Any) -> None:
    """Somebody books in Fortnox right after a request of ours."""
    rows = [{"account": 1930, "amount": 100}, {"account": 6110, "amount": -100}]
    add = {"op": "add_voucher", "tenant": WHOLE, "series": "A", "date": "2025-12-30", "rows": rows}
    fortnox.world.faults.load({"plan": [{"at": {"after_request": request}, "ledger": add | edit}]})


async def test_a_voucher_booked_while_we_read_is_read_too(fortnox: Fortnox) -> None:
    voucher_after(fortnox, "GET /3/sie/4")
    ledger, _ = await imported(fortnox)
    assert ledger.vouchers.height == len(fortnox.world.companies[WHOLE].years[3].vouchers)
    assert fortnox.calls().count("GET /3/sie/4") == 2
    assert "fortnox-voucher-count" not in ledger.findings["code"]


async def test_books_that_never_rest_are_imported_with_a_warning(fortnox: Fortnox) -> None:
    voucher_after(fortnox, "GET /3/sie/4#1")
    voucher_after(fortnox, "GET /3/sie/4#2")
    ledger, context = await imported(fortnox)
    count = len(fortnox.world.companies[WHOLE].years[3].vouchers)
    (finding,) = ledger.findings.filter(pl.col("code") == "fortnox-voucher-count").to_dicts()
    stated = {each["name"]: each["value"] for each in finding["parameters"]}
    assert stated == {"expected": str(count), "found": str(count - 1), "year": "3"}
    assert finding["severity"] == "warning"
    assert len(context.kept) == 1


async def test_a_file_cut_off_is_refused(fortnox: Fortnox) -> None:
    fortnox.fail("truncated_content", path="/3/sie/4")
    with pytest.raises(DataError, match="fortnox-sie-cut-off"):
        await imported(fortnox)


async def test_a_file_that_lost_its_last_vouchers_is_refused(fortnox: Fortnox) -> None:
    _, context = await imported(fortnox)
    content = next(iter(context.kept.values()))
    body = content[: content.rindex(b"#VER")].decode("latin-1")
    fortnox.fail({"status": 200, "body": body}, path="/3/sie/4")
    with pytest.raises(DataError) as raised:
        await imported(fortnox)
    assert raised.value.code in ("fortnox-sie-incomplete", "fortnox-sie-cut-off")


async def test_a_silent_fortnox_is_a_failed_import(fortnox: Fortnox) -> None:
    fortnox.fail("maintenance", path="/3/sie/4")
    with pytest.raises(SourceUnavailable):
        await imported(fortnox)


async def test_the_encoding_that_the_user_chose_is_used(fortnox: Fortnox) -> None:
    ledger, _ = await imported(fortnox, encoding="latin-1")
    assert "Söner" not in ledger.company.name
    assert ledger.company.name.startswith("Exempel & S")
