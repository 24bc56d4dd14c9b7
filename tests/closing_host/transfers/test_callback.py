import asyncio
import socket
from collections.abc import Mapping

import httpx
import pytest

from closing_host.api.errors import AuthorizationError, TemporaryError
from closing_host.transfers import callback as module
from closing_host.transfers.callback import can_listen, listening, pasted

pytestmark = pytest.mark.anyio


@pytest.fixture
def address() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/callback"


async def test_the_first_visit_is_the_answer_and_a_reload_shows_the_same_page(address: str) -> None:
    async with listening(address) as listener, httpx.AsyncClient(trust_env=False) as browser:
        first = await browser.get(f"{address}?code=a%2Fb&state=s&empty=")
        again = await browser.get(f"{address}?code=other&state=s")
        assert await listener.answer(5) == {"code": "a/b", "state": "s", "empty": ""}
    assert first.status_code == again.status_code == 200
    assert first.text == again.text
    assert "stänga" in first.text
    assert first.headers["referrer-policy"] == "no-referrer"


async def test_other_paths_and_methods_are_not_the_answer(address: str) -> None:
    async with listening(address) as listener, httpx.AsyncClient(trust_env=False) as browser:
        assert (await browser.get(address.replace("/callback", "/favicon.ico"))).status_code == 404
        assert (await browser.post(f"{address}?code=x")).status_code == 404
        with pytest.raises(AuthorizationError) as refused:
            await listener.answer(0.01)
    assert refused.value.code == "callback-silent"


@pytest.mark.parametrize("request_", [b"\r\n\r\n", b"\xff\xfe / x\r\n\r\n", b"GET", b"x" * 70_000])
async def test_a_visitor_who_speaks_no_http_changes_nothing(address: str, request_: bytes) -> None:
    port = int(address.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    async with listening(address) as listener, httpx.AsyncClient(trust_env=False) as browser:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request_)
        writer.write_eof()
        await reader.read()
        writer.close()
        await browser.get(f"{address}?code=1")
        assert await listener.answer(5) == {"code": "1"}


async def test_a_silent_visitor_is_let_go(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_WITH_A_VISITOR", 0.01)
    port = int(address.rsplit(":", 1)[1].split("/", maxsplit=1)[0])
    async with listening(address):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.read() == b""
        writer.close()


async def test_a_port_that_is_taken_is_named(address: str) -> None:
    async with listening(address):
        with pytest.raises(TemporaryError) as refused:
            async with listening(address):
                pass
    assert refused.value.code == "callback-taken"


@pytest.mark.parametrize(
    ("callback", "can"),
    [
        ("http://127.0.0.1:8710/callback", True),
        ("http://localhost:8710/", True),
        ("https://127.0.0.1:8710/callback", False),
        ("https://closing.example.se/callback", False),
    ],
)
async def test_only_plain_loopback_addresses_are_listened_on(callback: str, can: bool) -> None:
    assert can_listen(callback) is can


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("https://closing.example.se/callback?code=1&state=2", {"code": "1", "state": "2"}),
        ("  https://closing.example.se/callback?error=access_denied\n", {"error": "access_denied"}),
        ("https://closing.example.se/callback", {}),
    ],
)
async def test_an_address_can_be_pasted(address: str, query: Mapping[str, str]) -> None:
    assert pasted(address, "https://closing.example.se/callback") == query


@pytest.mark.parametrize("address", ["", "https://elsewhere.se/callback?code=1", "https://closing.example.se/?code=1"])
async def test_an_address_from_elsewhere_is_refused(address: str) -> None:
    with pytest.raises(AuthorizationError) as refused:
        pasted(address, "https://closing.example.se/callback")
    assert refused.value.code == "callback-unreadable"


async def test_an_address_elsewhere_is_not_listened_on() -> None:
    with pytest.raises(AuthorizationError) as refused:
        async with listening("https://closing.example.se/callback"):
            pass
    assert refused.value.code == "callback-not-local"
