"""Login, consent, the three grants and revocation (F 1)."""

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest

from datasource_fortnox.simulator.oauth.registry import Client
from datasource_fortnox.simulator.world import World

pytestmark = pytest.mark.anyio

WHOLE, NO_INVOICING = 29302, 51877
CALLBACK = "http://127.0.0.1:9/callback"


def claims(access_token: str) -> dict[str, Any]:
    payload = access_token.split(".")[1]
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return content


async def test_consent_redirects_back_with_code_and_unchanged_state(consent: Any) -> None:
    answer = await consent(state="å &=?#/x")
    assert set(answer) == {"code", "state"}
    assert answer["state"] == "å &=?#/x"


async def test_consent_page_lists_the_users_companies_only(browser: httpx.AsyncClient, world: World) -> None:
    query = {"client_id": "SimKlient001", "redirect_uri": CALLBACK, "scope": "bookkeeping", "response_type": "code"}
    page = await browser.get("/oauth-v1/auth", params=query)
    pending = page.text.split('name="request" value="')[1].split('"')[0]
    login = {"request": pending, "username": "cecilia", "password": "sommar"}
    choices = (await browser.post("/oauth-v1/login", data=login)).text
    assert "Exempel &amp; Söner AB" in choices
    assert "Bokföring Enbart AB" not in choices
    other = {"request": pending, "company": str(NO_INVOICING), "decision": "approve"}
    assert (await browser.post("/oauth-v1/consent", data=other)).status_code == 400


async def test_wrong_password_shows_the_login_page_again(browser: httpx.AsyncClient) -> None:
    query = {"client_id": "SimKlient001", "redirect_uri": CALLBACK, "scope": "bookkeeping", "response_type": "code"}
    page = await browser.get("/oauth-v1/auth", params=query)
    pending = page.text.split('name="request" value="')[1].split('"')[0]
    answer = await browser.post("/oauth-v1/login", data={"request": pending, "username": "anna", "password": "x"})
    assert answer.status_code == 401
    assert "Fel användarnamn" in answer.text


async def test_denying_redirects_with_access_denied(consent: Any) -> None:
    answer = await consent(decision="deny")
    assert answer["error"] == "access_denied"
    assert answer["state"] == "s-1"


async def test_unticked_scope_fails_before_login(consent: Any, world: World) -> None:
    world.oauth.clients["SimKlient001"].scopes = frozenset({"bookkeeping"})
    assert (await consent(scope="bookkeeping archive"))["error"] == "invalid_scope"


async def test_missing_integration_licence_is_error_missing_license(consent: Any, world: World) -> None:
    world.companies[WHOLE].integration_licence = False
    assert (await consent())["error"] == "error_missing_license"


async def test_missing_module_fails_at_consent_and_works_without_its_scopes(consent: Any) -> None:
    assert (await consent(NO_INVOICING))["error"] == "error_missing_app_license"
    assert "code" in await consent(NO_INVOICING, scope="bookkeeping companyinformation")


async def test_missing_module_shows_at_the_call_by_the_switch(
    connect: Any, browser: httpx.AsyncClient, world: World
) -> None:
    world.change_switches({"missing_module_at": "call"})
    await connect(NO_INVOICING)
    answer = await browser.get("/3/invoices")
    assert answer.status_code == 403
    assert answer.json()["ErrorInformation"]["Code"] == 2001101


async def test_suspended_company_calls_back_without_code_and_state(consent: Any, world: World) -> None:
    world.companies[WHOLE].suspended = True
    assert await consent() == {}


async def test_service_account_needs_an_administrator_and_the_portal_setting(consent: Any, world: World) -> None:
    assert (await consent(user="bo", account_type="service"))["error"] == "access_denied"
    assert "code" in await consent(user="anna", account_type="service")
    world.oauth.clients["SimKlient001"].service_accounts = False
    answer = await consent(account_type="service")
    assert answer["error"] == "error_client_not_allow_service_account"


