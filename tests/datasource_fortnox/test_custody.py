"""The plugin in the host's custody, against the simulator over real HTTP: connect, renew, lose, revive (T A, D1)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import httpx
import pytest
from cryptography.fernet import Fernet

from closing_host.api.authorization import Redirect
from closing_host.api.errors import Expired, SourceUnavailable, WrongCompany
from closing_host.sources.facade import DataSource
from closing_host.sources.registry import Registry, discover
from closing_host.storage.engagements import Engagements
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.connections import Connections
from closing_host.transfers.logins import Connected, Dialogue, Logins
from datasource_fortnox import plugin
from fortnox_harness import BROKEN_YEAR, CALLBACK, WHOLE, Fortnox, installation
from stored_books import ANNA

pytestmark = pytest.mark.anyio


class Office:
    """The host with one engagement for the simulator's whole company."""

    def __init__(self, store: Store, source: DataSource, fortnox: Fortnox, login: str, *, through_proxy: bool) -> None:
        self.store = store
        self.fortnox = fortnox
        self.clock = fortnox.world.clock
        self.connections = Connections(
            store,
            Registry(MappingProxyType({source.id: source})),
            keyring=Keyring((Fernet.generate_key().decode(),)),
            sleep=self.sleep,
            chance=lambda: 0.5,
        )
        self.logins = Logins(self.connections)
        fields = {"login": login}
        if through_proxy:
            fields |= {"login_address": fortnox.simulator.proxy_url}
        self.connections.save_installation(source.id, installation(fortnox.simulator, **fields), ANNA)
        company = fortnox.world.companies[WHOLE]
        with store.database.write() as connection:
            created = Engagements(connection).create(
                store.trail(connection, ANNA),
                name="Exempel",
                source_id=source.id,
                organisation_number=company.organisation_number.replace("-", ""),
            )
        self.engagement_id = created.id

    async def sleep(self, seconds: float) -> None:
        self.clock.advance(seconds)

    async def connect(self, tenant: int = WHOLE) -> Connected:
        dialogue = await self.logins.begin(self.engagement_id, callback=CALLBACK, session="s", actor=ANNA)
        assert isinstance(dialogue, Dialogue)
        assert isinstance(dialogue.step, Redirect)
        answer = await self.fortnox.click(dialogue.step.url, tenant)
        made = await self.logins.complete(answer, session="s", actor=ANNA)
        assert isinstance(made, Connected)
        self.fortnox.world.log.clear()
        return made

    async def company(self) -> httpx.Response:
        """One call to the API, as a hook makes it."""
        async with self.connections.open(self.engagement_id) as opened:
            return await opened.http.get(f"{self.fortnox.simulator.base_url}/companyinformation")

    def token_calls(self) -> int:
        return self.fortnox.calls().count("POST /oauth-v1/token")


@pytest.fixture(scope="module")
def source() -> DataSource:
    return discover(only={"fortnox"}).source("fortnox")


@pytest.fixture(params=["user", "service_account"])
async def office(
    request: pytest.FixtureRequest, tmp_path: Path, source: DataSource, fortnox: Fortnox
) -> AsyncIterator[Office]:
    with Store.open(tmp_path / "data", clock=fortnox.world.clock.now) as store:
        yield Office(store, source, fortnox, request.param, through_proxy=False)


@pytest.fixture
async def rotating(tmp_path: Path, source: DataSource, fortnox: Fortnox) -> AsyncIterator[Office]:
    """Renewal by refresh token, the login server behind the proxy that breaks connections."""
    with Store.open(tmp_path / "data", clock=fortnox.world.clock.now) as store:
        yield Office(store, source, fortnox, "user", through_proxy=True)


async def test_a_connection_lives_from_token_to_token(office: Office) -> None:
    made = await office.connect()
    assert made.view.state == "connected"
    assert made.view.account is not None
    assert made.view.account.id == str(WHOLE)
    for hours in range(1, 4):
        assert (await office.company()).status_code == 200
        office.clock.advance(3600)
        assert office.token_calls() == hours - 1
    await office.connections.check(office.engagement_id, ANNA)
    assert office.token_calls() == 3


