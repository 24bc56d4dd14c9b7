"""The login flow against single answers of an authorization server, each as it comes over the wire."""

import base64
import dataclasses
import hashlib
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import respx

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Redirect, Token
from closing_host.api.context import Connection
from closing_host.api.errors import (
    AuthorizationError,
    ClosingError,
    Denied,
    Expired,
    PermissionMissing,
    RateLimited,
    SettingsError,
    SourceUnavailable,
)
from closing_host.api.oauth2 import OAuth2CodeFlow
from hook_context import NOW, HookContext

pytestmark = pytest.mark.anyio

AUTH, TOKEN, REVOKE = (f"https://login.example/oauth/{name}" for name in ("auth", "token", "revoke"))
ME = "https://api.example/me"
CALLBACK = "http://127.0.0.1:8710/callback"
ACCOUNT = Account("42", "Exempel AB", "556000-0001", "42")
CONNECTION = Connection(None, None, ACCOUNT)
GOOD: dict[str, Any] = {
    "access_token": "access-1",
    "expires_in": 3600,
    "token_type": "bearer",
    "scope": "books company",
    "refresh_token": "refresh-1",
}
STORED = Token("access-0", "refresh-0", NOW, rotates=True, scopes=frozenset({"books", "company"}))


async def whoami(http: httpx.AsyncClient, request: AuthorizeRequest) -> Account:
    company = (await http.get(ME)).json()
    return Account(company["id"], company["name"])


def flow(**options: Any) -> OAuth2CodeFlow:
    chosen: dict[str, Any] = {
        "authorize_url": AUTH,
        "token_url": TOKEN,
        "revoke_url": REVOKE,
        "client_id": "app",
        "client_secret": "hush",
        "scopes": {"import": ("company", "books"), "attachments": ("invoices",)},
        "identify": whoami,
    }
    return OAuth2CodeFlow(**{**chosen, **options})


@pytest.fixture
async def context() -> AsyncIterator[HookContext]:
    async with httpx.AsyncClient() as http:
        yield HookContext(http)


@pytest.fixture
def wire() -> Any:
    with respx.mock(assert_all_called=False) as router:
        router.get(ME).respond(json={"id": "42", "name": "Exempel AB"})
        router.post(REVOKE).respond(json={"revoked": True})
        yield router


def connecting(**fields: Any) -> AuthorizeRequest:
    return AuthorizeRequest("connect", callback=CALLBACK, state="s-1", **fields)


async def started(context: HookContext, **options: Any) -> Redirect:
    step = await flow(**options).step(connecting(), CONNECTION, context)
    assert isinstance(step, Redirect)
    return step


async def returned(context: HookContext, answer: Mapping[str, str], **options: Any) -> Authorized:
    """Start a login and come back with `answer`."""
    redirect = await started(context, **options)
    step = await flow(**options).step(connecting(flow=redirect.flow, answer=answer), CONNECTION, context)
    assert isinstance(step, Authorized)
    return step


async def renewed(context: HookContext, token: Token | None = STORED, **options: Any) -> Authorized:
    step = await flow(**options).step(AuthorizeRequest("renew", token=token), CONNECTION, context)
    assert isinstance(step, Authorized)
    return step


def form_of(call: respx.models.Call) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(call.request.content.decode()).items()}


# --- connect: out ---------------------------------------------------------------------------------------------


async def test_the_login_address_asks_the_least_scope_for_the_operations(context: HookContext) -> None:
    query = parse_qs(urlsplit((await started(context)).url).query)
    assert query["scope"] == ["books company"]
    more = await flow().step(connecting(operations=frozenset({"import", "attachments"})), CONNECTION, context)
    assert isinstance(more, Redirect)
    assert parse_qs(urlsplit(more.url).query)["scope"] == ["books company invoices"]


async def test_the_login_address_carries_what_the_protocol_asks(context: HookContext) -> None:
    redirect = await started(context, authorize_parameters={"access_type": "offline"})
    query = {name: values[0] for name, values in parse_qs(urlsplit(redirect.url).query).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(redirect.flow["verifier"].encode()).digest()).rstrip(b"=")
    assert redirect.url.startswith(AUTH + "?")
    assert query == {
        "response_type": "code",
        "client_id": "app",
        "redirect_uri": CALLBACK,
        "scope": "books company",
        "state": "s-1",
        "access_type": "offline",
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }


