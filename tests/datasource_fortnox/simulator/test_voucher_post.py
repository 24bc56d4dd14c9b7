"""Creating vouchers: what is stored, and every refusal (F 5.1 rules 1-7)."""

from datetime import date
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


def body(**changes: Any) -> dict[str, Any]:
    voucher = {
        "VoucherSeries": "A",
        "TransactionDate": "2025-12-31",
        "Description": "V1 Upplupna löner",
        "Comments": "BKABCDEFGHIJKLMNOP",
        "VoucherRows": [
            {"Account": 7010, "Debit": 12000.1, "CostCenter": "10", "TransactionInformation": "december"},
            {"Account": 2910, "Credit": 12000.1},
        ],
    }
    return {"Voucher": {name: value for name, value in (voucher | changes).items() if value is not ...}}


def rows(*pairs: Any) -> list[dict[str, Any]]:
    return [{"Account": account, "Debit": max(kr, 0), "Credit": max(-kr, 0)} for account, kr in pairs]


async def refusal(api: httpx.AsyncClient, content: Any, year: int | None = 3) -> int:
    answer = await api.post("vouchers", json=content, params={"financialyear": year} if year else {})
    assert answer.status_code == 400, answer.text
    return int(answer.json()["ErrorInformation"]["code"])


async def test_created_voucher_is_answered_whole_and_stands_in_the_ledger_to_the_ore(
    api: httpx.AsyncClient, world: World
) -> None:
    answer = await api.post("vouchers", json=body(), params={"financialyear": 3})
    assert (answer.status_code, answer.headers["location"]) == (201, "vouchers")
    created = answer.json()["Voucher"]
    assert (created["VoucherNumber"], created["Year"], created["Comments"]) == (78, 3, "BKABCDEFGHIJKLMNOP")
    stored = world.companies[WHOLE].voucher((3, "A", 78))
    assert [(row.account, row.amount, row.cost_center, row.text) for row in stored.rows] == [
        (7010, 1_200_010, "10", "december"),
        (2910, -1_200_010, "", ""),
    ]
    assert (await api.get("vouchers/A/78", params={"financialyear": 3})).json()["Voucher"] == created
    assert stored.registered_on == date(2026, 2, 14)


async def test_numbers_follow_each_other_per_series(api: httpx.AsyncClient) -> None:
    numbers = [
        (await api.post("vouchers", json=body(VoucherSeries=series))).json()["Voucher"]["VoucherNumber"]
        for series in ("A", "I", "A", "I")
    ]
    assert numbers == [78, 1, 79, 2]


async def test_without_year_parameter_the_date_decides_or_the_preselected_year_by_the_switch(
    api: httpx.AsyncClient, world: World
) -> None:
    january = body(TransactionDate="2026-01-15")
    assert (await api.post("vouchers", json=january)).json()["Voucher"]["Year"] == 1
    world.change_switches({"voucher_year_without_parameter": "preselected"})
    assert await refusal(api, january, year=None) == world.switches.code_year_mismatch


async def test_date_outside_the_named_year_is_refused(api: httpx.AsyncClient, world: World) -> None:
    assert await refusal(api, body(TransactionDate="2026-01-15")) == world.switches.code_year_mismatch
    assert await refusal(api, body(TransactionDate="2031-01-15")) == world.switches.code_year_missing


async def test_unbalanced_voucher_is_refused_and_nothing_is_booked(api: httpx.AsyncClient, world: World) -> None:
    before = len(world.companies[WHOLE].years[3].vouchers)
    unbalanced = body(VoucherRows=rows((1930, 100), (1910, -99.99)))
    assert await refusal(api, unbalanced) == world.switches.code_unbalanced
    assert len(world.companies[WHOLE].years[3].vouchers) == before


async def test_series_must_exist_in_that_year_and_be_manual(api: httpx.AsyncClient, world: World) -> None:
    assert await refusal(api, body(VoucherSeries="Q")) == world.switches.code_series_missing
    assert await refusal(api, body(VoucherSeries="B")) == world.switches.code_series_not_manual


async def test_locked_period_is_2000401_through_its_last_day(api: httpx.AsyncClient, world: World) -> None:
    assert await refusal(api, body(TransactionDate="2024-12-31"), year=7) == 2000401
    assert (await api.post("vouchers", json=body(TransactionDate="2025-01-01"))).status_code == 201


async def test_a_personal_lock_is_refused_like_the_companys_and_shown_nowhere(
    api: httpx.AsyncClient, world: World
) -> None:
    world.companies[WHOLE].personally_locked_through = date(2025, 12, 31)
    assert await refusal(api, body()) == 2000401
    assert (await api.get("settings/lockedperiod")).json() == {"LockedPeriod": {"EndDate": "2024-12-31"}}


