"""Custody of tokens under faults and crashes (T 3b; A1-A6, A8, A10, A13)."""

import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from closing_host.api.errors import (
    ClosingError,
    Expired,
    PluginFault,
    RateLimited,
    SourceUnavailable,
    TemporaryError,
    WrongCompany,
)
from closing_host.sources.bearer import LiveToken
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.credentials import Credentials, CredentialState
from closing_host.storage.secrets import Keyring
from closing_host.transfers.custody import POINTS, HeldCredential, NotSent
from token_house import ID, House, open_house

pytestmark = pytest.mark.anyio


class Crash(BaseException):
    """The process is gone."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    opened = open_house(tmp_path / "data")
    yield opened
    opened.store.close()


@pytest.fixture
def minted(tmp_path: Path) -> Iterator[House]:
    """A token that does not rotate."""
    opened = open_house(tmp_path / "data", rotates=False)
    yield opened
    opened.store.close()


def raising(error: BaseException) -> Callable[[], None]:
    def call() -> None:
        raise error

    return call


def dying_at(*points: str) -> Callable[[str], None]:
    def handler(name: str) -> None:
        if name in points:
            raise Crash(name)

    return handler


# --- the fast path and one renewal


async def test_a_token_with_time_left_is_used_as_it_is(house: House) -> None:
    house.clock.advance(-timedelta(minutes=6))
    assert await house.live() == LiveToken("access-1", 1)
    assert house.issuer.calls == []


async def test_a_token_in_its_last_minutes_is_renewed_and_stored_before_it_is_used(house: House) -> None:
    house.clock.advance(-timedelta(minutes=5))
    stored: list[tuple[int, CredentialState]] = []
    with crash_handler(
        lambda name: stored.append((house.row().generation, house.row().state)) if name == "token.after_save" else None
    ):
        live = await house.live()
    assert live == LiveToken("access-2", 2)
    assert stored == [(2, CredentialState.ACTIVE)]
    assert house.told() == ["credential.renewed"]


async def test_a_token_without_an_end_is_used_until_it_is_refused(house: House) -> None:
    house.change(expires_at=None)
    assert (await house.live()).generation == 1
    assert (await house.live(refused=1)).generation == 2


async def test_a_token_that_states_an_end_in_the_past_makes_no_loop(house: House) -> None:  # A13, K5
    house.issuer.lifetime = timedelta(seconds=-5)
    assert [(await house.live()).generation for _ in range(3)] == [2, 2, 2]
    assert len(house.issuer.calls) == 1


async def test_a_token_that_lives_for_a_minute_is_used_for_most_of_it(house: House) -> None:
    house.issuer.lifetime = timedelta(minutes=1)
    await house.live()
    house.clock.advance(timedelta(seconds=40))
    assert (await house.live()).generation == 2
    house.clock.advance(timedelta(seconds=6))
    assert (await house.live()).generation == 3


async def test_an_answer_without_a_renewal_token_keeps_the_old_one(house: House) -> None:  # A13, K4
    house.issuer.states_renewal = False
    house.issuer.rotates = False
    await house.live()
    house.clock.advance(timedelta(hours=1))
    await house.live()
    assert house.issuer.calls == ["renewal-1", "renewal-1"]


async def test_a_token_that_is_not_there_asks_for_a_login(house: House) -> None:
    with pytest.raises(Expired) as missing:
        await house.custody().live("0" * 32, house.issuer)
    assert missing.value.code == "authorization-missing"


# --- several at once (A1, A5)


@pytest.mark.parametrize("workers", [2, 8, 32])
async def test_workers_that_find_a_token_over_renew_once(house: House, workers: int) -> None:  # A1
    custodies = [house.custody() for _ in range(workers)]
    answers = await asyncio.gather(*(house.live(each) for each in custodies))
    assert {each.generation for each in answers} == {2}
    assert house.issuer.calls == ["renewal-1"]


def test_threads_with_a_loop_each_renew_once(house: House) -> None:  # A1
    custody, start = house.custody(), threading.Barrier(8)
    answers: list[LiveToken] = []

    def work() -> None:
        start.wait()
        answers.append(asyncio.run(house.live(custody)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [each.generation for each in answers] == [2] * 8
    assert house.issuer.calls == ["renewal-1"]


async def test_a_refusal_because_a_sibling_was_quicker_is_no_loss(house: House) -> None:  # A5
    """The lease ran out while its owner was asleep; a sibling replays, and the owner's token comes late."""
    owner_called, owner_may_go_on, sibling_refused = asyncio.Event(), asyncio.Event(), asyncio.Event()
    first = house.custody()

    class Slow:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            answer = await house.issuer.renew(token)
            owner_called.set()
            await owner_may_go_on.wait()
            return answer

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            raise AssertionError

    owner = asyncio.create_task(first.live(ID, Slow()))
    await owner_called.wait()
    house.clock.advance(timedelta(seconds=61))

    class Sibling:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            try:
                return await house.issuer.renew(token)
            finally:
                sibling_refused.set()

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            raise AssertionError

    sibling = asyncio.create_task(house.custody().live(ID, Sibling()))
    await sibling_refused.wait()
    owner_may_go_on.set()
    assert (await owner).generation == 2
    outcome = (await asyncio.gather(sibling, return_exceptions=True))[0]
    assert isinstance(outcome, LiveToken | Expired)
    assert (await house.live()).access == "access-2"  # whatever the order was, the live pair is the stored one
    assert house.issuer.calls == ["renewal-1", "renewal-1"]