async def test_scopes_are_parted_by_percent_twenty(context: HookContext) -> None:
    assert "scope=books%20company&" in (await started(context)).url


async def test_each_login_has_its_own_verifier(context: HookContext) -> None:
    assert (await started(context)).flow["verifier"] != (await started(context)).flow["verifier"]


async def test_without_pkce_there_is_no_challenge(context: HookContext) -> None:
    redirect = await started(context, pkce=False)
    assert "code_challenge" not in redirect.url
    assert redirect.flow["verifier"] == ""


# --- connect: back --------------------------------------------------------------------------------------------


async def test_a_code_becomes_a_token_and_an_account(context: HookContext, wire: respx.Router) -> None:
    route = wire.post(TOKEN).respond(json=GOOD)
    redirect = await started(context)
    request = connecting(flow=redirect.flow, answer={"code": "c-1", "state": "s-1"})
    step = await flow(rotates=True).step(request, CONNECTION, context)
    assert step == Authorized(
        Account("42", "Exempel AB"),
        Token(
            "access-1",
            "refresh-1",
            NOW + timedelta(hours=1),
            rotates=True,
            scopes=frozenset({"books", "company"}),
            grant="refresh_token",
        ),
    )
    assert form_of(route.calls.last) == {
        "grant_type": "authorization_code",
        "code": "c-1",
        "redirect_uri": CALLBACK,
        "code_verifier": redirect.flow["verifier"],
    }


async def test_the_client_authenticates_by_basic_and_not_in_the_body(context: HookContext, wire: respx.Router) -> None:
    route = wire.post(TOKEN).respond(json=GOOD)
    await returned(context, {"code": "c-1", "state": "s-1"})
    sent = route.calls.last.request
    assert sent.headers["Authorization"] == "Basic " + base64.b64encode(b"app:hush").decode()
    assert sent.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert b"hush" not in sent.content


async def test_the_company_is_asked_for_with_the_new_token(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    await returned(context, {"code": "c-1", "state": "s-1"})
    assert wire.get(ME).calls.last.request.headers["Authorization"] == "Bearer access-1"
    assert "Authorization" not in context.http.headers


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        ({}, Denied, "oauth-answer-empty"),
        ({"state": "s-1"}, Denied, "oauth-answer-empty"),
        ({"code": "c-1"}, AuthorizationError, "oauth-state-wrong"),
        ({"code": "c-1", "state": "other"}, AuthorizationError, "oauth-state-wrong"),
        ({"code": "c-1", "state": "å"}, AuthorizationError, "oauth-state-wrong"),
        ({"error": "access_denied", "state": "other"}, AuthorizationError, "oauth-state-wrong"),
        ({"error": "access_denied", "state": "s-1"}, Denied, "oauth-denied"),
        ({"error": "access_denied"}, Denied, "oauth-denied"),
        ({"error": "invalid_scope", "state": "s-1"}, AuthorizationError, "oauth-scope-refused"),
        ({"error": "server_error", "state": "s-1"}, AuthorizationError, "oauth-login-refused"),
        ({"error": "server_error", "code": "c-1", "state": "s-1"}, AuthorizationError, "oauth-login-refused"),
    ],
)
async def test_a_callback_that_is_no_login_says_what_it_is(
    context: HookContext, wire: respx.Router, answer: dict[str, str], error: type[ClosingError], code: str
) -> None:
    route = wire.post(TOKEN).respond(json=GOOD)
    with pytest.raises(error) as raised:
        await returned(context, answer)
    assert type(raised.value) is error
    assert raised.value.code == code
    assert not route.called


async def test_a_login_that_was_never_started_is_refused(context: HookContext, wire: respx.Router) -> None:
    request = AuthorizeRequest("connect", answer={"code": "c-1", "state": ""})
    with pytest.raises(AuthorizationError, match="oauth-state-wrong"):
        await flow().step(request, CONNECTION, context)


async def test_the_servers_own_words_stand_beside_ours(context: HookContext) -> None:
    answer = {"error": "access_denied", "error_description": "The user\nsaid " + "no " * 200, "state": "s-1"}
    with pytest.raises(Denied) as raised:
        await returned(context, answer)
    assert raised.value.detail.startswith("The user said no no")
    assert len(raised.value.detail) == 300


