"""Connect, renew, check and disconnect against the simulator: real redirects, real token endpoint."""

import base64
import dataclasses
import json
import subprocess
import sys
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from closing_host.api.authorization import Account, Authorized, AuthorizeRequest, Operation, Token
from closing_host.api.context import Connection
from closing_host.api.errors import (
    AuthorizationError,
    ClosingError,
    Denied,
    Expired,
    PermissionMissing,
    SettingsError,
    SourceUnavailable,
)
from datasource_fortnox import auth, plugin
from fortnox_harness import CALLBACK, NO_INVOICING, WHOLE, Fortnox, installation

pytestmark = pytest.mark.anyio

EVERYTHING: tuple[Operation, ...] = ("import", "attachments", "export")


def by_user(fortnox: Fortnox) -> Fortnox:
    """The same with refresh tokens instead of a service account."""
    return dataclasses.replace(fortnox, installation=installation(fortnox.simulator, login="user"))


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


# --- what is asked for ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operations", "scopes"),
    [
        ({"import"}, "bookkeeping companyinformation"),
        ({"import", "attachments"}, "bookkeeping companyinformation invoice payment settings supplierinvoice"),
        ({"import", "export"}, "bookkeeping companyinformation costcenter project settings"),
    ],
)
async def test_no_more_scope_is_asked_for_than_the_operations_need(
    fortnox: Fortnox, operations: set[Operation], scopes: str
) -> None:
    redirect = await fortnox.start(frozenset(operations), fortnox.connection())
    assert asked(redirect.url)["scope"] == scopes


async def test_an_engagement_without_sub_ledger_never_asks_for_it(fortnox: Fortnox) -> None:
    connection = fortnox.connection(without_sub_ledger=True)
    redirect = await fortnox.start(frozenset({"import", "attachments"}), connection)
    assert asked(redirect.url)["scope"] == "bookkeeping companyinformation"


async def test_a_service_account_is_asked_for_unless_the_settings_say_user(fortnox: Fortnox) -> None:
    service = asked((await fortnox.start(frozenset({"import"}), fortnox.connection())).url)
    person = by_user(fortnox)
    user = asked((await person.start(frozenset({"import"}), person.connection())).url)
    assert (service["account_type"], "access_type" in service) == ("service", False)
    assert (user["access_type"], "account_type" in user) == ("offline", False)


# --- connecting -----------------------------------------------------------------------------------------------


async def test_a_service_account_is_connected_and_minted_for_its_company(fortnox: Fortnox) -> None:
    step = await fortnox.connect(WHOLE, *EVERYTHING)
    assert step.account == Account("29302", "Exempel & Söner AB", "556677-8899", "29302")
    assert step.token is not None
    assert (step.token.grant, step.token.rotates) == ("client_credentials", False)
    assert step.token.expires_at == fortnox.context.clock() + timedelta(hours=1)

    fortnox.world.clock.advance(3000)
    renewed = await fortnox.renew(step.account, step.token)
    assert renewed.account == Account("29302", number="29302")
    assert renewed.token is not None
    assert renewed.token.access != step.token.access
    assert renewed.token.expires_at == fortnox.context.clock() + timedelta(hours=1)
    assert renewed.token.scopes == step.token.scopes
    assert fortnox.world.log.entries[-1].grant == "client_credentials"


async def test_a_refresh_token_rotates_and_the_old_one_is_expired(fortnox: Fortnox) -> None:
    person = by_user(fortnox)
    step = await person.connect()
    assert step.token is not None
    assert (step.token.grant, step.token.rotates) == ("refresh_token", True)
    renewed = await person.renew(step.account, step.token)
    assert renewed.token is not None
    assert renewed.token.renewal not in ("", step.token.renewal)
    with pytest.raises(Expired) as raised:
        await person.renew(step.account, step.token)
    assert (raised.value.code, raised.value.detail) == ("oauth-renewal-refused", "Invalid refresh token")


async def test_connecting_calls_as_often_as_the_documentation_says(fortnox: Fortnox) -> None:
    formula: dict[tuple[Operation, ...], int] = {
        ("import",): 3,
        ("import", "attachments"): 8,
        ("import", "attachments", "export"): 12,
    }
    for operations, calls in formula.items():
        fortnox.world.log.clear()
        await fortnox.connect(WHOLE, *operations)
        ours = [call for call in fortnox.calls() if call == "POST /oauth-v1/token" or " /3/" in call]
        assert len(ours) == calls


