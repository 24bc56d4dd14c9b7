"""Reading vouchers and series (F 5.1, F 5.2)."""

from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


async def test_single_voucher_has_the_recorded_shape(api: httpx.AsyncClient) -> None:
    voucher = (await api.get("vouchers/A/77", params={"financialyear": 3})).json()["Voucher"]
    assert voucher["@url"] == "https://api.fortnox.se/3/vouchers/A/77?financialyear=3"
    assert (voucher["Comments"], voucher["ReferenceType"], voucher["Year"]) == (None, "MANUAL", 3)
    assert [(r["Account"], r["Debit"], r["Credit"]) for r in voucher["VoucherRows"]] == [(1930, 500, 0), (1510, 0, 500)]
    assert voucher["VoucherRows"][1]["Description"] == "Kundfordringar"


async def test_list_has_no_rows(api: httpx.AsyncClient) -> None:
    item = (await api.get("vouchers", params={"financialyear": 3, "limit": 1})).json()["Vouchers"][0]
    assert "VoucherRows" not in item
    assert {"Comments", "Description", "TransactionDate", "ReferenceNumber"} <= set(item)


async def test_list_lacks_comments_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"comments_in_voucher_list": False})
    assert "Comments" not in (await api.get("vouchers")).json()["Vouchers"][0]


async def test_corrected_voucher_balances_only_without_its_removed_rows(api: httpx.AsyncClient, world: World) -> None:
    year = world.companies[WHOLE].years[3]
    corrected = next(voucher for voucher in year.in_order() if any(row.removed for row in voucher.rows))
    path = f"vouchers/{corrected.series}/{corrected.number}"
    rows = (await api.get(path, params={"financialyear": 3})).json()["Voucher"]["VoucherRows"]
    assert sum(row["Debit"] - row["Credit"] for row in rows) != 0
    assert sum(row["Debit"] - row["Credit"] for row in rows if not row["Removed"]) == pytest.approx(0)


async def test_numbers_restart_each_year_and_the_year_parameter_decides(api: httpx.AsyncClient) -> None:
    dates = [
        (await api.get("vouchers/A/1", params={"financialyear": year})).json()["Voucher"]["TransactionDate"][:4]
        for year in (7, 3)
    ]
    assert dates == ["2024", "2025"]
    by_date = await api.get("vouchers/A/1", params={"financialyeardate": "2024-05-05"})
    assert by_date.json()["Voucher"]["Year"] == 7


async def test_unknown_voucher_and_year_are_404(api: httpx.AsyncClient) -> None:
    assert (await api.get("vouchers/A/9999", params={"financialyear": 3})).status_code == 404
    assert (await api.get("vouchers/A/1", params={"financialyear": 99})).status_code == 404


async def test_list_filters_by_series_dates_and_cost_centre(api: httpx.AsyncClient) -> None:
    query: dict[str, Any] = {"financialyear": 3, "limit": 500}
    answer = await api.get("vouchers", params={**query, "voucherseries": "E"})
    assert {item["VoucherSeries"] for item in answer.json()["Vouchers"]} == {"E"}
    sublist = await api.get("vouchers/sublist/E", params=query)
    assert sublist.json()["Vouchers"] == answer.json()["Vouchers"]
    answer = await api.get("vouchers", params={**query, "fromdate": "2025-12-30", "todate": "2025-12-31"})
    assert [item["VoucherNumber"] for item in answer.json()["Vouchers"]] == [77]
    answer = await api.get("vouchers", params={**query, "costcenter": "20"})
    assert 0 < len(answer.json()["Vouchers"]) < 40


async def test_from_date_outside_the_year_is_2002363(api: httpx.AsyncClient) -> None:
    answer = await api.get("vouchers", params={"financialyear": 3, "fromdate": "2024-12-31"})
    assert answer.json()["ErrorInformation"]["code"] == 2002363


async def test_lastmodified_spans_years_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    query: dict[str, Any] = {"lastmodified": "2024-01-01", "limit": 500}
    world.companies[WHOLE].preselected_year = 1
    assert {item["Year"] for item in (await api.get("vouchers", params=query)).json()["Vouchers"]} == {1}
    world.change_switches({"lastmodified_spans_years": True})
    assert {item["Year"] for item in (await api.get("vouchers", params=query)).json()["Vouchers"]} == {1, 3, 7}


async def test_payment_voucher_names_the_payment_or_the_invoice_by_the_switch(
    api: httpx.AsyncClient, world: World
) -> None:
    ledger = world.companies[WHOLE].receivables
    payment = next(item for item in ledger.payments.values() if item.document == 102)
    assert payment.voucher is not None
    _, series, number = payment.voucher
    voucher = (await api.get(f"vouchers/{series}/{number}", params={"financialyear": 1})).json()["Voucher"]
    assert (voucher["ReferenceType"], voucher["ReferenceNumber"]) == ("INVOICEPAYMENT", str(payment.number))
    world.change_switches({"payment_voucher_reference": "invoice"})
    again = ledger.pay(105, world.clock.today())
    assert again.voucher is not None
    assert world.companies[WHOLE].voucher(again.voucher).reference_number == "105"


async def test_young_vouchers_lag_in_lists_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"list_lag_s": 3})
    body = {
        "VoucherSeries": "A",
        "TransactionDate": "2026-02-01",
        "Description": "x",
        "VoucherRows": [{"Account": 1930, "Debit": 1}, {"Account": 1910, "Credit": 1}],
    }
    number = (await api.post("vouchers", json={"Voucher": body})).json()["Voucher"]["VoucherNumber"]
    query: dict[str, Any] = {"financialyear": 1, "voucherseries": "A"}
    assert (await api.get("vouchers", params=query)).json()["Vouchers"] == []
    assert (await api.get(f"vouchers/A/{number}", params={"financialyear": 1})).status_code == 200
    world.clock.advance(3)
    assert len((await api.get("vouchers", params=query)).json()["Vouchers"]) == 1


async def test_deleting_is_refused_unless_switched_on_and_then_only_the_last(
    api: httpx.AsyncClient, connect: Any, world: World
) -> None:
    query = {"financialyear": 3}
    assert (await api.delete("vouchers/A/77", params=query)).status_code == 404
    world.change_switches({"voucher_delete": "last_of_series"})
    assert (await api.delete("vouchers/A/77", params=query)).json()["ErrorInformation"]["Code"] == 2000663
    await connect(scope="bookkeeping deletevoucher")
    assert (await api.delete("vouchers/A/76", params=query)).status_code == 400
    assert (await api.delete("vouchers/A/77", params=query)).status_code == 204
    assert (await api.get("vouchers/A/77", params=query)).status_code == 404


async def test_series_are_per_year_with_the_next_number_in_the_single_answer(api: httpx.AsyncClient) -> None:
    listed = (await api.get("voucherseries", params={"financialyear": 3})).json()["VoucherSeriesCollection"]
    assert {item["Code"]: item["Manual"] for item in listed} == {
        "A": True, "B": False, "C": False, "D": False, "E": False, "I": True,
    }  # fmt: skip
    assert "NextVoucherNumber" not in listed[0]
    numbers = [
        (await api.get("voucherseries/A", params={"financialyear": year})).json()["VoucherSeries"]["NextVoucherNumber"]
        for year in (3, 1)
    ]
    assert numbers == [78, 1]
    assert (await api.get("voucherseries/Z", params={"financialyear": 3})).status_code == 404