async def test_the_source_may_explain_an_error_itself(context: HookContext) -> None:
    def explain(error: str, description: str, request: AuthorizeRequest) -> ClosingError | None:
        return {"": Denied("closed"), "licence": AuthorizationError("buy-it", detail=description)}.get(error)

    with pytest.raises(Denied, match="closed"):
        await returned(context, {}, explain=explain)
    with pytest.raises(AuthorizationError, match=r"buy-it.*: first"):
        await returned(context, {"error": "licence", "error_description": "first", "state": "s-1"}, explain=explain)
    with pytest.raises(Denied, match="oauth-denied"):
        await returned(context, {"error": "access_denied", "state": "s-1"}, explain=explain)


async def test_the_source_may_explain_what_the_token_endpoint_says(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(401, json={"error": "licence"})
    with pytest.raises(AuthorizationError, match="buy-it"):
        await renewed(context, explain=lambda error, description, request: AuthorizationError("buy-it"))


async def test_a_code_that_is_too_old_says_so(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(400, json={"error": "invalid_grant"})
    with pytest.raises(AuthorizationError) as raised:
        await returned(context, {"code": "c-1", "state": "s-1"})
    assert type(raised.value) is AuthorizationError
    assert raised.value.code == "oauth-code-refused"


async def test_scopes_not_granted_are_operations_missing(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    redirect = await started(context)
    request = connecting(
        operations=frozenset({"import", "attachments"}),
        flow=redirect.flow,
        answer={"code": "c-1", "state": "s-1"},
    )
    step = await flow().step(request, CONNECTION, context)
    assert isinstance(step, Authorized)
    assert step.account == Account("42", "Exempel AB", missing={"attachments": "invoices"})


async def test_a_login_that_cannot_import_is_refused_and_revoked(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json=GOOD | {"scope": "company"})
    with pytest.raises(PermissionMissing) as raised:
        await returned(context, {"code": "c-1", "state": "s-1"})
    assert (raised.value.operation, raised.value.detail) == ("import", "books")
    assert form_of(wire.post(REVOKE).calls.last)["token"] == "refresh-1"


async def test_a_token_for_another_company_than_the_source_names_is_revoked(
    context: HookContext, wire: respx.Router
) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    wire.post(REVOKE).respond(500)  # and that this fails does not hide why
    with pytest.raises(AuthorizationError, match="oauth-account-differs"):
        await returned(context, {"code": "c-1", "state": "s-1"}, account_of=lambda access: Account("43"))
    assert wire.post(REVOKE).called


async def test_a_token_that_names_the_same_company_is_accepted(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    step = await returned(context, {"code": "c-1", "state": "s-1"}, account_of=lambda access: Account("42"))
    assert step.account == Account("42", "Exempel AB")


async def test_an_answer_without_scope_grants_what_was_asked(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json={"access_token": "a"})
    step = await returned(context, {"code": "c-1", "state": "s-1"})
    assert step.token is not None
    assert step.token.scopes == {"books", "company"}


# --- renew ----------------------------------------------------------------------------------------------------


async def test_a_refresh_token_is_spent_for_the_next(context: HookContext, wire: respx.Router) -> None:
    route = wire.post(TOKEN).respond(json=GOOD)
    step = await renewed(context, rotates=True)
    assert form_of(route.calls.last) == {"grant_type": "refresh_token", "refresh_token": "refresh-0"}
    assert step.account == ACCOUNT
    assert step.token is not None
    assert (step.token.access, step.token.renewal, step.token.rotates) == ("access-1", "refresh-1", True)


async def test_renewing_never_uses_the_new_token(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    await renewed(context, account_of=lambda access: Account("42"))
    assert not wire.get(ME).called


async def test_client_credentials_name_the_company_in_a_header(context: HookContext, wire: respx.Router) -> None:
    answer = {name: value for name, value in GOOD.items() if name != "refresh_token"}
    route = wire.post(TOKEN).respond(json=answer)
    step = await renewed(
        context,
        dataclasses.replace(STORED, grant="client_credentials"),
        rotates=True,
        renewal_headers=lambda account: {"TenantId": account.id},
    )
    assert form_of(route.calls.last) == {"grant_type": "client_credentials"}
    assert route.calls.last.request.headers["TenantId"] == "42"
    assert step.token is not None
    assert (step.token.grant, step.token.rotates) == ("client_credentials", False)


async def test_a_stored_token_is_renewed_by_its_own_grant(context: HookContext, wire: respx.Router) -> None:
    route = wire.post(TOKEN).respond(json=GOOD)
    await renewed(context, dataclasses.replace(STORED, grant="refresh_token"), renewal="client_credentials")
    assert form_of(route.calls.last)["grant_type"] == "refresh_token"


@pytest.mark.parametrize("grant", ["refresh_token", "client_credentials"])
async def test_a_refused_renewal_is_expired(context: HookContext, wire: respx.Router, grant: str) -> None:
    # The odd content type is Fortnox's own (F 1.4).
    body = b'{"error":"invalid_grant","error_description":"Invalid refresh token"}'
    wire.post(TOKEN).respond(400, content=body, headers={"Content-Type": "text/html; charset=UTF-8"})
    with pytest.raises(Expired) as raised:
        await renewed(context, dataclasses.replace(STORED, grant=grant))
    assert (raised.value.code, raised.value.detail) == ("oauth-renewal-refused", "Invalid refresh token")


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (httpx.Response(200, html="<html>log in</html>"), SourceUnavailable, "oauth-answer-unreadable"),
        (httpx.Response(200, content=b'{"access_token":"a","refr'), SourceUnavailable, "oauth-answer-unreadable"),
        (httpx.Response(200, content=b""), SourceUnavailable, "oauth-answer-unreadable"),
        (httpx.Response(200, content=b"\xff\xfe{}"), SourceUnavailable, "oauth-answer-unreadable"),
        (httpx.Response(200, content=b"[" * 100_000), SourceUnavailable, "oauth-answer-unreadable"),
        (httpx.Response(200, json=["access_token"]), SourceUnavailable, "oauth-answer-unreadable"),
        (httpx.Response(200, json={}), SourceUnavailable, "oauth-token-absent"),
        (httpx.Response(200, json={"access_token": None}), SourceUnavailable, "oauth-token-absent"),
        (httpx.Response(200, json={"access_token": 7}), SourceUnavailable, "oauth-token-absent"),
        (httpx.Response(500, json={"error": "invalid_grant"}), SourceUnavailable, "oauth-failing"),
        (httpx.Response(503, html="busy"), SourceUnavailable, "oauth-failing"),
        (httpx.Response(408), SourceUnavailable, "oauth-failing"),
        (httpx.Response(429, text="Too Many Requests"), RateLimited, "oauth-too-many"),
        (
            httpx.Response(302, headers={"Location": "https://x.example/"}),
            AuthorizationError,
            "oauth-endpoint-wrong",
        ),
        (httpx.Response(403, text="Forbidden"), AuthorizationError, "oauth-endpoint-wrong"),
        (httpx.Response(404, json={"message": "no"}), AuthorizationError, "oauth-endpoint-wrong"),
        (httpx.Response(400, json={"error": 7}), AuthorizationError, "oauth-token-refused"),
        (httpx.Response(400, json={"error": "unauthorized_client"}), AuthorizationError, "oauth-token-refused"),
    ],
)
async def test_an_odd_answer_leaves_the_outcome_unknown_and_is_not_asked_again(
    context: HookContext, wire: respx.Router, answer: httpx.Response, error: type[ClosingError], code: str
) -> None:
    route = wire.post(TOKEN).mock(return_value=answer)
    with pytest.raises(error) as raised:
        await renewed(context)
    assert not isinstance(raised.value, Expired)
    assert raised.value.code == code
    assert route.call_count == 1


@pytest.mark.parametrize(
    "failure", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.DecodingError]
)
async def test_a_lost_answer_leaves_the_outcome_unknown_and_is_not_asked_again(
    context: HookContext, wire: respx.Router, failure: type[httpx.RequestError]
) -> None:
    route = wire.post(TOKEN).mock(side_effect=failure)
    with pytest.raises(SourceUnavailable) as raised:
        await renewed(context)
    assert raised.value.code == "oauth-unreachable"
    assert raised.value.parameters == {"host": "login.example", "reason": failure.__name__}
    assert route.call_count == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(
            401,
            content=b'{"error":"invalid_client","error_description":"The client credentials are invalid"}',
            headers={"Content-Type": "text/plain;charset=UTF-8"},
        ),
        httpx.Response(401, text="Unauthorized"),
    ],
)
async def test_a_wrong_secret_is_an_error_of_the_settings(
    context: HookContext, wire: respx.Router, answer: httpx.Response
) -> None:
    wire.post(TOKEN).mock(return_value=answer)
    with pytest.raises(SettingsError) as raised:
        await renewed(context)
    assert raised.value.fields == {"client_id": "oauth-client-refused", "client_secret": "oauth-client-refused"}


