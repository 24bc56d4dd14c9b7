"""A simulated Fortnox in process: frozen at 2026-02-14, rate limit out of the way unless a test asks for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from datasource_fortnox.simulator import Clock, Simulator, Switches, World, create_app

CALLBACK = "http://127.0.0.1:9/callback"
SCOPES = (
    "companyinformation bookkeeping settings invoice supplierinvoice payment customer supplier costcenter project"
    " currency profile"
)
WHOLE = 29302
NO_INVOICING = 51877
BROKEN_YEAR = 70013

Consent = Callable[..., Awaitable[dict[str, str]]]


@pytest.fixture
def world() -> World:
    clock = Clock.frozen("2026-02-14T09:00:00+00:00")
    return Simulator(clock=clock, switches=Switches(rate_max=10_000)).world


@pytest.fixture
async def browser(world: World) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=create_app(world))
    async with httpx.AsyncClient(transport=transport, base_url="http://sim") as client:
        yield client


@pytest.fixture
def consent(browser: httpx.AsyncClient) -> Consent:
    """Click through login and consent; gives the query of the redirect back."""

    async def click(
        tenant: int = WHOLE, *, user: str = "anna", decision: str = "approve", **asked: str
    ) -> dict[str, str]:
        query = {
            "client_id": "SimKlient001",
            "redirect_uri": CALLBACK,
            "scope": SCOPES,
            "state": "s-1",
            "access_type": "offline",
            "response_type": "code",
        } | asked
        page = await browser.get("http://sim/oauth-v1/auth", params=query)
        if page.status_code != 302:
            assert page.status_code == 200, page.text
            pending = page.text.split('name="request" value="')[1].split('"')[0]
            login = {"request": pending, "username": user, "password": "sommar"}
            page = await browser.post("http://sim/oauth-v1/login", data=login)
            assert page.status_code == 200, page.text
            chosen = {"request": pending, "company": str(tenant), "decision": decision}
            page = await browser.post("http://sim/oauth-v1/consent", data=chosen)
        assert page.status_code == 302, page.text
        assert page.headers["location"].startswith(CALLBACK)
        return {name: values[0] for name, values in parse_qs(urlsplit(page.headers["location"]).query).items()}

    return click


@pytest.fixture
def token(browser: httpx.AsyncClient) -> Callable[..., Awaitable[httpx.Response]]:
    """Post to the token endpoint with the right client credentials."""

    async def post(*, headers: dict[str, str] | None = None, **form: str) -> httpx.Response:
        basic = ("SimKlient001", "SimHemlig1")
        return await browser.post("http://sim/oauth-v1/token", data=form, auth=basic, headers=headers)

    return post


@pytest.fixture
def connect(consent: Consent, token: Any, browser: httpx.AsyncClient) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Consent and exchange the code; the browser then carries the access token. Gives the token answer."""

    async def run(tenant: int = WHOLE, **asked: str) -> dict[str, Any]:
        answer = await consent(tenant, **asked)
        response = await token(grant_type="authorization_code", code=answer["code"], redirect_uri=CALLBACK)
        assert response.status_code == 200, response.text
        content: dict[str, Any] = response.json()
        browser.headers["Authorization"] = f"Bearer {content['access_token']}"
        return content

    return run


@pytest.fixture
async def api(browser: httpx.AsyncClient, connect: Any) -> httpx.AsyncClient:
    """A client connected to the whole demo company; base address ends in /3."""
    await connect()
    browser.base_url = httpx.URL("http://sim/3/")
    return browser
