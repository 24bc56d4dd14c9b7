"""Links work once, sessions end by themselves, and what is stored opens nothing."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from closing_host.api.errors import AuthorizationError
from closing_host.storage.audit import events, verify_chain
from closing_host.storage.sessions import ABSOLUTE, IDLE, LINK_HOLDS, TOUCHED_EVERY, WebSessions
from closing_host.storage.store import Store
from stored_books import ANNA, SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def store(tmp_path: Path, clock: SetClock) -> Iterator[Store]:
    with Store.open(tmp_path / "data", clock=clock) as opened:
        yield opened


def link(store: Store, clock: SetClock) -> str:
    with store.database.write() as connection:
        return WebSessions(connection, clock()).link(store.trail(connection, ANNA))


def begin(store: Store, clock: SetClock, token: str) -> str:
    with store.database.write() as connection:
        return WebSessions(connection, clock()).begin(store.trail(connection, ANNA), token)


def holds(store: Store, clock: SetClock, id: str) -> bool:
    with store.database.write() as connection:
        sessions = WebSessions(connection, clock())
        found = sessions.find(id)
        if found is not None and sessions.needs_touch(found):
            sessions.touch(found)
        return found is not None


def test_a_link_works_once_and_for_a_while(store: Store, clock: SetClock) -> None:
    token = link(store, clock)
    assert holds(store, clock, begin(store, clock, token))
    for spent in (token, "guessed", ""):
        with pytest.raises(AuthorizationError, match="link-not-valid"):
            begin(store, clock, spent)
    late = link(store, clock)
    clock.advance(LINK_HOLDS)
    with pytest.raises(AuthorizationError, match="link-not-valid"):
        begin(store, clock, late)


def test_a_session_ends_when_it_is_idle_and_in_the_end_anyway(store: Store, clock: SetClock) -> None:
    idle, busy = (begin(store, clock, link(store, clock)) for _ in range(2))
    begun = clock()
    while clock() - begun + IDLE / 2 < ABSOLUTE:
        clock.advance(IDLE / 2)
        assert holds(store, clock, busy)
    assert not holds(store, clock, idle)
    clock.advance(ABSOLUTE - (clock() - begun))
    assert not holds(store, clock, busy)


def test_reading_pages_writes_once_a_minute_at_most(store: Store, clock: SetClock) -> None:
    id = begin(store, clock, link(store, clock))
    clock.advance(TOUCHED_EVERY - timedelta(seconds=1))
    with store.database.read() as connection:
        sessions = WebSessions(connection, clock())
        found = sessions.find(id)
        assert found is not None
        assert not sessions.needs_touch(found)


def test_neither_tokens_nor_ids_are_stored(store: Store, clock: SetClock, tmp_path: Path) -> None:
    token = link(store, clock)
    unused = link(store, clock)
    id = begin(store, clock, token)
    store.close()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("closing.db*"))
    assert not [secret for secret in (token, unused, id) if secret.encode() in stored]


def test_the_trail_tells_of_links_and_sessions(store: Store, clock: SetClock) -> None:
    id = begin(store, clock, link(store, clock))
    with store.database.write() as connection:
        sessions = WebSessions(connection, clock())
        found = sessions.find(id)
        assert found is not None
        sessions.end(store.trail(connection, ANNA), found)
    with store.database.read() as connection:
        told = [each.action for each in events(connection)][:3]
        assert verify_chain(connection, None).broken is None
    assert told == ["session.ended", "session.begun", "session.linked"]
    assert not holds(store, clock, id)
