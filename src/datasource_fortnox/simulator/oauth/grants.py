"""``POST /oauth-v1/token`` and ``/revoke``: three grants, rotation, and errors with their odd content types (F 1.4)."""

from __future__ import annotations

import base64
import hashlib
import json

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.oauth.registry import Client, RefreshToken
from datasource_fortnox.simulator.oauth.tokens import ACCESS_TOKEN_SECONDS, AccessToken, encode
from datasource_fortnox.simulator.world import World

__all__ = ["revoke", "token", "wrong_address"]

_HTML = "text/html; charset=UTF-8"
_TEXT = "text/plain;charset=UTF-8"


def token(world: World, incoming: Incoming) -> Reply:
    """Exchange a code, refresh, or mint by client credentials; Basic authentication only (F 1.2)."""
    client = world.oauth.authenticated(incoming.basic)
    if client is None:
        return _error(401, "invalid_client", "The client credentials are invalid", _TEXT)
    grant = {"authorization_code": _code, "refresh_token": _refresh, "client_credentials": _mint}.get(
        incoming.form.get("grant_type", "")
    )
    if grant is None:
        return _error(400, "unsupported_grant_type", "The grant type is not supported", _HTML)
    return grant(world, incoming, client)


def revoke(world: World, incoming: Incoming) -> Reply:
    """Always ``{"revoked":true}`` (F 1.7, O); ends the family of a refresh token that exists."""
    client = world.oauth.authenticated(incoming.basic)
    if client is None:
        return _error(401, "invalid_client", "The client credentials are invalid", _TEXT)
    known = world.oauth.refresh_tokens.get(incoming.form.get("token", ""))
    if known is not None and known.client_id == client.client_id:
        world.oauth.revoke_family(known.family)
    return Reply.json({"revoked": True})


def wrong_address(world: World, incoming: Incoming) -> Reply:
    """A code exchange posted to ``/auth`` (F 1.4, C)."""
    return Reply(403, b"Forbidden", _TEXT)


def _code(world: World, incoming: Incoming, client: Client) -> Reply:
    form = incoming.form
    code = world.oauth.codes.get(form.get("code", ""))
    right = (
        code is not None
        and not code.used
        and world.clock.timestamp() < code.expires
        and code.pending.client_id == client.client_id
        and form.get("redirect_uri", "") == code.pending.sent_redirect_uri
        and _proves(world, code.pending.challenge, form.get("code_verifier", ""))
    )
    if code is None or not right:
        return _error(400, "invalid_grant", "Authorization code doesn't exist or is invalid for the client", _HTML)
    refusal = _licence_gone(world.companies[code.tenant])
    if refusal is not None:
        return refusal
    code.used = True
    lifetime = world.switches.refresh_token_days * 86400.0
    if not code.pending.offline and world.switches.refresh_without_offline == "one_hour":
        lifetime = 3600.0
    family = world.new_id()
    fresh = RefreshToken(
        world.new_id(),
        family,
        client.client_id,
        code.tenant,
        code.user_id,
        frozenset(code.pending.scopes),
        world.clock.timestamp() + lifetime,
        lifetime,
    )
    without = not code.pending.offline and world.switches.refresh_without_offline == "absent"
    return _issue(world, fresh, with_refresh=not without)


def _proves(world: World, challenge: str, verifier: str) -> bool:
    if world.switches.pkce == "ignore" or not challenge:
        return True
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return challenge in {digest, verifier}


def _refresh(world: World, incoming: Incoming, client: Client) -> Reply:
    old = world.oauth.refresh_tokens.get(incoming.form.get("refresh_token", ""))
    if old is not None and old.used and world.switches.replay_revokes_family:
        world.oauth.revoke_family(old.family)
    alive = (
        old is not None
        and not old.used
        and not old.revoked
        and old.client_id == client.client_id
        and world.clock.timestamp() < old.expires
    )
    if old is None or not alive:
        return _error(400, "invalid_grant", "Invalid refresh token", _HTML)
    refusal = _licence_gone(world.companies[old.tenant])
    if refusal is not None:
        return refusal
    old.used = True
    if world.switches.refresh_kills_access_tokens:
        world.oauth.dead_access_tokens.update(old.issued_access)
    expires = world.clock.timestamp() + old.lifetime
    fresh = RefreshToken(
        world.new_id(), old.family, old.client_id, old.tenant, old.user_id, old.scopes, expires, old.lifetime
    )
    return _issue(world, fresh)


def _mint(world: World, incoming: Incoming, client: Client) -> Reply:
    tenant = incoming.headers.get("tenantid", "")
    consent = world.oauth.consents.get((client.client_id, int(tenant) if tenant.isdigit() else -1))
    if consent is None or not consent.service:
        return _error(world.switches.missing_consent_status, "invalid_grant", "No consent for the tenant", _HTML)
    refusal = _licence_gone(world.companies[consent.tenant])
    if refusal is not None:
        return refusal
    asked = frozenset(incoming.form.get("scope", "").split()) or consent.scopes
    if not asked <= consent.scopes:
        return _error(400, "invalid_scope", "The scope is not consented to", _HTML)
    access = _access(world, client.client_id, consent.tenant, consent.user_id, asked)
    return _answer(world, access, None)


def _issue(world: World, refresh: RefreshToken, *, with_refresh: bool = True) -> Reply:
    access = _access(world, refresh.client_id, refresh.tenant, refresh.user_id, refresh.scopes)
    refresh.issued_access.append(access.jti)
    if with_refresh:
        world.oauth.refresh_tokens[refresh.value] = refresh
    return _answer(world, access, refresh.value if with_refresh else None)


def _access(world: World, client_id: str, tenant: int, user_id: int, scopes: frozenset[str]) -> AccessToken:
    expires = int(world.clock.timestamp()) + ACCESS_TOKEN_SECONDS
    return AccessToken(world.new_id(), client_id, tenant, user_id, scopes, expires)


def _answer(world: World, access: AccessToken, refresh: str | None) -> Reply:
    payload = {
        "access_token": encode(access, world.oauth.key),
        "expires_in": ACCESS_TOKEN_SECONDS,
        "token_type": "bearer",
        "scope": " ".join(sorted(access.scopes)),
    }
    if refresh is not None:
        payload["refresh_token"] = refresh
    headers = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return Reply(200, json.dumps(payload, separators=(",", ":")).encode(), "application/json", headers)


def _licence_gone(company: Company) -> Reply | None:
    if company.integration_licence:
        return None
    return _error(401, "error_missing_license", "The integration licence is missing", _HTML)


def _error(status: int, error: str, description: str, content_type: str) -> Reply:
    body = json.dumps({"error": error, "error_description": description}, separators=(",", ":"))
    return Reply(status, body.encode(), content_type)