# --- what may be missing --------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["consent", "call"])
async def test_a_company_without_invoicing_is_offered_to_do_without(fortnox: Fortnox, at: str) -> None:
    fortnox.world.change_switches({"missing_module_at": at})
    if at == "consent":
        with pytest.raises(PermissionMissing) as raised:
            await fortnox.connect(NO_INVOICING, "import", "attachments")
        assert (raised.value.operation, raised.value.code) == ("attachments", "fortnox-licence-missing")
    else:
        step = await fortnox.connect(NO_INVOICING, "import", "attachments")
        assert step.account is not None
        assert step.account.missing["attachments"].startswith("Fortnox 2001101: ")
    without = await fortnox.connect(NO_INVOICING, "import", "attachments", without_sub_ledger=True)
    assert without.account is not None
    assert without.account.missing == {}


@pytest.mark.parametrize("module", ["costcenter", "project"])
async def test_a_company_without_the_modules_of_the_export_is_offered_to_do_without_it(
    fortnox: Fortnox, module: str
) -> None:
    fortnox.world.companies[WHOLE].modules.discard(module)
    with pytest.raises(PermissionMissing) as raised:
        await fortnox.connect(WHOLE, "import", "export")
    assert (raised.value.operation, raised.value.code) == ("export", "fortnox-licence-missing")
    fortnox.world.change_switches({"missing_module_at": "call"})
    step = await fortnox.connect(WHOLE, "import", "export")
    assert step.account is not None
    assert step.account.missing["export"].startswith("Fortnox 2001101: ")


async def test_a_module_missing_for_the_books_themselves_is_not_offered_away(fortnox: Fortnox) -> None:
    fortnox.world.companies[WHOLE].modules.discard("bookkeeping")
    with pytest.raises(PermissionMissing) as raised:
        await fortnox.connect(WHOLE, "import")
    assert raised.value.operation == "import"
    fortnox.world.change_switches({"missing_module_at": "call"})
    with pytest.raises(PermissionMissing) as raised:
        await fortnox.connect(WHOLE, "import")
    assert raised.value.operation == "import"


@pytest.mark.parametrize(
    ("operation", "scope"),
    [(each, scope) for each in ("attachments", "export") for scope in auth.SCOPES[each] if scope != "bookkeeping"],
)
async def test_a_scope_that_was_not_granted_is_known_at_connecting(
    fortnox: Fortnox, operation: Operation, scope: str
) -> None:
    granted = {each for part in auth.SCOPES.values() for each in part} - {scope}
    fortnox.fail({"fault": "K10", "value": " ".join(sorted(granted))}, path="/oauth-v1/token")
    step = await fortnox.connect(WHOLE, "import", operation)
    assert step.account is not None
    assert set(step.account.missing) == {operation}


@pytest.mark.parametrize("scope", auth.SCOPES["import"])
async def test_without_the_scopes_of_the_books_nothing_is_connected(fortnox: Fortnox, scope: str) -> None:
    granted = set(auth.SCOPES["import"]) - {scope}
    fortnox.fail({"fault": "K10", "value": " ".join(granted)}, path="/oauth-v1/token")
    with pytest.raises(PermissionMissing) as raised:
        await fortnox.connect()
    assert raised.value.operation == "import"
    assert fortnox.calls()[-1] == "POST /oauth-v1/revoke"


async def test_a_right_missing_inside_fortnox_is_known_at_connecting(fortnox: Fortnox) -> None:
    fortnox.world.companies[WHOLE].missing_rights.add("supplierinvoice")
    step = await fortnox.connect(WHOLE, "import", "attachments")
    assert step.account is not None
    assert step.account.missing == {"attachments": "Fortnox 2003275: Saknar behörighet för leverantörsregister."}


# --- error redirects (F 1.1) ----------------------------------------------------------------------------------


async def refused(fortnox: Fortnox, **dialogue: Any) -> ClosingError:
    with pytest.raises(ClosingError) as raised:
        await fortnox.connect(**dialogue)
    assert "POST /oauth-v1/token" not in fortnox.calls()
    return raised.value


async def test_saying_no_is_a_denial(fortnox: Fortnox) -> None:
    error = await refused(fortnox, decision="deny")
    assert (type(error), error.code) == (Denied, "fortnox-access-denied")
    assert error.detail == "The resource owner denied the request"


async def test_only_an_administrator_may_approve_a_service_account(fortnox: Fortnox) -> None:
    error = await refused(fortnox, user="bo")
    assert (type(error), error.code) == (Denied, "fortnox-access-denied")
    assert "administrator" in error.detail


async def test_a_scope_not_ticked_in_the_portal_is_named(fortnox: Fortnox) -> None:
    fortnox.simulator.client.scopes = frozenset({"companyinformation"})
    error = await refused(fortnox)
    assert (type(error), error.code) == (AuthorizationError, "fortnox-scope-not-ticked")
    assert error.parameters["scopes"] == "bookkeeping companyinformation"