async def test_unregistered_redirect_address_is_a_page_not_a_redirect(browser: httpx.AsyncClient, world: World) -> None:
    world.oauth.clients["X"] = Client("X", redirect_uris=("http://127.0.0.1:1/cb",))
    query = {"client_id": "X", "redirect_uri": CALLBACK, "scope": "bookkeeping", "response_type": "code"}
    answer = await browser.get("/oauth-v1/auth", params=query)
    assert answer.status_code == 400
    assert "redirect_uri_mismatch" in answer.text
    outside = {**query, "client_id": "SimKlient001", "redirect_uri": "https://evil.example/cb"}
    assert (await browser.get("/oauth-v1/auth", params=outside)).status_code == 400


async def test_token_answer_has_the_recorded_shape(connect: Any) -> None:
    content = await connect(scope="companyinformation bookkeeping")
    assert list(content) == ["access_token", "expires_in", "token_type", "scope", "refresh_token"]
    assert (content["expires_in"], content["token_type"]) == (3600, "bearer")
    assert content["scope"] == "bookkeeping companyinformation"


async def test_access_token_names_tenant_client_and_times(connect: Any, world: World) -> None:
    seen = claims((await connect())["access_token"])
    assert seen["tenantId"] == WHOLE
    assert (seen["aud"], seen["sub"]) == ("SimKlient001", f"1@{WHOLE}")
    assert seen["exp"] - seen["iat"] == 3600
    assert seen["exp"] == world.clock.timestamp() + 3600
    assert "bookkeeping" in seen["scopes"]


async def test_code_works_once_and_for_ten_minutes(consent: Any, token: Any, world: World) -> None:
    code = (await consent())["code"]
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    assert (await token(code=code, **form)).status_code == 200
    assert (await token(code=code, **form)).json()["error"] == "invalid_grant"
    code = (await consent())["code"]
    world.clock.advance(599)
    assert (await token(code=code, **form)).status_code == 200
    code = (await consent())["code"]
    world.clock.advance(600)
    assert (await token(code=code, **form)).status_code == 400


async def test_code_needs_the_same_redirect_address(consent: Any, token: Any) -> None:
    code = (await consent())["code"]
    answer = await token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK + "/x")
    assert answer.json()["error"] == "invalid_grant"


async def test_refresh_rotates_and_the_old_token_works_once(connect: Any, token: Any) -> None:
    first = (await connect())["refresh_token"]
    second = (await token(grant_type="refresh_token", refresh_token=first)).json()["refresh_token"]
    assert second != first
    replay = await token(grant_type="refresh_token", refresh_token=first)
    assert replay.status_code == 400
    assert replay.headers["content-type"] == "text/html; charset=UTF-8"
    assert json.loads(replay.text) == {"error": "invalid_grant", "error_description": "Invalid refresh token"}
    assert (await token(grant_type="refresh_token", refresh_token=second)).status_code == 200


async def test_replay_ends_the_whole_family_by_the_switch(connect: Any, token: Any, world: World) -> None:
    world.change_switches({"replay_revokes_family": True})
    first = (await connect())["refresh_token"]
    second = (await token(grant_type="refresh_token", refresh_token=first)).json()["refresh_token"]
    await token(grant_type="refresh_token", refresh_token=first)
    assert (await token(grant_type="refresh_token", refresh_token=second)).status_code == 400


async def test_refresh_token_lives_45_days(connect: Any, token: Any, world: World) -> None:
    refresh = (await connect())["refresh_token"]
    world.clock.advance(45 * 86400 - 1)
    refresh = (await token(grant_type="refresh_token", refresh_token=refresh)).json()["refresh_token"]
    world.clock.advance(45 * 86400)
    assert (await token(grant_type="refresh_token", refresh_token=refresh)).status_code == 400


async def test_without_offline_access_the_connection_dies_after_an_hour(connect: Any, token: Any, world: World) -> None:
    refresh = (await connect(access_type="online"))["refresh_token"]
    world.clock.advance(3600)
    assert (await token(grant_type="refresh_token", refresh_token=refresh)).status_code == 400


async def test_without_offline_access_there_is_no_refresh_token_by_the_switch(connect: Any, world: World) -> None:
    world.change_switches({"refresh_without_offline": "absent"})
    assert "refresh_token" not in await connect(access_type="online")


