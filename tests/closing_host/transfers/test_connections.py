"""Connections in use: states, renewal by use alone, check, disconnection, set-up (P 7.7, A6, A9)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pydantic import BaseModel, SecretStr

from closing_host.api.errors import (
    CapabilityMissing,
    ClosingError,
    Expired,
    PluginFault,
    SettingsError,
    SourceUnavailable,
    WrongCompany,
)
from closing_host.sources.wire import Wire
from closing_host.storage.credentials import Credentials, CredentialState
from closing_host.storage.installation import Installations
from closing_host.storage.secrets import Keyring
from closing_host.transfers.connections import Connections, Disconnected, renewed_by_use
from fake_books import EXAMPLE, OTHER, Firm, Installation, open_firm
from stored_books import ANNA

pytestmark = pytest.mark.anyio


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Firm]:
    opened = open_firm(tmp_path / "data")
    yield opened
    opened.store.close()


def credential(firm: Firm) -> Credentials:
    with firm.store.database.read() as connection:
        (row,) = Credentials(connection).of_engagement(firm.engagement_id)
    return row  # type: ignore[return-value]


# --- the 30 days (A9)


async def test_a_connection_is_warned_of_and_runs_out_and_is_revived_by_a_login_and_an_import(firm: Firm) -> None:
    await firm.connect()
    warned = []
    for _ in range(31):
        warned.append((firm.view().state, firm.view().warning, len(firm.connections.warnings())))
        firm.clock.advance(timedelta(days=1))
    assert [day for day, each in enumerate(warned) if each[1] == 14] == list(range(16, 23))
    assert [day for day, each in enumerate(warned) if each[1] == 7] == list(range(23, 27))
    assert [day for day, each in enumerate(warned) if each[1] == 3] == list(range(27, 30))
    assert warned[30] == ("expired", None, 1)
    assert [request.intent for request in firm.books.asked] == ["connect", "connect"]  # nothing in the background
    with pytest.raises(Expired) as over:
        async with firm.connections.open(firm.engagement_id):
            pass
    assert over.value.code == "connection-expired"
    await firm.connect()
    firm.clock.advance(timedelta(days=20))
    view = firm.connections.used(firm.engagement_id, "import", ANNA)
    assert (view.state, view.days_left) == ("connected", 30)


@pytest.mark.parametrize("use", ["import", "export"])
async def test_a_successful_use_renews(firm: Firm, use: str) -> None:
    await firm.connect()
    firm.clock.advance(timedelta(days=29))
    view = firm.connections.used(firm.engagement_id, use, ANNA)  # type: ignore[arg-type]
    assert view.days_left == 30
    assert firm.actions()[-1] == "connection.used"


async def test_a_renewed_token_renews_no_days(firm: Firm) -> None:
    await firm.connect()
    firm.clock.advance(timedelta(days=10))
    await firm.connections.check(firm.engagement_id, ANNA)
    assert firm.books.asked[-2].intent == "renew"
    assert firm.view().days_left == 20


async def test_use_of_what_is_not_connected_is_nothing(firm: Firm) -> None:
    before = firm.actions()
    with firm.store.database.write() as connection:
        renewed_by_use(firm.store.trail(connection, ANNA), firm.engagement_id, "import")
    assert firm.actions() == before
    await firm.connect()
    await firm.connections.disconnect(firm.engagement_id, ANNA)
    before = firm.actions()
    assert firm.connections.used(firm.engagement_id, "import", ANNA).state == "disconnected"
    assert firm.actions() == before


# --- the way through


async def test_an_open_connection_carries_credential_account_settings_and_pace(firm: Firm) -> None:
    await firm.connect()
    async with firm.connections.open(firm.engagement_id, lane="bulk") as opened:
        assert opened.source.id == "books"
        assert opened.connection.account == EXAMPLE
        assert opened.connection.settings is not None
        assert isinstance(opened.http, Wire)
        assert opened.http._bearer is not None
        assert opened.http._paced


async def test_a_token_that_is_over_is_renewed_on_the_way(firm: Firm) -> None:
    await firm.connect()
    firm.clock.advance(timedelta(hours=2))
    async with firm.connections.open(firm.engagement_id) as opened:
        assert opened.http._bearer is not None
        token = await opened.http._bearer._credential.live()
    assert (token.access, token.generation) == ("canary-access-2", 2)
    assert firm.books.asked[-1].intent == "renew"
    assert firm.books.connections[-1].account == EXAMPLE


async def test_a_source_without_login_needs_no_connection(firm: Firm) -> None:
    files = firm.engagement(None, source_id="files")
    async with firm.connections.open(files) as opened:
        assert (opened.connection.account, opened.http._bearer) == (None, None)


async def test_what_was_never_connected_is_refused(firm: Firm) -> None:
    with pytest.raises(Expired) as missing:
        async with firm.connections.open(firm.engagement_id):
            pass
    assert missing.value.code == "connection-not-connected"


async def test_a_revoked_login_shows_and_stops(firm: Firm) -> None:  # A6
    await firm.connect()
    firm.clock.advance(timedelta(hours=2))
    firm.books.fails["renew"] = Expired("oauth-renewal-refused")
    for _ in range(3):
        with pytest.raises(Expired):
            await firm.connections.check(firm.engagement_id, ANNA)
    assert (firm.view().state, firm.view().reason) == ("revoked", "oauth-renewal-refused")
    assert sum(each.intent == "renew" for each in firm.books.asked) == 1
    assert [each.engagement_id for each in firm.connections.warnings()] == [firm.engagement_id]
    await firm.connect()
    assert firm.view().state == "connected"


async def test_a_renewal_that_never_left_the_house_loses_nothing(firm: Firm) -> None:
    await firm.connect()
    firm.clock.advance(timedelta(hours=2))
    firm.books.fails["renew"] = SourceUnavailable("oauth-unreachable")
    for _ in range(3):
        with pytest.raises(SourceUnavailable):
            await firm.connections.check(firm.engagement_id, ANNA)
    firm.books.fails.clear()
    await firm.connections.check(firm.engagement_id, ANNA)
    assert firm.view().state == "connected"


async def test_a_renewal_that_ends_in_a_question_is_an_unknown_outcome(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    from closing_host.api.authorization import Redirect

    await firm.connect()
    firm.clock.advance(timedelta(minutes=57))

    async def question(*_: object) -> Redirect:
        return Redirect("https://login.example")

    authorize = firm.connections.access.authorize
    monkeypatch.setattr(firm.connections.access, "authorize", question)
    async with firm.connections.open(firm.engagement_id) as opened:
        assert opened.http._bearer is not None
        assert (await opened.http._bearer._credential.live()).generation == 1
    assert credential(firm).state is CredentialState.AMBIGUOUS  # type: ignore[attr-defined]
    monkeypatch.setattr(firm.connections.access, "authorize", authorize)


# --- check


async def test_a_check_says_which_company_answers(firm: Firm) -> None:
    await firm.connect()
    assert await firm.connections.check(firm.engagement_id, ANNA) == EXAMPLE
    assert firm.books.asked[-1].token is not None
    firm.books.account = OTHER
    with pytest.raises(WrongCompany):
        await firm.connections.check(firm.engagement_id, ANNA)


async def test_a_check_without_account_is_the_sources_fault(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    from closing_host.api.authorization import Authorized

    await firm.connect()

    async def nothing(*_: object) -> Authorized:
        return Authorized(None)

    monkeypatch.setattr(firm.connections.access, "authorize", nothing)
    with pytest.raises(PluginFault):
        await firm.connections.check(firm.engagement_id, ANNA)


# --- disconnect


async def test_disconnecting_revokes_and_deletes_the_token_and_keeps_the_log(firm: Firm) -> None:
    await firm.connect()
    firm.connections.used(firm.engagement_id, "import", ANNA)
    assert await firm.connections.disconnect(firm.engagement_id, ANNA) == Disconnected()
    view = firm.view()
    assert (view.state, view.account, view.days_left) == ("disconnected", EXAMPLE, 0)
    assert view.imported_at is not None
    assert firm.books.revoked == ["canary-renewal-1"]
    with firm.store.database.read() as connection:
        assert Credentials(connection).of_engagement(firm.engagement_id) == ()
    assert firm.actions()[-1] == "connection.ended"
    assert await firm.connections.disconnect(firm.engagement_id, ANNA) == Disconnected()
    assert firm.actions().count("connection.ended") == 1


async def test_a_source_that_cannot_revoke_does_not_keep_the_connection(firm: Firm) -> None:
    await firm.connect()
    firm.books.fails["disconnect"] = SourceUnavailable("oauth-unreachable")
    assert await firm.connections.disconnect(firm.engagement_id, ANNA) == Disconnected("oauth-unreachable")
    assert firm.view().state == "disconnected"


async def test_an_account_that_was_disconnected_is_free_for_another_engagement(firm: Firm) -> None:
    await firm.connect()
    await firm.connections.disconnect(firm.engagement_id, ANNA)
    twin = firm.engagement("5560004615")
    await firm.connect(twin)
    assert [each.state for each in firm.connections.views()] == ["disconnected", "connected"]


async def test_the_connection_of_another_source_is_not_this_ones(firm: Firm) -> None:
    from sqlalchemy import update

    from closing_host.storage.tables import engagement

    await firm.connect()
    with firm.store.database.write() as connection:
        connection.execute(update(engagement).values(source_id="files"))
    assert firm.view().state == "not-connected"


# --- keys


async def test_books_open_without_the_key_and_connections_say_why(firm: Firm) -> None:  # A16
    await firm.connect()
    for keyring, code in ((Keyring(()), "key-missing"), (Keyring((Fernet.generate_key().decode(),)), "key-wrong")):
        others = Connections(firm.store, firm.connections.sources, keyring=keyring)
        assert (others.view(firm.engagement_id).state, others.view(firm.engagement_id).reason) == ("revoked", code)
        with pytest.raises(Expired) as closed:
            async with others.open(firm.engagement_id):
                pass
        assert closed.value.code == code
    assert firm.view().state == "connected"


async def test_a_token_that_was_lost_with_its_key_says_so(firm: Firm) -> None:
    await firm.connect()
    row = credential(firm)
    with firm.store.database.write() as connection:
        Credentials(connection).forget(row.id, CredentialState.ACTIVE, "")  # type: ignore[attr-defined]
    assert firm.view().reason == "authorization-missing"


# --- set-up


async def test_set_up_is_tested_before_it_is_stored_and_its_secret_is_sealed(firm: Firm) -> None:
    settings = Installation(client_id="new", client_secret=SecretStr("canary-new"))
    await firm.connections.check_installation("books", settings)
    assert firm.books.connections[-1].installation == settings
    assert firm.books.asked[-1].token is None
    firm.connections.save_installation("books", settings, ANNA)
    assert firm.connections.access.installation(firm.connections.sources.source("books")) == settings
    await firm.connections.check_installation("books")
    assert firm.books.connections[-1].installation == settings
    assert firm.actions()[-1] == "installation.saved"
    firm.books.fails["check"] = SettingsError({"client_secret": "oauth-client-refused"})
    with pytest.raises(SettingsError):
        await firm.connections.check_installation("books")


class Later(BaseModel):
    """What a newer version of the source wants."""

    client_id: int
    region: str


async def test_settings_that_no_longer_fit_name_the_fields_and_show_no_secret(firm: Firm) -> None:
    with firm.store.database.read() as connection, pytest.raises(SettingsError) as changed:
        Installations(connection).load(firm.connections.keyring, "books", Later)
    assert changed.value.fields == {"client_id": "setting-does-not-fit", "region": "setting-does-not-fit"}
    assert "canary" not in repr(changed.value)
    assert changed.value.__cause__ is None


async def test_engagement_settings_that_do_not_fit_name_the_field(firm: Firm) -> None:
    from closing_host.storage.engagements import EngagementRecords

    with firm.store.database.write() as connection:
        records = EngagementRecords(connection, firm.engagement_id)
        records.set_settings(firm.store.trail(connection, ANNA), {"invoices": "perhaps"})
    with pytest.raises(SettingsError) as wrong:
        await firm.begin()
    assert wrong.value.fields == {"invoices": "setting-does-not-fit"}


async def test_an_unknown_source_or_engagement_is_said_to_be_so(firm: Firm) -> None:
    gone = firm.engagement(None, source_id="gone")
    with pytest.raises(CapabilityMissing):
        async with firm.connections.open(gone):
            pass
    with pytest.raises(ClosingError) as unknown:
        firm.connections.view(999)
    assert unknown.value.code == "engagement-unknown"


async def test_a_source_may_mark_what_is_missing_at_a_new_login(firm: Firm) -> None:
    await firm.connect()
    firm.books.account = replace(EXAMPLE, missing={"attachments": "no licence"})
    await firm.connect()
    assert firm.view().account.missing == {"attachments": "no licence"}