async def test_account_must_exist_have_four_digits_and_be_active(api: httpx.AsyncClient, world: World) -> None:
    assert await refusal(api, body(VoucherRows=rows((1234, 1), (1910, -1)))) == 2001304
    assert await refusal(api, body(VoucherRows=rows((99, 1), (1910, -1)))) == 2002462
    assert await refusal(api, body(VoucherRows=rows((1940, 1), (1910, -1)))) == world.switches.code_account_inactive


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("CostCenter", "30", 2000947),
        ("CostCenter", "99", 2009007),
        ("Project", "P2", 2009007),
        ("Project", "X", 2009007),
    ],
)
async def test_objects_must_exist_and_be_open(api: httpx.AsyncClient, field: str, value: Any, code: int) -> None:
    assert await refusal(api, body(**{field: value})) == code


async def test_project_is_refused_before_its_start(api: httpx.AsyncClient) -> None:
    assert await refusal(api, body(Project="P1", TransactionDate="2025-02-28")) == 2009007
    assert (await api.post("vouchers", json=body(Project="P1", TransactionDate="2025-03-01"))).status_code == 201


async def test_mandatory_cost_centre_is_2000946(api: httpx.AsyncClient, world: World) -> None:
    world.companies[WHOLE].years[3].accounts[2910].cost_center_setting = "MANDATORY"
    assert await refusal(api, body()) == 2000946
    world.companies[WHOLE].years[3].accounts[2910].cost_center_setting = "ALLOWED"
    world.companies[WHOLE].years[3].accounts[2910].project_setting = "MANDATORY"
    assert await refusal(api, body()) == 2009007


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Description": "x" * 201}, 2000107),
        ({"Comments": "x" * 1001}, 2000107),
        ({"Description": "se http://x"}, 2000359),
        ({"Description": "a · b"}, 2000359),
        ({"Description": "snett…"}, 2000359),
        ({"Description": ...}, 2001795),
        ({"VoucherRows": []}, 2001795),
        ({"VoucherRows": [{"Account": 1930, "Debit": 0}]}, 2001795),
        ({"VoucherRows": ["x", "y"]}, 2002649),
        ({"TransactionDate": "31/12 2025"}, 2000588),
        ({"Colour": "red"}, 2001399),
        ({"VoucherNumber": 7}, 2009008),
        ({"Comments": None}, 2001392),
        ({"Description": 5}, 2000106),
        ({"VoucherRows": [{"Account": 1930, "Debit": "x"}, {}]}, 2000108),
        ({"VoucherRows": [{"Account": 1930, "Debit": 0.001}, {"Account": 1910}]}, 2000108),
        ({"VoucherRows": [{"Account": 1930, "Debit": True}, {"Account": 1910}]}, 2000108),
    ],
)
async def test_badly_formed_content_is_refused_with_its_code(
    api: httpx.AsyncClient, changes: dict[str, Any], code: int
) -> None:
    assert await refusal(api, body(**changes)) == code


async def test_two_hundred_characters_of_swedish_text_are_fine(api: httpx.AsyncClient) -> None:
    answer = await api.post("vouchers", json=body(Description="å" * 200))
    assert answer.json()["Voucher"]["Description"] == "å" * 200


async def test_bodies_that_are_no_envelope_are_refused(api: httpx.AsyncClient) -> None:
    json_type = {"Content-Type": "application/json"}
    answer = await api.post("vouchers", content=b"{", headers=json_type)
    assert answer.json()["ErrorInformation"]["code"] == 2002115
    for content in (b"{}", b"[]", b'{"Voucher":[]}', b'{"Invoice":{"a":1}}'):
        answer = await api.post("vouchers", content=content, headers=json_type)
        assert answer.json()["ErrorInformation"]["code"] == 2001392


async def test_large_amounts_keep_every_ore(api: httpx.AsyncClient, world: World) -> None:
    content = b'{"Voucher":{"VoucherSeries":"A","TransactionDate":"2025-12-31","Description":"x","VoucherRows":['
    content += b'{"Account":1930,"Debit":999999999999.99},{"Account":1910,"Credit":999999999999.99}]}}'
    answer = await api.post("vouchers", content=content, headers={"Content-Type": "application/json"})
    assert b'"Debit":999999999999.99' in answer.content
    assert world.companies[WHOLE].voucher((3, "A", 78)).rows[0].amount == 99_999_999_999_999