async def test_a_secret_that_cannot_be_sent_is_an_error_of_the_settings(context: HookContext) -> None:
    with pytest.raises(SettingsError):
        await renewed(context, client_secret="hush\u200b€")


async def test_the_old_refresh_token_is_kept_when_none_comes(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json={"access_token": "access-1", "expires_in": 60})
    step = await renewed(context)
    assert step.token is not None
    assert step.token.renewal == "refresh-0"
    assert step.token.scopes == STORED.scopes


async def test_a_renewed_token_that_names_no_company_comes_without_one(
    context: HookContext, wire: respx.Router
) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    step = await renewed(context, account_of=lambda access: None)
    assert step.account is None
    assert step.token is not None


async def test_a_renewed_token_tells_whose_it_is(context: HookContext, wire: respx.Router) -> None:
    wire.post(TOKEN).respond(json=GOOD)
    assert (await renewed(context, account_of=lambda access: Account("43"))).account == Account("43")


@pytest.mark.parametrize(
    ("token", "account"),
    [
        (None, ACCOUNT),
        (Token("a"), ACCOUNT),
        (Token("a", grant="client_credentials"), None),
    ],
)
async def test_nothing_to_renew_means_logging_in(
    context: HookContext, token: Token | None, account: Account | None
) -> None:
    with pytest.raises(Expired, match="oauth-nothing-to-renew"):
        await flow().step(AuthorizeRequest("renew", token=token), Connection(None, None, account), context)


