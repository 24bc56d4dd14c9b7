"""The credential on a request, as the wire sees it: ask for the token, renew it once when it is refused."""

import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Final, Protocol

import httpx

from closing_host.api.errors import ClosingError, Expired
from closing_host.api.source import TokenHeader

READS: Final = frozenset({"GET", "HEAD"})
"""The methods that change nothing and may be sent again."""

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LiveToken:
    """An access token that may be used now. `generation` counts its renewals."""

    access: str = field(repr=False)
    generation: int


class Credential(Protocol):
    """Gives the connection's access token; the custody behind it renews (`transfers.custody`)."""

    async def live(self) -> LiveToken:
        """A usable token. Raises `Expired` when somebody must log in, `TemporaryError` when it may work later."""
        ...

    async def renewed(self, generation: int) -> LiveToken:
        """A newer token than `generation`, which the source refused. Raises like `live`."""
        ...


class Bearer(httpx.Auth):
    """Puts the token on the request, as `header` says; a 401 renews it once, by generation."""

    def __init__(self, credential: Credential, header: TokenHeader) -> None:
        self._credential = credential
        self._header = header

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """Send with the token. A refused read is sent once more with a newer one, then raises `Expired`."""
        token = await self._credential.live()
        response = yield self._with(request, token)
        if response.status_code != 401:
            return
        if request.method not in READS:
            # The answer decides; whoever sends again finds the newer token, or learns that there is none.
            try:
                await self._credential.renewed(token.generation)
            except ClosingError as error:
                _LOG.info("the token was refused and could not be renewed: %s", error.code)
            return
        response = yield self._with(request, await self._credential.renewed(token.generation))
        if response.status_code == 401:
            raise Expired("authorization-refused")

    def _with(self, request: httpx.Request, token: LiveToken) -> httpx.Request:
        request.headers[self._header.name] = self._header.before + token.access
        return request