async def test_whoever_is_refused_stores_what_a_sibling_had_to_keep_aside(house: House) -> None:  # A5
    """The owner's lease ran out, its database failed, and it died: what it got lies in the spill file alone."""
    house.issuer.after = raising(Crash())
    with crash_handler(lambda name: None), pytest.raises(Crash):
        await house.live()
    vault = house.custody()._vault
    row = house.row()
    sealed = vault.sealed_next(row, house.issuer.token())
    house.clock.advance(timedelta(seconds=61))
    house.issuer.after = lambda: None
    house.issuer.before = lambda: vault.set_aside(row, sealed)
    assert (await house.live()).access == "access-2"
    assert house.issuer.calls == ["renewal-1", "renewal-1"]


async def test_the_second_look_adopts_what_a_sibling_stored(house: House) -> None:  # A5
    house.issuer.before = raising(Expired())
    custody = house.custody()
    looks = 0

    async def sibling_stores(seconds: float) -> None:
        nonlocal looks
        looks += 1
        vault = custody._vault
        row = house.row()
        token = house.issuer.token()
        sealed = vault.sealed_next(row, token)
        assert vault.store_next(row, token, sealed, forced=False)

    custody._sleep = sibling_stores
    assert (await house.live(custody)).generation == 2
    assert looks == 1
    assert house.row().state is CredentialState.ACTIVE


async def test_a_sibling_that_is_done_before_the_first_look_is_adopted_at_once(house: House) -> None:  # A5
    custody = house.custody()

    def sibling() -> None:
        row, token = house.row(), house.issuer.token()
        assert custody._vault.store_next(row, token, custody._vault.sealed_next(row, token), forced=False)
        raise Expired

    house.issuer.before = sibling
    assert (await house.live(custody)).generation == 2
    assert house.slept == []


async def test_waiting_for_anothers_renewal_has_an_end(house: House) -> None:
    house.change(lease_owner="another", lease_until=house.clock() + timedelta(seconds=60), inflight_since=house.clock())

    async def stand_still(seconds: float) -> None:
        house.clock.advance(timedelta(seconds=seconds))
        house.change(lease_until=house.clock() + timedelta(seconds=60))

    custody = house.custody()
    custody._sleep = stand_still
    with pytest.raises(TemporaryError) as waited:
        await house.live(custody)
    assert waited.value.code == "renewal-under-way"


async def test_a_lease_from_before_the_clock_was_set_back_holds_nobody(house: House) -> None:  # A10, E7
    house.change(lease_owner="another", lease_until=house.clock() + timedelta(hours=5), lease_epoch=7)
    assert (await house.live()).generation == 2