async def test_service_accounts_not_allowed_in_the_portal(fortnox: Fortnox) -> None:
    fortnox.simulator.client.service_accounts = False
    error = await refused(fortnox)
    assert (type(error), error.code) == (AuthorizationError, "fortnox-service-account-not-allowed")


async def test_a_company_without_the_integration_licence(fortnox: Fortnox) -> None:
    fortnox.world.companies[WHOLE].integration_licence = False
    error = await refused(fortnox)
    assert (type(error), error.code) == (AuthorizationError, "fortnox-integration-licence-missing")


async def test_a_closed_account_comes_back_without_code_and_state(fortnox: Fortnox) -> None:
    fortnox.world.companies[WHOLE].suspended = True
    error = await refused(fortnox)
    assert (type(error), error.code) == (Denied, "fortnox-account-closed")


async def test_a_callback_address_that_is_not_registered_is_named(fortnox: Fortnox) -> None:
    redirect = await fortnox.start(frozenset({"import"}), fortnox.connection())
    answer = {"error": "redirect_uri_mismatch", "state": "state-1"}
    with pytest.raises(AuthorizationError) as raised:
        await fortnox.finish(redirect, answer, frozenset({"import"}), fortnox.connection())
    assert raised.value.code == "fortnox-callback-not-registered"
    assert raised.value.parameters["callback"] == CALLBACK


async def test_a_callback_with_another_state_is_refused(fortnox: Fortnox) -> None:
    redirect = await fortnox.start(frozenset({"import"}), fortnox.connection())
    answer = await fortnox.click(redirect.url, WHOLE) | {"state": "state-2"}
    with pytest.raises(AuthorizationError, match="oauth-state-wrong"):
        await fortnox.finish(redirect, answer, frozenset({"import"}), fortnox.connection())


async def test_a_code_works_for_ten_minutes_and_once(fortnox: Fortnox) -> None:
    connection, operations = fortnox.connection(), frozenset[Operation]({"import"})
    redirect = await fortnox.start(operations, connection)
    answer = await fortnox.click(redirect.url, WHOLE)
    await fortnox.finish(redirect, answer, operations, connection)
    with pytest.raises(AuthorizationError, match="oauth-code-refused"):
        await fortnox.finish(redirect, answer, operations, connection)
    late = await fortnox.click((redirect := await fortnox.start(operations, connection)).url, WHOLE)
    fortnox.world.clock.advance(601)
    with pytest.raises(AuthorizationError, match="oauth-code-refused"):
        await fortnox.finish(redirect, late, operations, connection)


async def test_pkce_is_proved_where_fortnox_checks_it(fortnox: Fortnox) -> None:
    fortnox.world.change_switches({"pkce": "check"})
    assert (await fortnox.connect()).token is not None
    redirect = await fortnox.start(frozenset({"import"}), fortnox.connection())
    answer = await fortnox.click(redirect.url, WHOLE)
    stolen = dataclasses.replace(redirect, flow={**redirect.flow, "verifier": "guessed"})
    with pytest.raises(AuthorizationError, match="oauth-code-refused"):
        await fortnox.finish(stolen, answer, frozenset({"import"}), fortnox.connection())


# --- token faults (T A13, T 4.3) ------------------------------------------------------------------------------


@pytest.mark.parametrize("grant", ["refresh_token", "client_credentials"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("K3", SourceUnavailable),
        ("K7", ClosingError),
        ("K8", SourceUnavailable),
        ("truncated_content", SourceUnavailable),
        ("maintenance", SourceUnavailable),
        ("redirect", AuthorizationError),
    ],
)
async def test_a_renewal_with_an_odd_answer_is_of_unknown_outcome_and_sent_once(
    fortnox: Fortnox, grant: str, fault: str, error: type[ClosingError]
) -> None:
    whose = by_user(fortnox) if grant == "refresh_token" else fortnox
    step = await whose.connect()
    fortnox.world.log.clear()
    fortnox.fail(fault, path="/oauth-v1/token")
    with pytest.raises(error) as raised:
        await whose.renew(step.account, step.token)
    assert not isinstance(raised.value, Expired)
    assert fortnox.calls() == ["POST /oauth-v1/token"]


async def test_a_renewal_whose_answer_is_lost_is_of_unknown_outcome(fortnox: Fortnox) -> None:
    step = await fortnox.connect()
    proxied = dataclasses.replace(
        fortnox, installation=installation(fortnox.simulator, login_address=fortnox.simulator.proxy_url)
    )
    fortnox.fail("K1", path="/oauth-v1/token")
    with pytest.raises(SourceUnavailable, match="oauth-unreachable"):
        await proxied.renew(step.account, step.token)