async def test_another_company_chosen_in_the_login_is_refused_and_the_old_connection_stays(
    office: Office,
) -> None:  # A7
    await office.connect()
    with pytest.raises(WrongCompany):
        await office.connect(BROKEN_YEAR)
    assert (await office.company()).status_code == 200


async def test_a_withdrawn_consent_stops_after_one_call(office: Office) -> None:  # A6
    await office.connect()
    office.fortnox.world.oauth.revoke(office.fortnox.simulator.client.client_id, WHOLE, access_too=True)
    for _ in range(3):
        with pytest.raises(Expired):
            await office.company()
    assert office.token_calls() <= 2
    assert office.connections.view(office.engagement_id).state == "revoked"
    await office.connect()
    assert (await office.company()).status_code == 200


async def test_a_token_for_another_company_is_never_used(office: Office) -> None:  # A8, K9
    await office.connect()
    office.clock.advance(3600)
    office.fortnox.fail("K9", path="/oauth-v1/token")
    with pytest.raises(WrongCompany):
        await office.company()
    assert [each for each in office.fortnox.calls() if each.startswith("GET")] == []
    assert office.connections.view(office.engagement_id).state == "revoked"


async def test_a_reply_lost_after_rotation_is_replayed_once_and_then_told(rotating: Office) -> None:  # A2, K1
    await rotating.connect()
    rotating.clock.advance(3600)
    rotating.fortnox.fail("K1", path="/oauth-v1/token", nth=1)
    with pytest.raises(Expired) as lost:
        await rotating.company()
    assert lost.value.code == "renewal-reply-lost"
    assert rotating.token_calls() == 2


async def test_a_reply_lost_before_rotation_is_recovered_by_the_replay(rotating: Office) -> None:  # K2
    await rotating.connect()
    rotating.clock.advance(3600)
    rotating.fortnox.fail("K2", path="/oauth-v1/token", nth=1)
    assert (await rotating.company()).status_code == 200
    assert rotating.token_calls() == 2


async def test_a_network_that_is_down_spends_no_token(rotating: Office) -> None:  # N1
    await rotating.connect()
    rotating.clock.advance(3600)
    rotating.fortnox.simulator.refuse_connections()
    try:
        for _ in range(3):
            with pytest.raises(SourceUnavailable):
                await rotating.company()
            rotating.clock.advance(120)
    finally:
        rotating.fortnox.simulator.refuse_connections(False)
    assert (await rotating.company()).status_code == 200
    assert rotating.token_calls() == 1


async def test_the_pace_keeps_the_servers_window(office: Office) -> None:  # D1
    await office.connect()
    office.fortnox.world.change_switches({"rate_max": 25, "limiter_time": "clock"})
    async with office.connections.open(office.engagement_id) as opened:
        for _ in range(40):
            answer = await opened.http.get(f"{office.fortnox.simulator.base_url}/companyinformation")
            assert answer.status_code == 200
    assert [each.status for each in office.fortnox.world.log.entries].count(429) == 0


async def test_disconnecting_ends_it_with_the_source_too(rotating: Office) -> None:
    await rotating.connect()
    ended = await rotating.connections.disconnect(rotating.engagement_id, ANNA)
    assert ended.problem == ""
    assert rotating.fortnox.calls() == ["POST /oauth-v1/revoke"]


async def test_a_connection_of_thirty_days_is_revived_by_a_login(office: Office) -> None:  # A9
    await office.connect()
    office.clock.advance(timedelta(days=30).total_seconds())
    with pytest.raises(Expired) as over:
        await office.company()
    assert (over.value.code, office.token_calls()) == ("connection-expired", 0)
    await office.connect()
    assert (await office.company()).status_code == 200


def test_the_plugin_is_the_one_that_is_installed(source: DataSource) -> None:
    assert source.info.name == plugin.describe_source().name
