"""What every API route shares: scopes, licences, rights, media types, unknown routes, escaping."""

from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE = 29302


async def test_scope_is_enforced_per_route(connect: Any, browser: httpx.AsyncClient) -> None:
    await connect(scope="companyinformation")
    assert (await browser.get("/3/companyinformation")).status_code == 200
    answer = await browser.get("/3/vouchers")
    assert answer.status_code == 403
    assert answer.json()["ErrorInformation"]["Code"] == 2000663


async def test_permission_status_is_a_switch(connect: Any, browser: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"permission_status": 400})
    await connect(scope="companyinformation")
    assert (await browser.get("/3/vouchers")).status_code == 400


async def test_locked_period_scope_is_a_switch(connect: Any, browser: httpx.AsyncClient, world: World) -> None:
    await connect(scope="bookkeeping")
    assert (await browser.get("/3/settings/lockedperiod")).status_code == 403
    world.change_switches({"locked_period_scope": "bookkeeping"})
    assert (await browser.get("/3/settings/lockedperiod")).status_code == 200


async def test_licence_withdrawn_after_consent_is_2001103(api: httpx.AsyncClient, world: World) -> None:
    world.companies[WHOLE].integration_licence = False
    assert (await api.get("vouchers")).json()["ErrorInformation"]["Code"] == 2001103


async def test_user_without_right_in_the_supplier_register_is_2003275(api: httpx.AsyncClient, world: World) -> None:
    world.companies[WHOLE].missing_rights = {"supplierinvoice"}
    answer = await api.get("supplierinvoices")
    assert answer.json()["ErrorInformation"]["Code"] == 2003275
    assert (await api.get("invoices")).status_code == 200


async def test_unknown_route_and_method_are_2000762(api: httpx.AsyncClient) -> None:
    for answer in (await api.get("nosuch"), await api.put("vouchers", json={}), await api.get("archive")):
        assert (answer.status_code, answer.json()["ErrorInformation"]["Code"]) == (404, 2000762)


async def test_trailing_slash_is_the_same_route(api: httpx.AsyncClient) -> None:
    assert (await api.get("companyinformation/")).json() == (await api.get("companyinformation")).json()


async def test_json_is_escaped_to_ascii_with_escaped_slashes(api: httpx.AsyncClient) -> None:
    answer = await api.get("financialyears")
    assert b"https:\\/\\/api.fortnox.se\\/3\\/financialyears\\/" in answer.content
    company = await api.get("companyinformation")
    assert b"S\\u00f6ner" in company.content
    assert company.headers["content-type"] == "application/json"
    assert len(company.headers["x-uid"]) == 8


async def test_unacceptable_media_types_are_refused(api: httpx.AsyncClient) -> None:
    answer = await api.get("accounts", headers={"Accept": "image/png"})
    assert answer.json() == {"ErrorInformation": {"error": 1, "message": "Invalid response type", "code": 1000030}}
    answer = await api.post("vouchers", content=b"<x/>", headers={"Content-Type": "application/xml"})
    assert answer.json()["ErrorInformation"]["code"] == 1000031


async def test_error_code_is_a_text_by_the_switch(api: httpx.AsyncClient, world: World) -> None:
    world.change_switches({"error_code_as_text": True})
    assert (await api.get("nosuch")).json()["ErrorInformation"]["Code"] == "2000762"


async def test_company_information_names_the_tenant_as_a_number(api: httpx.AsyncClient) -> None:
    content = (await api.get("companyinformation")).json()["CompanyInformation"]
    assert content["DatabaseNumber"] == WHOLE
    assert content["OrganizationNumber"] == "556677-8899"
    settings = (await api.get("settings/company")).json()["CompanySettings"]
    assert settings["DatabaseNumber"] == str(WHOLE)


async def test_me_is_the_connected_user(api: httpx.AsyncClient) -> None:
    content = (await api.get("me")).json()["MeInformation"]
    assert (content["Name"], content["SysAdmin"]) == ("Anna Öberg", True)
