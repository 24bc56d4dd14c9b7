"""A client that carries a token which the host does not hold yet, over the client that the host gave."""

from typing import Final

import httpx

from closing_host.api.source import TokenHeader

_BEARER: Final = TokenHeader()


def with_token(http: httpx.AsyncClient, access: str, header: TokenHeader = _BEARER) -> httpx.AsyncClient:
    """`http` with the token `access` on every call: same hosts, pace, retries and time-outs.

    For the moment between login and storing, when `context.http` carries no credential. Closing it leaves `http` open.
    """
    return httpx.AsyncClient(
        transport=_Through(http),
        headers={header.name: header.before + access},
        timeout=http.timeout,
        follow_redirects=False,
        trust_env=False,
    )


class _Through(httpx.AsyncBaseTransport):
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http: Final = http

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._http.send(request, stream=True, follow_redirects=False)
