"""The Fortnox front as an ASGI application: Starlette around the core."""

from __future__ import annotations

import hashlib

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from datasource_fortnox.simulator.exchange import Incoming
from datasource_fortnox.simulator.serving import matched, pause, serve
from datasource_fortnox.simulator.world import World

__all__ = ["TICKET", "create_app"]

TICKET = "x-simulator-ticket"
"""Internal header from the proxy: the fault is matched already."""

_METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]


def create_app(world: World) -> Starlette:
    """API and authorization server in one application, for uvicorn or ``httpx.ASGITransport``.

    Faults that need a raw socket answer 500 here and say so; use the proxy or `SimulatorTransport` for them.
    """

    async def answer(request: Request) -> Response:
        headers = dict(request.headers)
        ticket = headers.pop(TICKET, "")
        path, query = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0], request.url.query
        incoming = Incoming.make(request.method, path or request.url.path, query, headers, await request.body())
        assigned, action = world.faults.redeem(ticket)
        if not assigned:
            action = matched(world, incoming)
        if action is not None and action.ending.wire:
            return Response(f"Fault {action.name} needs the proxy.", 500, media_type="text/plain")
        served = serve(world, incoming, action)
        if action is not None:
            await pause(world, action.delay_s)
        reply = served.reply
        response = Response(reply.body, reply.status, {**reply.headers, "Server": "Fortnox", "X-Uid": _uid(world)})
        if reply.status != 204:
            response.headers["Content-Type"] = reply.content_type
        return response

    return Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)])


def _uid(world: World) -> str:
    """The trace id: eight hexadecimal digits (F 3.1, R)."""
    return hashlib.sha256(f"{world.seed}/{len(world.log.entries)}".encode()).hexdigest()[:8]
