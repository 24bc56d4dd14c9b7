"""Accounts and predefined accounts (F 5.5)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.errors import missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.ledger import Account, FinancialYear
from datasource_fortnox.simulator.money import json_amount
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import YEAR_PARAMETERS, Call, Fields
from datasource_fortnox.simulator.rest.paging import listing

__all__ = ["account", "accounts", "predefined_account", "predefined_accounts"]


def accounts(call: Call) -> Reply:
    """``GET /accounts``: the year's chart; numbers below 1000 show in SIE only (F 9.26)."""
    search: Fields[Account] = {"sru": lambda account: account.sru}
    call.allow_list(*search)
    year = call.year()
    shown = (account for account in year.accounts.values() if account.number >= 1000)
    found = [account for account in call.search(shown, search) if call.is_modified(account.modified_at)]
    return listing(call, "Accounts", found, lambda a: _item(year, a), {"number": lambda a: a.number})


def account(call: Call) -> Reply:
    """``GET /accounts/{Number}``: with the closing balance as of now (R)."""
    call.allow(*YEAR_PARAMETERS)
    year, number = call.year(), call.params["number"]
    found = year.accounts.get(int(number)) if number.isdigit() else None
    if found is None or found.number < 1000:
        raise missing("account")
    content = _item(year, found) | {
        "BalanceCarriedForward": json_amount(year.closing(found.number)),
        "OpeningQuantities": None,
        "QuantitySettings": "ALLOWED",
        "QuantityUnit": "",
        "TransactionInformation": "",
        "TransactionInformationSettings": "ALLOWED",
    }
    return Reply.json({"Account": content})


def predefined_accounts(call: Call) -> Reply:
    """``GET /predefinedaccounts``: CUSTCLAIM and SUPDEBT name the control accounts (F 5.5, O)."""
    call.allow_list()
    found = call.company.predefined_accounts.items()
    return listing(call, "PreDefinedAccounts", found, _predefined, {"name": lambda item: item[0]})


def predefined_account(call: Call) -> Reply:
    """``GET /predefinedaccounts/{name}``."""
    name = call.params["name"]
    if name not in call.company.predefined_accounts:
        raise missing("predefined")
    return Reply.json({"PreDefinedAccount": _predefined((name, call.company.predefined_accounts[name]))})


def _predefined(item: tuple[str, int]) -> dict[str, Any]:
    return {"@url": f"{API}/predefinedaccounts/{item[0]}", "Account": item[1], "Name": item[0]}


def _item(year: FinancialYear, account: Account) -> dict[str, Any]:
    return {
        "@url": f"{API}/accounts/{account.number}?financialyear={year.id}",
        "Active": account.active,
        "BalanceBroughtForward": json_amount(account.opening),
        "CostCenter": "",
        "CostCenterSettings": account.cost_center_setting,
        "Description": account.name,
        "Number": account.number,
        "Project": "",
        "ProjectSettings": account.project_setting,
        "SRU": int(account.sru) if account.sru.isdigit() else 0,
        "VATCode": account.vat_code,
        "Year": year.id,
    }
