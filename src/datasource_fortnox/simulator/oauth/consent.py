"""From ``GET /oauth-v1/auth`` over login and consent to the redirect back, with the error redirects of F 1.1."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.oauth.pages import consent_page, failure_page, login_page
from datasource_fortnox.simulator.oauth.registry import Client, Code, Consent, PendingLogin, User
from datasource_fortnox.simulator.world import World

__all__ = ["authorize", "decide", "log_in"]

CODE_SECONDS = 600
"""F 1.1 (D)."""


def authorize(world: World, incoming: Incoming) -> Reply:
    """``GET /oauth-v1/auth``: checks the request and shows the login page; unticked scopes fail before it (C)."""
    query = incoming.query
    client = world.oauth.clients.get(query.get("client_id", ""))
    if client is None:
        return Reply.html(failure_page("Okänd integration (client_id)."), 400)
    redirect_uri = query.get("redirect_uri") or (client.redirect_uris or ("",))[0]
    if not _registered(client, redirect_uri):
        return Reply.html(failure_page("redirect_uri_mismatch: adressen är inte registrerad."), 400)
    pending = PendingLogin(
        world.new_id(),
        client.client_id,
        redirect_uri,
        query.get("redirect_uri", ""),
        query.get("state", ""),
        tuple(query.get("scope", "").split()),
        offline=query.get("access_type") == "offline",
        service=query.get("account_type") == "service",
        challenge=query.get("code_challenge", ""),
    )
    if query.get("response_type") != "code":
        return _back(pending, error="unsupported_response_type", error_description="response_type must be code")
    if not pending.scopes or not client.scopes.issuperset(pending.scopes):
        return _back(pending, error="invalid_scope", error_description="A requested scope is not allowed")
    if pending.service and not client.service_accounts:
        text = "The client does not allow service accounts"
        return _back(pending, error="error_client_not_allow_service_account", error_description=text)
    world.oauth.pending[pending.id] = pending
    return Reply.html(login_page(pending, client, world.oauth.users.values()))


def log_in(world: World, incoming: Incoming) -> Reply:
    """``POST /oauth-v1/login`` with ``request``, ``username``, ``password``: shows the companies to choose from."""
    form = incoming.form
    pending = world.oauth.pending.get(form.get("request", ""))
    if pending is None:
        return Reply.html(failure_page("Inloggningen är för gammal. Börja om."), 400)
    client = world.oauth.clients[pending.client_id]
    user = world.oauth.user_by_login(form.get("username", ""), form.get("password", ""))
    if user is None:
        page = login_page(pending, client, world.oauth.users.values(), failed=True)
        return Reply.html(page, 401)
    world.oauth.pending[pending.id] = replace(pending, user_id=user.id)
    return Reply.html(consent_page(pending, client, _companies(world, user)))


def decide(world: World, incoming: Incoming) -> Reply:
    """``POST /oauth-v1/consent`` with ``request``, ``company``, ``decision``: the redirect back."""
    form = incoming.form
    pending = world.oauth.pending.get(form.get("request", ""))
    if pending is None or pending.user_id is None:
        return Reply.html(failure_page("Inloggningen är för gammal. Börja om."), 400)
    user = world.oauth.users[pending.user_id]
    company = next((c for c in _companies(world, user) if str(c.tenant) == form.get("company")), None)
    if company is None and form.get("decision") == "approve":
        return Reply.html(failure_page("Välj ett företag."), 400)
    del world.oauth.pending[pending.id]
    if company is None or form.get("decision") != "approve":
        return _back(pending, error="access_denied", error_description="The resource owner denied the request")
    return _refused(world, pending, user, company) or _granted(world, pending, user, company)


def _refused(world: World, pending: PendingLogin, user: User, company: Company) -> Reply | None:
    if company.suspended:
        return Reply(302, b"", "text/html; charset=UTF-8", {"Location": pending.redirect_uri})
    if pending.service and not user.companies[company.tenant]:
        text = "Only a system administrator may approve a service account"
        return _back(pending, error="access_denied", error_description=text)
    if not company.integration_licence:
        return _back(pending, error="error_missing_license", error_description="The integration licence is missing")
    lacking = sorted(set(pending.scopes) - company.modules)
    if lacking and world.switches.missing_module_at == "consent":
        text = f"Licence missing for {' '.join(lacking)}"
        return _back(pending, error=world.switches.missing_module_error, error_description=text)
    return None


def _granted(world: World, pending: PendingLogin, user: User, company: Company) -> Reply:
    key = pending.client_id, company.tenant
    scopes = frozenset(pending.scopes)
    earlier = world.oauth.consents.get(key)
    if earlier is not None and world.switches.reauthorisation_kills_old_tokens:
        world.oauth.revoke(*key, access_too=False)
    service = pending.service or (earlier is not None and earlier.service)
    world.oauth.consents[key] = Consent(*key, user.id, scopes, service)
    expires = world.clock.timestamp() + CODE_SECONDS
    code = Code(world.new_id(), pending, company.tenant, user.id, expires)
    world.oauth.codes[code.value] = code
    return _back(pending, code=code.value)


def _companies(world: World, user: User) -> list[Company]:
    return [world.companies[tenant] for tenant in user.companies if tenant in world.companies]


def _registered(client: Client, redirect_uri: str) -> bool:
    if client.redirect_uris:
        return redirect_uri in client.redirect_uris
    return urlsplit(redirect_uri).hostname in {"127.0.0.1", "localhost", "::1"}


def _back(pending: PendingLogin, **answer: str) -> Reply:
    joint = "&" if urlsplit(pending.redirect_uri).query else "?"
    location = f"{pending.redirect_uri}{joint}{urlencode({**answer, 'state': pending.state})}"
    return Reply(302, b"", "text/html; charset=UTF-8", {"Location": location})
