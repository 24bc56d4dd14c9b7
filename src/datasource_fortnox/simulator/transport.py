"""The fast front: an httpx transport in the same process that raises what a socket would (T 4.1).

`tests` hold it honest: every network fault is run here and through the proxy and must give the same httpx class.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx

from datasource_fortnox.simulator.exchange import Incoming, Reply
from datasource_fortnox.simulator.faults.actions import Ending
from datasource_fortnox.simulator.serving import Served, matched, pause, serve
from datasource_fortnox.simulator.world import World

__all__ = ["SimulatorTransport"]

_RAISES: dict[Ending, Callable[[httpx.Request], httpx.RequestError]] = {
    Ending.REFUSED: lambda r: httpx.ConnectError("All connection attempts failed", request=r),
    Ending.UNKNOWN_HOST: lambda r: httpx.ConnectError("[Errno -2] Name or service not known", request=r),
    Ending.TLS_FAILURE: lambda r: httpx.ConnectError("[SSL] record layer failure", request=r),
    Ending.RESET: lambda r: httpx.ReadError("", request=r),
    Ending.RESET_IN_BODY: lambda r: httpx.ReadError("", request=r),
    Ending.CLOSED: lambda r: httpx.RemoteProtocolError("Server disconnected without sending a response.", request=r),
    Ending.TIMEOUT: lambda r: httpx.ReadTimeout("", request=r),
    Ending.HALF_STATUS_LINE: lambda r: httpx.RemoteProtocolError("illegal status line", request=r),
    Ending.TRUNCATED: lambda r: httpx.RemoteProtocolError("peer closed connection without complete body", request=r),
    Ending.LENGTH_TOO_LONG: lambda r: httpx.ReadTimeout("", request=r),
    Ending.BAD_GZIP: lambda r: httpx.DecodingError("incorrect header check", request=r),
}


class SimulatorTransport(httpx.AsyncBaseTransport):
    """``httpx.AsyncClient(transport=SimulatorTransport(world))``: no sockets, all faults, one clock."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One exchange; a frozen clock moves on by a fault's delay."""
        body = await request.aread()
        path, _, query = request.url.raw_path.decode("ascii").partition("?")
        incoming = Incoming.make(request.method, path, query, dict(request.headers), body)
        action = matched(self.world, incoming)
        served = serve(self.world, incoming, action)
        if action is not None:
            await pause(self.world, action.delay_s)
        if served.ending in _RAISES:
            raise _RAISES[served.ending](request)
        reply = _shortened(served)
        headers = {**reply.headers, "Content-Type": reply.content_type}
        return httpx.Response(reply.status, headers=headers, content=reply.body, request=request)


def _shortened(served: Served) -> Reply:
    """A too short content-length makes the client stop early and never notice."""
    reply = served.reply
    if served.ending is Ending.LENGTH_TOO_SHORT:
        return Reply(reply.status, reply.body[: len(reply.body) // 2], reply.content_type, reply.headers)
    return reply
