"""Years, locked period, accounts and the small registers (F 5.3-5.7)."""

import httpx
import pytest

from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


async def test_year_ids_have_no_order(api: httpx.AsyncClient) -> None:
    years = (await api.get("financialyears", params={"sortby": "fromdate"})).json()["FinancialYears"]
    assert [(year["Id"], year["FromDate"]) for year in years] == [
        (7, "2024-01-01"),
        (3, "2025-01-01"),
        (1, "2026-01-01"),
    ]
    assert years[0]["AccountingMethod"] == "ACCRUAL"


async def test_date_picks_the_year_that_covers_it(api: httpx.AsyncClient) -> None:
    found = (await api.get("financialyears", params={"date": "2025-12-31"})).json()["FinancialYears"]
    assert [year["Id"] for year in found] == [3]
    none = (await api.get("financialyears", params={"date": "2031-01-01"})).json()
    assert none["FinancialYears"] == []
    assert none["MetaInformation"]["@TotalPages"] == 0


async def test_single_year_and_unknown_year(api: httpx.AsyncClient) -> None:
    assert (await api.get("financialyears/7")).json()["FinancialYear"]["ToDate"] == "2024-12-31"
    assert (await api.get("financialyears/8")).status_code == 404


async def test_locked_period_is_a_date_null_or_absent(api: httpx.AsyncClient, world: World) -> None:
    assert (await api.get("settings/lockedperiod")).json() == {"LockedPeriod": {"EndDate": "2024-12-31"}}
    world.companies[WHOLE].locked_through = None
    assert (await api.get("settings/lockedperiod")).json() == {"LockedPeriod": {"EndDate": None}}
    world.change_switches({"locked_period_empty": "absent"})
    assert (await api.get("settings/lockedperiod")).json() == {"LockedPeriod": {}}


async def test_accounts_carry_activity_opening_balance_and_sru_of_the_year(api: httpx.AsyncClient) -> None:
    answer = await api.get("accounts", params={"financialyear": 3, "limit": 500})
    accounts = {account["Number"]: account for account in answer.json()["Accounts"]}
    assert list(accounts) == sorted(accounts)
    assert (accounts[1940]["Active"], accounts[1510]["Active"]) == (False, True)
    assert accounts[1510]["SRU"] == 7251
    assert accounts[2081]["BalanceBroughtForward"] == -100000
    assert accounts[1510]["Year"] == 3


async def test_single_account_adds_the_closing_balance(api: httpx.AsyncClient) -> None:
    account = (await api.get("accounts/1510", params={"financialyear": 3})).json()["Account"]
    assert account["BalanceCarriedForward"] == 34125.5
    assert (await api.get("accounts/1234", params={"financialyear": 3})).json()["ErrorInformation"]["Code"] == 2000423


async def test_accounts_below_a_thousand_show_in_sie_only(api: httpx.AsyncClient, world: World) -> None:
    year = world.companies[WHOLE].years[3]
    year.accounts[99] = type(year.accounts[1510])(99, "Systemkonto", opening=100)
    numbers = [a["Number"] for a in (await api.get("accounts", params={"financialyear": 3})).json()["Accounts"]]
    assert 99 not in numbers
    assert (await api.get("accounts/99", params={"financialyear": 3})).status_code == 404
    assert b"#IB 0 0099 1 0" in (await api.get("sie/4", params={"financialyear": 3})).content


async def test_predefined_accounts_name_the_control_accounts(api: httpx.AsyncClient) -> None:
    assert (await api.get("predefinedaccounts/CUSTCLAIM")).json()["PreDefinedAccount"]["Account"] == 1510
    assert (await api.get("predefinedaccounts/SUPDEBT")).json()["PreDefinedAccount"]["Account"] == 2440
    assert (await api.get("predefinedaccounts/NOSUCH")).status_code == 404
    names = [item["Name"] for item in (await api.get("predefinedaccounts")).json()["PreDefinedAccounts"]]
    assert names == sorted(names)
    series = (await api.get("predefinedvoucherseries")).json()["PreDefinedVoucherSeriesCollection"]
    assert {item["Name"]: item["VoucherSeries"] for item in series}["INVOICE"] == "B"


async def test_cost_centres_projects_and_currencies(api: httpx.AsyncClient) -> None:
    centers = (await api.get("costcenters")).json()["CostCenters"]
    assert [(item["Code"], item["Active"]) for item in centers] == [("10", True), ("20", True), ("30", False)]
    assert (await api.get("costcenters/10")).json()["CostCenter"]["Description"] == "Butik"
    assert (await api.get("costcenters/99")).status_code == 404
    project = (await api.get("projects/P1")).json()["Project"]
    assert (project["Status"], project["StartDate"], project["EndDate"]) == ("ONGOING", "2025-03-01", "")
    assert (await api.get("projects/X")).json()["ErrorInformation"]["Code"] == 2001161
    assert [item["Code"] for item in (await api.get("currencies")).json()["Currencies"]] == ["EUR", "SEK"]


async def test_customers_and_suppliers(api: httpx.AsyncClient) -> None:
    found = (await api.get("customers", params={"name": "café"})).json()["Customers"]
    assert [(item["CustomerNumber"], item["Name"]) for item in found] == [("2", "Café Ö")]
    assert (await api.get("customers/2")).json()["Customer"]["Name"] == "Café Ö"
    assert (await api.get("customers/99")).json()["ErrorInformation"]["Code"] == 2000433
    assert len((await api.get("suppliers")).json()["Suppliers"]) == 3
    assert (await api.get("suppliers/3")).json()["Supplier"]["Name"] == "Fastighets AB Åsen"
    assert (await api.get("suppliers/99")).status_code == 404
