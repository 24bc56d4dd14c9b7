"""From request to reply: token, rate limit, scope, licence and right, then the handler; no network in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.errors import Refusal, invalid, missing, not_allowed
from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.oauth.tokens import AccessToken, decode
from datasource_fortnox.simulator.rest.call import Call
from datasource_fortnox.simulator.routes import ApiRoute, api_route, open_handler
from datasource_fortnox.simulator.world import World

__all__ = ["Admitted", "admit", "caller"]

RIGHTS = {
    "supplierinvoice": (2003275, "Saknar behörighet för leverantörsregister."),
    "supplier": (2003275, "Saknar behörighet för leverantörsregister."),
    "invoice": (2001339, "Saknar behörighet för fakturor."),
    "bookkeeping": (2002455, "Saknar behörighet för verifikationer."),
    "payment": (2003330, "Saknar behörighet för betalningar."),
}
"""Rights of the connected user inside Fortnox (F 1.9, C)."""


@dataclass(frozen=True)
class Admitted:
    """A request that passed the door; `run` executes it, and may be executed never, later or twice by a fault."""

    run: Callable[[], Reply]


def caller(world: World, incoming: Incoming) -> tuple[str | None, int | None]:
    """Client id and tenant of a request as far as they can be told, for the log and for fault selectors."""
    token = decode(incoming.bearer, world.oauth.key) if incoming.bearer else None
    if token is not None:
        return token.client_id, token.tenant
    client = incoming.basic[0] or None
    tenant = incoming.headers.get("tenantid", "")
    if tenant.isdigit():
        return client, int(tenant)
    form = incoming.form if incoming.path.startswith("/oauth-v1/") else {}
    refresh = world.oauth.refresh_tokens.get(form.get("refresh_token", ""))
    code = world.oauth.codes.get(form.get("code", ""))
    return client, refresh.tenant if refresh else code.tenant if code else None


def admit(world: World, incoming: Incoming) -> Admitted | Reply:
    """Let the request in, or answer it at the door."""
    handler = open_handler(incoming)
    if handler is not None:
        return Admitted(lambda: handler(world, incoming))
    if not incoming.path.startswith("/3/"):
        return Reply(404, b"Not Found", "text/plain;charset=UTF-8")
    token = _valid_token(world, incoming)
    if token is None:
        return Reply.json({"message": "unauthorized"}, 401)
    key = (token.client_id, token.tenant) if world.switches.rate_key == "client_and_tenant" else token.jti
    if not world.window.admits(key):
        return world.window.refusal()
    company = world.companies[token.tenant]
    try:
        route, params = _route(incoming)
        _permission(world, token, company, route)
        _media(incoming, route)
    except Refusal as refusal:
        return _refused(world, refusal)
    return Admitted(lambda: _run(world, route, lambda: Call(world, company, token, incoming, params)))


def _run(world: World, route: ApiRoute, call: Callable[[], Call]) -> Reply:
    try:
        return route.handler(call())
    except Refusal as refusal:
        return _refused(world, refusal)


def _refused(world: World, refusal: Refusal) -> Reply:
    return Reply.json(refusal.payload(code_as_text=world.switches.error_code_as_text), refusal.status)


def _valid_token(world: World, incoming: Incoming) -> AccessToken | None:
    token = decode(incoming.bearer, world.oauth.key) if incoming.bearer else None
    if token is None or token.tenant not in world.companies or token.jti in world.oauth.dead_access_tokens:
        return None
    return token if world.clock.timestamp() < token.expires else None


def _route(incoming: Incoming) -> tuple[ApiRoute, dict[str, str]]:
    found = api_route(incoming)
    if found is None:
        raise missing("route")
    return found


def _permission(world: World, token: AccessToken, company: Company, route: ApiRoute) -> None:
    """Scope, integration licence, module licence and right are four different failures (F 1.9)."""
    scope = world.switches.locked_period_scope if route.scope == "lockedperiod" else route.scope
    status = world.switches.permission_status
    if not company.integration_licence:
        raise not_allowed(2001103, "Api-licens saknas.", status=status)
    if scope is None:
        return
    if scope not in token.scopes:
        raise not_allowed(2000663, "Har inte behörighet för scope.", status=status)
    if scope not in company.modules:
        raise not_allowed(2001101, "Det finns ingen aktiv licens för önskat scope.", status=status)
    if scope in company.missing_rights:
        raise not_allowed(*RIGHTS.get(scope, (2002455, "Saknar behörighet.")), status=status)


def _media(incoming: Incoming, route: ApiRoute) -> None:
    accept = incoming.headers.get("accept", "*/*")
    if not route.pattern.startswith("sie/") and not any(kind in accept for kind in ("*/*", "application/")):
        raise invalid(1000030, "Invalid response type")
    content_type = incoming.headers.get("content-type", "application/json")
    if incoming.method == "POST" and "json" not in content_type:
        raise invalid(1000031, "Invalid content type")
