"""Paging, sorting, filters and MetaInformation (F 3.2-3.4), seen through routes that have many items."""

from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio


def meta(answer: httpx.Response) -> tuple[int, int, int]:
    content = answer.json()["MetaInformation"]
    return content["@TotalResources"], content["@TotalPages"], content["@CurrentPage"]


async def test_default_page_has_a_hundred_items(api: httpx.AsyncClient) -> None:
    answer = await api.get("vouchers", params={"financialyear": 3})
    assert meta(answer) == (229, 3, 1)
    assert len(answer.json()["Vouchers"]) == 100


async def test_pages_together_hold_every_item_once(api: httpx.AsyncClient) -> None:
    seen = []
    for page in (1, 2, 3):
        answer = await api.get("vouchers", params={"financialyear": 3, "limit": 90, "page": page})
        seen += [(item["VoucherSeries"], item["VoucherNumber"]) for item in answer.json()["Vouchers"]]
    assert len(seen) == len(set(seen)) == 229
    assert seen == sorted(seen)


async def test_empty_list_has_no_pages(api: httpx.AsyncClient) -> None:
    answer = await api.get("projects", params={"description": "finns inte"})
    assert meta(answer) == (0, 0, 1)
    assert answer.json()["Projects"] == []


async def test_offset_beyond_the_end_answers_no_resources(api: httpx.AsyncClient) -> None:
    assert meta(await api.get("projects", params={"offset": 10000}))[0] == 0
    assert meta(await api.get("projects", params={"offset": 1}))[0] == 2


async def test_page_past_the_end_is_empty_or_an_error_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    answer = await api.get("projects", params={"page": 9})
    assert (answer.status_code, answer.json()["Projects"]) == (200, [])
    world.change_switches({"page_past_end": "error"})
    assert (await api.get("projects", params={"page": 9})).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 501},
        {"limit": 0},
        {"page": "x"},
        {"sortby": "colour"},
        {"sortorder": "up"},
        {"financialYear": 3},
        {"lastmodified": "yesterday"},
    ],
)
async def test_bad_parameters_are_2000588(api: httpx.AsyncClient, query: dict[str, Any]) -> None:
    answer = await api.get("vouchers", params=query)
    assert (answer.status_code, answer.json()["ErrorInformation"]["code"]) == (400, 2000588)


async def test_unknown_parameters_pass_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"strict_parameters": False})
    assert (await api.get("vouchers", params={"colour": "red"})).status_code == 200


async def test_unknown_filter_is_2000587_in_lower_case(api: httpx.AsyncClient) -> None:
    answer = await api.get("invoices", params={"filter": "green"})
    expected = {"error": 1, "message": "Ett ogiltigt filter har använts.", "code": 2000587}
    assert answer.json() == {"ErrorInformation": expected}


async def test_search_is_by_substring_numbers_too(api: httpx.AsyncClient) -> None:
    answer = await api.get("invoices", params={"documentnumber": "10", "limit": 500})
    numbers = {item["DocumentNumber"] for item in answer.json()["Invoices"]}
    assert numbers == {"10", "100", "101", "102", "103", "104", "105", "106", "107"}
    answer = await api.get("invoices", params={"customername": "café", "limit": 500})
    assert {item["CustomerName"] for item in answer.json()["Invoices"]} == {"Café Ö"}


async def test_angle_brackets_in_searches_are_refused(api: httpx.AsyncClient) -> None:
    assert (await api.get("invoices", params={"customername": "<b>"})).status_code == 400


async def test_filtered_totals_over_report_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"total_over_report": 2})
    assert meta(await api.get("invoices", params={"filter": "unbooked"}))[0] == 3
    assert meta(await api.get("invoices"))[0] == 107


async def test_sorting_in_both_directions(api: httpx.AsyncClient) -> None:
    query: dict[str, Any] = {"sortby": "total", "limit": 500}
    up = [item["Total"] for item in (await api.get("invoices", params=query)).json()["Invoices"]]
    down = await api.get("invoices", params={**query, "sortorder": "descending"})
    assert up == sorted(up)
    assert [item["Total"] for item in down.json()["Invoices"]] == up[::-1]


async def test_lastmodified_is_swedish_time(api: httpx.AsyncClient, connect: Any, world: World) -> None:
    world.clock.set("2026-07-01T10:30:00+00:00")
    await connect()
    world.companies[29302].receivables.cancel(106)
    for text, count in (("2026-07-01 12:30", 1), ("2026-07-01 12:30:01", 0), ("2026-07-01", 1)):
        assert meta(await api.get("invoices", params={"lastmodified": text}))[0] == count, text