# --- unknown outcomes (A2, A3, A13)

UNKNOWN = {
    "timeout": TimeoutError(),
    "network": SourceUnavailable("oauth-unreachable"),
    "busy": RateLimited(),
    "unreadable": PluginFault(),
    "anything": ValueError("truncated"),
}


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_after_an_unknown_outcome_the_old_token_is_replayed_once(house: House, fault: str) -> None:
    house.clock.advance(-timedelta(minutes=2))  # the access token has two minutes left
    house.issuer.before = raising(UNKNOWN[fault])
    assert await house.live() == LiveToken("access-1", 1)
    assert house.row().state is CredentialState.AMBIGUOUS
    house.issuer.before = lambda: None
    house.clock.advance(timedelta(seconds=59))
    assert await house.live() == LiveToken("access-1", 1)
    assert len(house.issuer.calls) == 1
    house.clock.advance(timedelta(seconds=1))
    assert await house.live() == LiveToken("access-2", 2)
    assert house.issuer.calls == ["renewal-1", "renewal-1"]
    assert house.told() == ["credential.uncertain", "credential.renewed"]


async def test_when_the_reply_was_lost_the_replay_is_refused_and_a_login_is_asked_for(house: House) -> None:  # A2, K1
    house.issuer.after = raising(SourceUnavailable("oauth-unreachable"))
    with pytest.raises(Expired) as lost:
        await house.live()
    assert lost.value.code == "renewal-reply-lost"
    assert house.slept[0] == 60.0
    assert house.row().state is CredentialState.NEEDS_REAUTH
    with pytest.raises(Expired):
        await house.live()
    assert house.issuer.calls == ["renewal-1", "renewal-1"]


async def test_a_replay_without_an_answer_is_the_last_one(house: House) -> None:
    house.issuer.before = raising(SourceUnavailable("oauth-unreachable"))
    with pytest.raises(Expired) as lost:
        await house.live()
    assert (lost.value.code, len(house.issuer.calls)) == ("renewal-reply-lost", 2)


async def test_a_replay_that_was_begun_and_never_ended_is_the_last_one(house: House) -> None:
    house.change(inflight_since=house.clock() - timedelta(minutes=3), replayed=True, state="REFRESHING")
    with pytest.raises(Expired) as lost:
        await house.live()
    assert (lost.value.code, house.issuer.calls) == ("renewal-reply-lost", [])
    assert house.row().state is CredentialState.NEEDS_REAUTH


async def test_a_token_that_does_not_rotate_is_simply_minted_again(minted: House) -> None:
    minted.issuer.before = raising(SourceUnavailable("oauth-unreachable"))
    for _ in range(3):
        with pytest.raises(SourceUnavailable):
            await minted.live()
    assert minted.row().state is CredentialState.ACTIVE
    minted.issuer.before = lambda: None
    assert (await minted.live()).generation == 2
    assert minted.slept == []


async def test_a_failed_mint_leaves_the_old_token_in_use_while_it_lasts(minted: House) -> None:
    minted.clock.advance(-timedelta(minutes=2))
    minted.issuer.before = raising(ValueError())
    assert await minted.live() == LiveToken("access-1", 1)
    with pytest.raises(SourceUnavailable):
        await minted.live(refused=1)


async def test_what_did_not_reach_the_source_spends_nothing(house: House) -> None:
    house.issuer.before = raising(NotSent(SourceUnavailable("source-unreachable")))
    for _ in range(5):
        with pytest.raises(SourceUnavailable):
            await house.live()
        house.clock.advance(timedelta(minutes=2))
    assert house.row().state is CredentialState.ACTIVE
    house.issuer.before = lambda: None
    assert (await house.live()).generation == 2


