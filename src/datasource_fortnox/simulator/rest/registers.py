"""Cost centres, projects, currencies, customers, suppliers and predefined voucher series (F 5.2, F 5.7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from datasource_fortnox.simulator.company import CostCenter, Currency, Party, Project
from datasource_fortnox.simulator.errors import missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import Call, Fields
from datasource_fortnox.simulator.rest.paging import listing

__all__ = [
    "cost_center",
    "cost_centers",
    "currencies",
    "customer",
    "customers",
    "predefined_series",
    "project",
    "projects",
    "supplier",
    "suppliers",
]


def cost_centers(call: Call) -> Reply:
    """``GET /costcenters``."""
    call.allow_list()
    found = call.company.cost_centers.values()
    return listing(call, "CostCenters", found, _cost_center, {"code": lambda item: item.code})


def cost_center(call: Call) -> Reply:
    """``GET /costcenters/{Code}``."""
    found = call.company.cost_centers.get(call.params["code"])
    if found is None:
        raise missing("costcenter", "kostnadsstället")
    return Reply.json({"CostCenter": _cost_center(found)})


def projects(call: Call) -> Reply:
    """``GET /projects``; an offset of 10000 answers TotalResources 0 (R)."""
    search: Fields[Project] = {"description": lambda item: item.description}
    call.allow_list(*search)
    found = call.search(call.company.projects.values(), search)
    return listing(call, "Projects", found, _project, {"projectnumber": lambda item: item.number})


def project(call: Call) -> Reply:
    """``GET /projects/{ProjectNumber}``; unknown is 2001161 (R)."""
    found = call.company.projects.get(call.params["number"])
    if found is None:
        raise missing("project")
    return Reply.json({"Project": _project(found)})


def currencies(call: Call) -> Reply:
    """``GET /currencies``: today's rates only (I)."""
    call.allow_list()
    found = call.company.currencies.values()
    return listing(call, "Currencies", found, _currency, {"code": lambda item: item.code})


def predefined_series(call: Call) -> Reply:
    """``GET /predefinedvoucherseries``: which series each kind of document posts to (O)."""
    call.allow_list()
    found = call.company.predefined_series.items()
    key = "PreDefinedVoucherSeriesCollection"
    return listing(call, key, found, _predefined, {"name": lambda item: item[0]})


def customers(call: Call) -> Reply:
    """``GET /customers``: number and name, no contact data."""
    return _parties(call, call.company.receivables.parties.values(), "Customer")


def suppliers(call: Call) -> Reply:
    """``GET /suppliers``: number and name, no contact data."""
    return _parties(call, call.company.payables.parties.values(), "Supplier")


def customer(call: Call) -> Reply:
    """``GET /customers/{CustomerNumber}``; unknown is 2000433 (R)."""
    found = call.company.receivables.parties.get(call.params["number"])
    if found is None:
        raise missing("customer")
    return Reply.json({"Customer": _party(found, "Customer")})


def supplier(call: Call) -> Reply:
    """``GET /suppliers/{SupplierNumber}``."""
    found = call.company.payables.parties.get(call.params["number"])
    if found is None:
        raise missing("supplier", "leverantören")
    return Reply.json({"Supplier": _party(found, "Supplier")})


def _parties(call: Call, parties: Iterable[Party], kind: str) -> Reply:
    number = f"{kind.lower()}number"
    search: Fields[Party] = {number: lambda party: party.number, "name": lambda party: party.name}
    call.allow_list(*search)
    found = call.search(parties, search)
    return listing(call, f"{kind}s", found, lambda p: _party(p, kind), {number: lambda p: p.number})


def _party(party: Party, kind: str) -> dict[str, Any]:
    return {
        "@url": f"{API}/{kind.lower()}s/{party.number}",
        "Active": party.active,
        f"{kind}Number": party.number,
        "Name": party.name,
        "OrganisationNumber": party.organisation_number,
    }


def _cost_center(item: CostCenter) -> dict[str, Any]:
    return {
        "@url": f"{API}/costcenters/{item.code}",
        "Active": item.active,
        "Code": item.code,
        "Description": item.description,
        "Note": "",
    }


def _project(item: Project) -> dict[str, Any]:
    return {
        "@url": f"{API}/projects/{item.number}",
        "Description": item.description,
        "EndDate": item.end.isoformat() if item.end else "",
        "ProjectNumber": item.number,
        "Status": item.status,
        "StartDate": item.start.isoformat() if item.start else "",
    }


def _currency(item: Currency) -> dict[str, Any]:
    rate = float(item.rate)
    return {
        "@url": f"{API}/currencies/{item.code}",
        "BuyRate": rate,
        "Code": item.code,
        "Description": item.description,
        "IsAutomatic": False,
        "SellRate": rate,
        "Unit": 1,
    }


def _predefined(item: tuple[str, str]) -> dict[str, Any]:
    return {"@url": f"{API}/predefinedvoucherseries/{item[0]}", "Name": item[0], "VoucherSeries": item[1]}