# --- check and disconnect -------------------------------------------------------------------------------------


async def test_check_asks_whose_the_stored_token_is(context: HookContext, wire: respx.Router) -> None:
    step = await flow().step(AuthorizeRequest("check", token=STORED), CONNECTION, context)
    assert step == Authorized(Account("42", "Exempel AB"))
    assert wire.get(ME).calls.last.request.headers["Authorization"] == "Bearer access-0"


async def test_check_without_login_tries_id_and_secret(context: HookContext, wire: respx.Router) -> None:
    route = wire.post(TOKEN).respond(400, json={"error": "invalid_grant"})
    assert await flow().step(AuthorizeRequest("check"), CONNECTION, context) == Authorized(None)
    assert form_of(route.calls.last)["grant_type"] == "refresh_token"
    route.respond(401, json={"error": "invalid_client"})
    with pytest.raises(SettingsError):
        await flow().step(AuthorizeRequest("check"), CONNECTION, context)


async def test_disconnect_revokes_the_refresh_token(context: HookContext, wire: respx.Router) -> None:
    step = await flow().step(AuthorizeRequest("disconnect", token=STORED), CONNECTION, context)
    assert step == Authorized(None)
    sent = wire.post(REVOKE).calls.last
    assert form_of(sent) == {"token": "refresh-0", "token_type_hint": "refresh_token"}
    assert sent.request.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(("token", "options"), [(None, {}), (Token("a"), {}), (STORED, {"revoke_url": ""})])
async def test_disconnect_without_anything_to_revoke_calls_nobody(
    context: HookContext, wire: respx.Router, token: Token | None, options: dict[str, str]
) -> None:
    request = AuthorizeRequest("disconnect", token=token)
    assert await flow(**options).step(request, CONNECTION, context) == Authorized(None)
    assert not wire.calls


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(503), SourceUnavailable),
        (httpx.Response(400, json={"error": "unsupported_token_type"}), AuthorizationError),
        (httpx.Response(404), AuthorizationError),
    ],
)
async def test_a_revocation_that_fails_is_told(
    context: HookContext, wire: respx.Router, answer: httpx.Response, error: type[ClosingError]
) -> None:
    wire.post(REVOKE).mock(return_value=answer)
    with pytest.raises(error):
        await flow().step(AuthorizeRequest("disconnect", token=STORED), CONNECTION, context)


# --- secrets and libraries ------------------------------------------------------------------------------------


def test_the_secret_is_not_shown() -> None:
    assert "hush" not in repr(flow())


def test_neither_httpx2_nor_authlibs_http_client_is_imported() -> None:
    code = (
        "import sys, closing_host.api.oauth2; "
        "sys.exit(any(name.startswith(('httpx2', 'authlib.integrations')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