async def test_a_replay_that_did_not_reach_the_source_is_not_used_up(house: House) -> None:
    house.clock.advance(-timedelta(minutes=2))
    house.issuer.before = raising(SourceUnavailable("oauth-unreachable"))
    await house.live()
    house.issuer.before = raising(NotSent(SourceUnavailable("source-unreachable")))
    for _ in range(5):
        house.clock.advance(timedelta(minutes=2))
        with pytest.raises(SourceUnavailable):
            await house.live()
        assert house.row().state is CredentialState.AMBIGUOUS
    house.issuer.before = lambda: None
    assert (await house.live()).generation == 2


async def test_an_answer_without_a_token_is_an_unknown_outcome(house: House) -> None:
    from closing_host.api.authorization import Account, Authorized

    house.clock.advance(-timedelta(minutes=2))

    class Empty:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            return Authorized(Account("29302"), None)

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            raise AssertionError

    assert (await house.custody().live(ID, Empty())).generation == 1
    assert house.row().state is CredentialState.AMBIGUOUS


async def test_a_source_that_never_answers_is_given_up_in_time(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("closing_host.transfers.custody.CALL_SECONDS", 0.05)
    house.clock.advance(-timedelta(minutes=2))

    class Hangs:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            await asyncio.sleep(30)

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            raise AssertionError

    assert (await house.custody().live(ID, Hangs())).generation == 1
    assert house.row().state is CredentialState.AMBIGUOUS


async def test_a_caller_who_leaves_does_not_stop_the_renewal(house: House) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    class Waiting:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            arrived.set()
            await go_on.wait()
            return await house.issuer.renew(token)

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            raise AssertionError

    custody = house.custody()
    caller = asyncio.create_task(custody.live(ID, Waiting()))
    await arrived.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()
    await asyncio.gather(*custody._under_way)
    assert house.row().generation == 2


async def test_a_loop_that_ends_in_the_middle_leaves_a_known_unknown(house: House) -> None:
    arrived = asyncio.Event()

    class Hangs:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            arrived.set()
            await asyncio.sleep(30)

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            raise AssertionError

    custody = house.custody()
    caller = asyncio.create_task(custody.live(ID, Hangs()))
    await arrived.wait()
    for each in custody._under_way:
        each.cancel()
    await asyncio.gather(caller, return_exceptions=True)
    assert house.row().state is CredentialState.AMBIGUOUS


# --- refusals (A6, A10)


async def test_a_revoked_connection_stops_within_one_call_and_stays_quiet(house: House) -> None:  # A6
    house.issuer.before = raising(Expired("oauth-renewal-refused"))
    for _ in range(10):
        with pytest.raises(Expired) as revoked:
            await house.live()
        house.clock.advance(timedelta(minutes=6))
    assert revoked.value.code == "oauth-renewal-refused"
    assert house.row().state is CredentialState.REVOKED
    assert len(house.issuer.calls) == 1
    assert house.told() == ["credential.lost"]


async def test_a_refused_token_in_date_is_renewed_by_generation(house: House) -> None:
    house.clock.advance(-timedelta(minutes=30))
    assert (await house.live(refused=1)).generation == 2
    assert (await house.live(refused=1)).generation == 2  # another worker's late 401 on the old one
    assert len(house.issuer.calls) == 1


async def test_a_source_that_refuses_every_token_is_not_asked_for_more(house: House) -> None:  # A10
    house.clock.advance(-timedelta(minutes=30))
    assert (await house.live(refused=1)).generation == 2
    for _ in range(54):
        house.clock.advance(timedelta(minutes=1))
        with pytest.raises(Expired) as refused:
            await house.live(refused=2)
        assert refused.value.code == "authorization-refused"
    assert len(house.issuer.calls) == 1


@pytest.mark.parametrize("hours", [-24, -3, -0.25, 0.25, 3, 24])
async def test_a_clock_that_jumps_costs_at_most_one_renewal_an_hour(house: House, hours: float) -> None:  # A10
    await house.live()
    house.clock.advance(timedelta(hours=hours))
    for _ in range(60):
        await house.live()
        house.clock.advance(timedelta(minutes=1))
    assert len(house.issuer.calls) <= 3


async def test_an_unknown_outcome_from_before_the_clock_was_set_back_does_not_wait_for_it(house: House) -> None:
    house.change(inflight_since=house.clock() + timedelta(hours=1), state="AMBIGUOUS")
    assert (await house.live()).generation == 2
    assert house.slept == []


# --- another company's token (A7, A8, G4)


async def test_a_renewed_token_for_another_account_is_never_used(house: House) -> None:  # A8, K9
    house.issuer.account = "29303"
    with pytest.raises(WrongCompany) as wrong:
        await house.live()
    assert wrong.value.parameters == {"expected": "29302", "found": "29303"}
    assert house.row().state is CredentialState.QUARANTINED
    assert house.issuer.revoked == ["renewal-2"]
    with pytest.raises(Expired):
        await house.live()
    assert len(house.issuer.calls) == 1
    assert house.told() == ["credential.quarantined"]


async def test_a_renewed_token_that_names_no_account_is_never_used(house: House) -> None:
    from closing_host.api.authorization import Authorized

    class Nameless:
        async def renew(self, token):  # type: ignore[no-untyped-def]
            return Authorized(None, (await house.issuer.renew(token)).token)

        async def revoke(self, token):  # type: ignore[no-untyped-def]
            await house.issuer.revoke(token)

    house.issuer.revoke_fails = True
    with pytest.raises(WrongCompany):
        await house.custody().live(ID, Nameless())
    assert house.row().state is CredentialState.QUARANTINED


async def test_a_lease_lost_before_the_quarantine_leaves_the_row_to_its_new_owner(house: House) -> None:
    house.issuer.account = "29303"
    house.issuer.after = lambda: house.change(lease_epoch=9, lease_owner="another")
    with pytest.raises(WrongCompany):
        await house.live()
    assert house.row().lease_epoch == 9
    assert house.told() == []


# --- a database that cannot store (A4)


class FullDisk:
    """Makes statements of the database fail from a moment on."""

    def __init__(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        database = house.store.database
        transact = database.transact

        def failing(work, *, attempts=3):  # type: ignore[no-untyped-def]
            if self.full:
                raise ClosingError("disk-full")
            return transact(work, attempts=attempts)

        monkeypatch.setattr(database, "transact", failing)


async def test_a_full_disk_never_burns_a_token(house: House) -> None:  # A4
    """Real: the database may not grow by a page. The lease is what fails, before anything is sent."""
    from closing_host.storage.sqlite import driver_connection

    def limited(pages: int | None) -> None:
        with house.store.database.engine.connect() as connection:
            driver = driver_connection(connection)
            now = driver.execute("PRAGMA page_count").fetchone()[0]
            driver.execute(f"PRAGMA max_page_count={now if pages is not None else 2**30}")

    house.change(ciphertext=house.row().ciphertext)
    limited(0)
    for _ in range(3):
        with pytest.raises(ClosingError) as full:
            await house.live()
        assert full.value.code == "disk-full"
        assert house.issuer.calls == []
    limited(None)
    assert (await house.live()).generation == 2


async def test_a_token_that_cannot_be_stored_is_kept_aside_and_stored_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:  # A4
    disk = FullDisk(house, monkeypatch)
    house.issuer.after = lambda: setattr(disk, "full", True)
    custody = house.custody()
    with pytest.raises(ClosingError) as full:
        await house.live(custody)
    assert full.value.code == "disk-full"
    assert house.row().generation == 1
    disk.full = False
    assert (await house.live(custody)) == LiveToken("access-2", 2)
    assert house.issuer.calls == ["renewal-1"]


async def test_another_process_finds_what_was_kept_aside(house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # A4
    disk = FullDisk(house, monkeypatch)
    house.issuer.after = lambda: setattr(disk, "full", True)
    with crash_handler(dying_at("token.after_aside")), pytest.raises(Crash):
        await house.live()
    disk.full = False
    assert (await house.live()) == LiveToken("access-2", 2)
    assert house.issuer.calls == ["renewal-1"]


async def test_what_was_kept_aside_lives_in_the_process_when_the_file_fails_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(house, monkeypatch)
    house.issuer.after = lambda: setattr(disk, "full", True)
    custody = house.custody()

    def failing(name: str, content: bytes) -> None:
        raise ClosingError("disk-failed")

    monkeypatch.setattr(custody._vault._spill, "keep", failing)
    with pytest.raises(ClosingError):
        await house.live(custody)
    disk.full = False
    assert (await house.live(custody)).generation == 2


async def test_what_was_kept_aside_but_torn_is_not_believed(house: House) -> None:
    house.custody()._vault._spill.reserve(ID)
    for torn in (b"{", b'{"generation":2}', b"[]"):
        house.custody()._vault._spill.keep(ID, torn)
        house.change(
            state="AMBIGUOUS",
            inflight_since=house.clock() - timedelta(seconds=5),
            expires_at=house.clock() + timedelta(minutes=1),
        )
        assert (await house.live()).generation == 1


async def test_what_was_kept_aside_under_another_key_is_left_alone(house: House) -> None:
    from cryptography.fernet import Fernet

    row = house.row()
    vault = house.custody(Keyring((Fernet.generate_key().decode(),)))._vault
    vault._spill.reserve(ID)
    vault.set_aside(row, vault.sealed_next(row, house.issuer.token()))
    house.change(state="AMBIGUOUS", inflight_since=house.clock(), expires_at=house.clock() + timedelta(minutes=1))
    assert (await house.live()).generation == 1


async def test_what_was_kept_aside_waits_while_somebody_renews(house: House) -> None:
    vault = house.custody()._vault
    row = house.row()
    vault._spill.reserve(ID)
    vault.set_aside(row, vault.sealed_next(row, house.issuer.token()))
    house.change(state="REFRESHING", lease_owner="another", lease_epoch=5, inflight_since=house.clock())
    assert vault.current(ID).generation == 1
    house.change(lease_owner=None)
    assert vault.current(ID).generation == 2


async def test_what_was_kept_aside_and_overtaken_is_dropped(house: House) -> None:
    vault = house.custody()._vault
    row = house.row()
    vault._spill.reserve(ID)
    vault.set_aside(row, vault.sealed_next(row, house.issuer.token()))
    await house.live()
    house.change(state="AMBIGUOUS", inflight_since=house.clock())
    custody = house.custody()
    assert (await house.live(custody)).generation == 2
    assert custody._vault._spill.read(ID) is None


async def test_a_token_that_comes_after_disconnecting_is_revoked(house: House) -> None:
    def disconnect() -> None:
        with house.store.database.write() as connection:
            Credentials(connection).forget(ID, CredentialState.REVOKED, "connection-ended")

    house.issuer.after = disconnect
    with pytest.raises(Expired) as ended:
        await house.live()
    assert ended.value.code == "connection-ended"
    assert house.issuer.revoked == ["renewal-2"]
    assert house.row().ciphertext is None


# --- keys (A15, A16)


async def test_without_its_key_a_token_asks_for_a_login_and_nothing_is_called(house: House) -> None:
    from cryptography.fernet import Fernet

    for keyring, code in ((Keyring(()), "key-missing"), (Keyring((Fernet.generate_key().decode(),)), "key-wrong")):
        with pytest.raises(Expired) as unreadable:
            await house.live(house.custody(keyring))
        assert unreadable.value.code == code
    assert house.issuer.calls == []
    assert (await house.live()).generation == 2


async def test_a_ciphertext_moved_from_another_row_does_not_open(house: House) -> None:  # A15
    house.change(account_id="29303", expires_at=None)
    with pytest.raises(Expired) as moved:
        await house.live()
    assert moved.value.code == "secret-misplaced"


async def test_a_ciphertext_of_an_older_generation_does_not_open(house: House) -> None:  # A15
    old = house.row().ciphertext
    await house.live()
    house.change(ciphertext=old)
    with pytest.raises(Expired) as moved:
        await house.live()
    assert moved.value.code == "secret-misplaced"


# --- crashes (A2, A3): every point, with every fault, for both kinds of token

FAULTS: dict[str, Callable[[House], None]] = {
    "none": lambda house: None,
    "K1 rotated, reply lost": lambda house: setattr(house.issuer, "after", raising(SourceUnavailable())),
    "K2 not rotated, reply lost": lambda house: setattr(house.issuer, "before", raising(SourceUnavailable())),
    "K3 unreadable": lambda house: setattr(house.issuer, "after", raising(ValueError())),
    "K4 no renewal token": lambda house: setattr(house.issuer, "states_renewal", False),
    "K5 end in the past": lambda house: setattr(house.issuer, "lifetime", timedelta(seconds=-1)),
    "K6 refused": lambda house: setattr(house.issuer, "before", raising(Expired())),
    "K7 too many": lambda house: setattr(house.issuer, "before", raising(RateLimited())),
    "K8 server error": lambda house: setattr(house.issuer, "before", raising(SourceUnavailable())),
    "K9 another account": lambda house: setattr(house.issuer, "account", "29303"),
    "K11 replay ends all": lambda house: setattr(house.issuer, "after", raising(TimeoutError())),
    "K12 slower than the lease": lambda house: setattr(
        house.issuer, "after", lambda: house.clock.advance(timedelta(seconds=70))
    ),
}


@pytest.mark.parametrize("rotates", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
async def test_no_crash_loses_a_token_silently_or_loops(tmp_path: Path, fault: str, rotates: bool) -> None:
    for number, point in enumerate(POINTS):
        house = open_house(tmp_path / f"{number}", rotates=rotates)
        FAULTS[fault](house)
        with crash_handler(dying_at(point)), contextlib.suppress(ClosingError, Crash):
            await house.live()
        crashed_with = len(house.issuer.calls)
        assert crashed_with <= 2
        house.issuer.before = house.issuer.after = lambda: None
        house.issuer.lifetime, house.issuer.account = timedelta(hours=1), "29302"
        house.clock.advance(timedelta(seconds=61))
        # Restarted, without faults: either the live pair is in use, or somebody is asked to log in and knows why.
        (live,) = await asyncio.gather(house.live(), return_exceptions=True)
        if isinstance(live, Expired):
            assert house.row().state in (
                CredentialState.NEEDS_REAUTH,
                CredentialState.REVOKED,
                CredentialState.QUARANTINED,
            )
            assert live.code == house.row().reason
        else:
            assert isinstance(live, LiveToken)
            assert live.access == f"access-{house.issuer.number}"
        # At most one call for each generation, and one replay (G5).
        for renewal, calls in itertools.groupby(sorted(house.issuer.calls)):
            assert len(list(calls)) <= (2 if rotates else 9), (point, renewal)
        before = len(house.issuer.calls)
        with contextlib.suppress(Expired):
            await house.live()
        assert len(house.issuer.calls) == before
        house.store.close()


async def test_every_crash_point_is_passed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passed: set[str] = set()
    for number, fault in enumerate((*FAULTS, "disk")):
        house = open_house(tmp_path / f"{number}")
        with crash_handler(passed.add):
            if fault == "disk":
                disk = FullDisk(house, monkeypatch)
                house.issuer.after = lambda disk=disk: setattr(disk, "full", True)  # type: ignore[misc]
                custody = house.custody()
                with pytest.raises(ClosingError):
                    await house.live(custody)
                disk.full = False
                await house.live(custody)
            else:
                FAULTS[fault](house)
                await asyncio.gather(house.live(), return_exceptions=True)
        house.store.close()
    assert set(POINTS) <= passed


async def test_a_row_without_a_token_has_none_to_open(house: House) -> None:
    house.change(ciphertext=None)
    with pytest.raises(Expired):
        house.custody()._vault.open(house.row())


async def test_the_wire_sees_a_credential(house: House) -> None:
    held = HeldCredential(house.custody(), ID, house.issuer)
    assert await held.live() == LiveToken("access-2", 2)
    assert await held.renewed(2) == LiveToken("access-3", 3)
