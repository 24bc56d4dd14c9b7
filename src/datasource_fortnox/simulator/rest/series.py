"""Voucher series, per year (F 5.2)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.errors import missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.ledger import FinancialYear, Series
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import YEAR_PARAMETERS, Call
from datasource_fortnox.simulator.rest.paging import listing

__all__ = ["series", "series_list"]


def series_list(call: Call) -> Reply:
    """``GET /voucherseries``: without next numbers (D)."""
    call.allow_list()
    year = call.year()
    found = year.series.values()
    return listing(call, "VoucherSeriesCollection", found, lambda s: _shape(year, s), {"code": lambda s: s.code})


def series(call: Call) -> Reply:
    """``GET /voucherseries/{Code}``: with NextVoucherNumber (D)."""
    call.allow(*YEAR_PARAMETERS)
    year = call.year()
    found = year.series.get(call.params["code"])
    if found is None:
        raise missing("voucherseries", "verifikationsserien")
    next_number = {"NextVoucherNumber": found.next_number} if call.switches.next_number_visible else {}
    return Reply.json({"VoucherSeries": _shape(year, found) | next_number})


def _shape(year: FinancialYear, series: Series) -> dict[str, Any]:
    return {
        "@url": f"{API}/voucherseries/{series.code}",
        "Approver": None,
        "Code": series.code,
        "Description": series.description,
        "Manual": series.manual,
        "Year": year.id,
    }