async def test_a_refused_renewal_is_expired(fortnox: Fortnox) -> None:
    step = await fortnox.connect()
    fortnox.fail("K6", path="/oauth-v1/token")
    with pytest.raises(Expired):
        await fortnox.renew(step.account, step.token)


async def test_a_withdrawn_consent_is_expired(fortnox: Fortnox) -> None:
    step = await fortnox.connect()
    fortnox.world.oauth.revoke(fortnox.simulator.client.client_id, WHOLE, access_too=False)
    with pytest.raises(Expired):
        await fortnox.renew(step.account, step.token)


async def test_the_old_refresh_token_is_kept_when_the_answer_has_none(fortnox: Fortnox) -> None:
    person = by_user(fortnox)
    step = await person.connect()
    fortnox.fail("K4", path="/oauth-v1/token")
    renewed = await person.renew(step.account, step.token)
    assert renewed.token is not None
    assert step.token is not None
    assert renewed.token.renewal == step.token.renewal


async def test_a_lifetime_stated_as_text_is_read(fortnox: Fortnox) -> None:
    fortnox.fail("K5", path="/oauth-v1/token")
    step = await fortnox.connect()
    assert step.token is not None
    assert step.token.expires_at == fortnox.context.clock() + timedelta(hours=1)


async def test_a_token_for_another_company_is_seen_at_once(fortnox: Fortnox) -> None:
    step = await fortnox.connect()
    fortnox.fail("K9", path="/oauth-v1/token")
    renewed = await fortnox.renew(step.account, step.token)
    assert renewed.account is not None
    assert step.account is not None
    assert renewed.account.id != step.account.id  # the host compares, and quarantines


async def test_a_licence_that_ended_is_told_at_renewing(fortnox: Fortnox) -> None:
    step = await fortnox.connect()
    fortnox.world.companies[WHOLE].integration_licence = False
    with pytest.raises(AuthorizationError) as raised:
        await fortnox.renew(step.account, step.token)
    assert raised.value.code == "fortnox-integration-licence-missing"


# --- check and disconnect -------------------------------------------------------------------------------------


async def test_check_without_login_proves_id_and_secret(fortnox: Fortnox) -> None:
    request = AuthorizeRequest("check")
    assert await plugin.authorize(request, fortnox.connection(), fortnox.context) == Authorized(None)
    wrong = dataclasses.replace(fortnox, installation=installation(fortnox.simulator, client_secret="wrong"))
    with pytest.raises(SettingsError) as raised:
        await plugin.authorize(request, wrong.connection(), wrong.context)
    assert set(raised.value.fields) == {"client_id", "client_secret"}


async def test_check_with_login_names_the_company(fortnox: Fortnox) -> None:
    step = await fortnox.connect()
    checked = await plugin.authorize(
        AuthorizeRequest("check", token=step.token), fortnox.connection(step.account), fortnox.context
    )
    assert checked == Authorized(step.account)
    dead = Token("dead", scopes=frozenset(auth.SCOPES["import"]))
    with pytest.raises(Expired):
        await plugin.authorize(AuthorizeRequest("check", token=dead), fortnox.connection(), fortnox.context)


async def test_disconnecting_revokes_the_refresh_token(fortnox: Fortnox) -> None:
    person = by_user(fortnox)
    step = await person.connect()
    gone = AuthorizeRequest("disconnect", token=step.token)
    assert await plugin.authorize(gone, person.connection(step.account), person.context) == Authorized(None)
    with pytest.raises(Expired):
        await person.renew(step.account, step.token)


async def test_nothing_is_asked_before_the_settings_are_filled_in(fortnox: Fortnox) -> None:
    with pytest.raises(SettingsError):
        await plugin.authorize(AuthorizeRequest("check"), Connection(None, None), fortnox.context)


# --- the access token -----------------------------------------------------------------------------------------


def jwt(claims: object) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"e30.{payload}.c2ln"


@pytest.mark.parametrize("tenant", [29302, "29302"])
def test_the_token_names_its_company(tenant: object) -> None:
    assert auth.account_of(jwt({"tenantId": tenant})) == Account("29302", number="29302")


@pytest.mark.parametrize(
    "token", ["", "opaque", "a.b.c", "e30.!!.x", jwt({}), jwt([1]), jwt({"tenantId": None}), jwt({"tenantId": "x"})]
)
def test_a_token_that_names_none_is_no_error(token: str) -> None:
    assert auth.account_of(token) is None


def test_neither_httpx2_nor_authlibs_http_client_is_imported() -> None:
    code = (
        "import sys, datasource_fortnox.plugin; "
        "sys.exit(any(name.startswith(('httpx2', 'authlib.integrations')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
