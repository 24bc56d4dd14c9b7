"""Vouchers: lists without rows, single vouchers with struck rows, deletion where a switch allows it (F 5.1)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.errors import invalid, missing, not_allowed
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.ledger import FinancialYear, Row, Voucher
from datasource_fortnox.simulator.money import json_amount
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import YEAR_PARAMETERS, Call
from datasource_fortnox.simulator.rest.paging import listing
from datasource_fortnox.simulator.vouchers import delete as delete_voucher

__all__ = ["delete", "full", "sublist", "voucher", "vouchers"]


def vouchers(call: Call) -> Reply:
    """``GET /vouchers``: by series and number, without rows (D/R)."""
    return _list(call, None)


def sublist(call: Call) -> Reply:
    """``GET /vouchers/sublist/{Series}``: the vouchers of one series (D)."""
    return _list(call, call.params.get("series"))


def _list(call: Call, series: str | None) -> Reply:
    call.allow_list("costcenter", "fromdate", "todate", "voucherseries")
    year, first, last = call.year(), call.day("fromdate"), call.day("todate")
    if first is not None and first not in year:
        raise invalid(2002363, "Fråndatumet ligger utanför aktuellt räkenskapsår")
    wanted = [year]
    if call.modified_since is not None and call.switches.lastmodified_spans_years and not _names_year(call):
        wanted = list(call.company.years.values())
    visible = call.world.clock.timestamp() - call.switches.list_lag_s
    found = [
        (owner, item)
        for owner in wanted
        for item in owner.vouchers.values()
        if (series is None or item.series == series)
        and ("voucherseries" not in call.query or item.series == call.query["voucherseries"])
        and (first is None or item.date >= first)
        and (last is None or item.date <= last)
        and call.is_modified(item.modified_at)
        and _has_cost_center(call, item)
        and (call.switches.list_lag_s == 0 or item.created_at.timestamp() <= visible)
    ]
    order = {
        "voucherseries": lambda pair: (pair[1].series, pair[1].number),
        "vouchernumber": lambda pair: (pair[1].number, pair[1].series),
        "referencenumber": lambda pair: (pair[1].reference_number, pair[1].series, pair[1].number),
        "referencetype": lambda pair: (pair[1].reference_type, pair[1].series, pair[1].number),
    }
    return listing(call, "Vouchers", found, lambda pair: _item(call, *pair), order)


def voucher(call: Call) -> Reply:
    """``GET /vouchers/{Series}/{Number}``: with rows, the struck ones marked ``Removed`` (R)."""
    call.allow(*YEAR_PARAMETERS)
    year, found = _find(call)
    return Reply.json({"Voucher": full(call, year, found)})


def delete(call: Call) -> Reply:
    """``DELETE``: undocumented, at most the last of a series, scope ``deletevoucher`` (O/I; switch)."""
    call.allow(*YEAR_PARAMETERS)
    if call.switches.voucher_delete == "refused":
        raise missing("route")
    if "deletevoucher" not in call.token.scopes:
        raise not_allowed(2000663, "Har inte behörighet för scope.", status=call.switches.permission_status)
    year, found = _find(call)
    if any(code == found.series and number > found.number for code, number in year.vouchers):
        raise invalid(call.switches.code_read_only, "Bara den sista verifikationen i en serie kan tas bort.")
    delete_voucher(call.company, (year.id, found.series, found.number))
    return Reply(204)


def full(call: Call, year: FinancialYear, voucher: Voucher) -> dict[str, Any]:
    """The single form, key order as recorded (R)."""
    return {
        "@url": _url(year, voucher),
        "Comments": voucher.comments or None,
        "CostCenter": voucher.cost_center,
        "Description": voucher.text,
        "Project": voucher.project,
        "ReferenceNumber": voucher.reference_number,
        "ReferenceType": voucher.reference_type,
        "TransactionDate": voucher.date.isoformat(),
        "VoucherNumber": voucher.number,
        "VoucherRows": [_row(call, year, row) for row in voucher.rows],
        "VoucherSeries": voucher.series,
        "Year": year.id,
        "ApprovalState": 0,
    }


def _item(call: Call, year: FinancialYear, voucher: Voucher) -> dict[str, Any]:
    item = {
        "@url": _url(year, voucher),
        "ApprovalState": 0,
        "Comments": voucher.comments or None,
        "Description": voucher.text,
        "ReferenceNumber": voucher.reference_number,
        "ReferenceType": voucher.reference_type,
        "TransactionDate": voucher.date.isoformat(),
        "VoucherNumber": voucher.number,
        "VoucherSeries": voucher.series,
        "Year": year.id,
    }
    if not call.switches.comments_in_voucher_list:
        del item["Comments"]
    return item


def _row(call: Call, year: FinancialYear, row: Row) -> dict[str, Any]:
    return {
        "Account": row.account,
        "CostCenter": row.cost_center,
        "Credit": json_amount(max(-row.amount, 0)),
        "Description": call.company.account_name(year, row.account),
        "Debit": json_amount(max(row.amount, 0)),
        "Project": row.project,
        "Quantity": float(row.quantity) if row.quantity % 1 else int(row.quantity),
        "Removed": row.removed,
        "TransactionInformation": row.text,
    }


def _find(call: Call) -> tuple[FinancialYear, Voucher]:
    year, number = call.year(), call.params["number"]
    found = year.vouchers.get((call.params["series"], int(number) if number.isdigit() else -1))
    if found is None:
        raise missing("voucher", "verifikationen")
    return year, found


def _names_year(call: Call) -> bool:
    return not set(YEAR_PARAMETERS).isdisjoint(call.query)


def _has_cost_center(call: Call, voucher: Voucher) -> bool:
    wanted = call.query.get("costcenter")
    return wanted is None or wanted in {voucher.cost_center, *(row.cost_center for row in voucher.rows)}


def _url(year: FinancialYear, voucher: Voucher) -> str:
    return f"{API}/vouchers/{voucher.series}/{voucher.number}?financialyear={year.id}"
