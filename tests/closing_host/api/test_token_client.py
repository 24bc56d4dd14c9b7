from typing import Any

import httpx
import pytest
import respx

from closing_host.api.source import TokenHeader
from closing_host.api.token_client import with_token

pytestmark = pytest.mark.anyio


class Recording(httpx.AsyncClient):
    """A host's client: counts what is sent through it."""

    sent = 0

    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        self.sent += 1
        return await super().send(request, **options)


@respx.mock
async def test_calls_go_through_the_hosts_client_with_the_token() -> None:
    route = respx.get("https://api.example/me").respond(json={"id": 1})
    async with Recording(timeout=7) as host:
        async with with_token(host, "secret") as http:
            assert http.timeout == httpx.Timeout(7)
            assert (await http.get("https://api.example/me")).json() == {"id": 1}
        assert host.sent == 1
        assert route.calls.last.request.headers["Authorization"] == "Bearer secret"
        assert "Authorization" not in host.headers
        await host.get("https://api.example/me")  # still open
        assert "Authorization" not in route.calls.last.request.headers


@respx.mock
async def test_the_token_may_stand_in_another_header() -> None:
    route = respx.get("https://api.example/me").respond(200)
    async with httpx.AsyncClient() as host, with_token(host, "secret", TokenHeader("X-Api-Key", "Key ")) as http:
        await http.get("https://api.example/me")
    assert route.calls.last.request.headers["X-Api-Key"] == "Key secret"
    assert "Authorization" not in route.calls.last.request.headers


@respx.mock
async def test_a_redirect_never_carries_the_token_away() -> None:
    respx.get("https://api.example/me").respond(302, headers={"Location": "https://evil.example/"})
    evil = respx.get("https://evil.example/").respond(200)
    async with httpx.AsyncClient(follow_redirects=True) as host, with_token(host, "secret") as http:
        assert (await http.get("https://api.example/me")).status_code == 302
    assert not evil.called