async def test_wrong_secret_is_invalid_client_as_plain_text(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/oauth-v1/token", data={"grant_type": "x"}, auth=("SimKlient001", "no"))
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "text/plain;charset=UTF-8"
    assert json.loads(answer.text)["error"] == "invalid_client"


async def test_client_credentials_in_the_body_are_not_accepted(browser: httpx.AsyncClient) -> None:
    form = {"grant_type": "client_credentials", "client_id": "SimKlient001", "client_secret": "SimHemlig1"}
    assert (await browser.post("/oauth-v1/token", data=form)).status_code == 401


async def test_client_credentials_need_a_service_consent_and_the_tenant(
    consent: Any, token: Any, browser: httpx.AsyncClient
) -> None:
    ask = {"grant_type": "client_credentials"}
    await consent()
    assert (await token(headers={"TenantId": str(WHOLE)}, **ask)).json()["error"] == "invalid_grant"
    await consent(account_type="service", scope="bookkeeping companyinformation")
    content = (await token(headers={"TenantId": str(WHOLE)}, **ask)).json()
    assert "refresh_token" not in content
    assert claims(content["access_token"])["tenantId"] == WHOLE
    bearer = {"Authorization": f"Bearer {content['access_token']}"}
    assert (await browser.get("/3/companyinformation", headers=bearer)).status_code == 200
    assert (await token(headers={"TenantId": "1"}, **ask)).status_code == 400
    assert (await token(**ask)).status_code == 400
    narrow = (await token(headers={"TenantId": str(WHOLE)}, scope="bookkeeping", **ask)).json()
    assert narrow["scope"] == "bookkeeping"


async def test_revoked_consent_ends_refresh_and_minting_but_not_living_access_tokens(
    connect: Any, token: Any, browser: httpx.AsyncClient, world: World
) -> None:
    content = await connect(account_type="service")
    world.oauth.revoke("SimKlient001", WHOLE, access_too=False)
    refresh = content["refresh_token"]
    assert (await token(grant_type="refresh_token", refresh_token=refresh)).status_code == 400
    minted = await token(headers={"TenantId": str(WHOLE)}, grant_type="client_credentials")
    assert minted.status_code == 400
    assert (await browser.get("/3/companyinformation")).status_code == 200


async def test_revoke_is_always_true_and_ends_a_real_refresh_token(
    connect: Any, token: Any, browser: httpx.AsyncClient
) -> None:
    refresh = (await connect())["refresh_token"]
    basic = ("SimKlient001", "SimHemlig1")
    for value in ("invented", refresh):
        form = {"token_type_hint": "refresh_token", "token": value}
        answer = await browser.post("/oauth-v1/revoke", data=form, auth=basic)
        assert answer.json() == {"revoked": True}
    assert (await token(grant_type="refresh_token", refresh_token=refresh)).status_code == 400


async def test_licence_gone_at_refresh_is_401(connect: Any, token: Any, world: World) -> None:
    refresh = (await connect())["refresh_token"]
    world.companies[WHOLE].integration_licence = False
    answer = await token(grant_type="refresh_token", refresh_token=refresh)
    assert (answer.status_code, json.loads(answer.text)["error"]) == (401, "error_missing_license")


async def test_code_posted_to_the_authorize_address_is_403(browser: httpx.AsyncClient) -> None:
    assert (await browser.post("/oauth-v1/auth", data={"code": "x"})).status_code == 403


async def test_proof_key_is_ignored_by_default_and_checked_by_the_switch(
    consent: Any, token: Any, world: World
) -> None:
    verifier = "v" * 50
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {"code_challenge": challenge, "code_challenge_method": "S256"}
    form = {"grant_type": "authorization_code", "redirect_uri": CALLBACK}
    code = (await consent(**asked))["code"]
    assert (await token(code=code, **form)).status_code == 200
    world.change_switches({"pkce": "check"})
    code = (await consent(**asked))["code"]
    assert (await token(code=code, code_verifier="wrong", **form)).status_code == 400
    assert (await token(code=code, code_verifier=verifier, **form)).status_code == 200


async def test_refresh_kills_older_access_tokens_by_the_switch(
    connect: Any, token: Any, browser: httpx.AsyncClient, world: World
) -> None:
    world.change_switches({"refresh_kills_access_tokens": True})
    content = await connect()
    assert (await browser.get("/3/companyinformation")).status_code == 200
    await token(grant_type="refresh_token", refresh_token=content["refresh_token"])
    assert (await browser.get("/3/companyinformation")).status_code == 401


async def test_tokens_come_from_the_seed(world: World, consent: Any) -> None:
    first = (await consent())["code"]
    world.reset()
    assert (await consent())["code"] == first


async def test_expired_foreign_and_missing_tokens_are_401_without_error_information(
    connect: Any, browser: httpx.AsyncClient, world: World
) -> None:
    await connect()
    world.clock.advance(3599)
    assert (await browser.get("/3/companyinformation")).status_code == 200
    world.clock.advance(1)
    for authorization in (browser.headers["Authorization"], "Bearer a.b.c", "Basic eDp5"):
        answer = await browser.get("/3/companyinformation", headers={"Authorization": authorization})
        assert (answer.status_code, answer.json()) == (401, {"message": "unauthorized"})
    legacy = {"Access-Token": "x", "Client-Secret": "y"}
    del browser.headers["Authorization"]
    assert (await browser.get("/3/companyinformation", headers=legacy)).status_code == 401


async def test_unknown_client_and_stale_forms_are_pages_that_say_so(browser: httpx.AsyncClient) -> None:
    assert (await browser.get("/oauth-v1/auth", params={"client_id": "nobody"})).status_code == 400
    for path in ("login", "consent"):
        answer = await browser.post(f"/oauth-v1/{path}", data={"request": "old"})
        assert (answer.status_code, "Börja om" in answer.text) == (400, True)


async def test_only_the_code_response_type_is_supported(consent: Any) -> None:
    assert (await consent(response_type="token"))["error"] == "unsupported_response_type"


async def test_reauthorising_ends_the_old_refresh_token_by_the_switch(connect: Any, token: Any, world: World) -> None:
    first = (await connect())["refresh_token"]
    await connect()
    first = (await token(grant_type="refresh_token", refresh_token=first)).json()["refresh_token"]
    world.change_switches({"reauthorisation_kills_old_tokens": True})
    await connect()
    assert (await token(grant_type="refresh_token", refresh_token=first)).status_code == 400


async def test_licence_gone_stops_code_and_client_credentials(consent: Any, token: Any, world: World) -> None:
    code = (await consent(account_type="service"))["code"]
    world.companies[WHOLE].integration_licence = False
    exchanged = await token(grant_type="authorization_code", code=code, redirect_uri=CALLBACK)
    minted = await token(headers={"TenantId": str(WHOLE)}, grant_type="client_credentials")
    assert [answer.status_code for answer in (exchanged, minted)] == [401, 401]


async def test_minting_more_than_was_consented_is_invalid_scope(consent: Any, token: Any) -> None:
    await consent(account_type="service", scope="bookkeeping")
    answer = await token(headers={"TenantId": str(WHOLE)}, grant_type="client_credentials", scope="bookkeeping invoice")
    assert json.loads(answer.text)["error"] == "invalid_scope"


@pytest.mark.parametrize("authorization", ["Basic !!", "Basic /w==", "Bearer x", ""])
async def test_garbled_client_authentication_is_invalid_client(browser: httpx.AsyncClient, authorization: str) -> None:
    headers = {"Authorization": authorization}
    for path in ("token", "revoke"):
        answer = await browser.post(f"/oauth-v1/{path}", data={"grant_type": "x"}, headers=headers)
        assert answer.status_code == 401


async def test_missing_redirect_address_means_the_registered_one(browser: httpx.AsyncClient, world: World) -> None:
    world.oauth.clients["X"] = Client("X", redirect_uris=("http://127.0.0.1:1/cb?a=b",))
    query = {"client_id": "X", "scope": "nosuch", "response_type": "code", "state": "s"}
    answer = await browser.get("/oauth-v1/auth", params=query)
    assert answer.headers["location"].startswith("http://127.0.0.1:1/cb?a=b&error=invalid_scope")
