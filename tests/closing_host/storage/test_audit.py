import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, update

from closing_host.storage.anchor import Head
from closing_host.storage.audit import FIRST, Action, Actor, BrokenLink, event_hash, events, verify_chain
from closing_host.storage.database import Connection
from closing_host.storage.tables import audit
from stored_books import ANNA, World


def append(world: World, count: int = 1, **fields: object) -> None:
    for _ in range(count):
        with world.store.database.write() as connection:
            world.store.trail(connection, ANNA).append(Action.ENGAGEMENT_RENAMED, **fields)  # type: ignore[arg-type]


def test_events_are_numbered_and_linked(world: World) -> None:
    append(world, 3, engagement_id=1, object="engagement:1", before="a", after="b", details={"z": 1, "a": "å"})
    with world.store.database.read() as connection:
        newest, middle, *_ = events(connection, engagement_id=1)
        report = verify_chain(connection)
    assert (newest.seq, newest.prev_hash) == (middle.seq + 1, middle.hash)
    assert newest.details_json == '{"a":"å","z":1}'
    assert (newest.at_utc, newest.actor, newest.actor_kind) == (world.clock(), "anna", "user")
    assert (report.head, report.broken) == (Head(newest.seq, newest.hash), None)


def test_the_hash_does_not_depend_on_how_the_instant_is_written(world: World) -> None:
    world.clock.now = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    append(world)
    with world.store.database.read() as connection:
        assert verify_chain(connection).broken is None
        assert events(connection)[0].at_utc == datetime(2026, 7, 1, 10, 0, tzinfo=UTC)


def test_an_event_of_a_change_that_failed_is_not_there(world: World) -> None:
    with world.store.database.read() as connection:
        before = events(connection)

    def fail(connection: Connection) -> None:
        world.store.trail(connection, ANNA).append(Action.ENGAGEMENT_RENAMED)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        world.store.database.transact(fail)
    with world.store.database.read() as connection:
        assert events(connection) == before
    anchor = world.store.anchor.read()
    assert anchor is not None
    assert anchor.seq == before[0].seq


def test_details_that_json_cannot_hold_are_refused(world: World) -> None:
    with pytest.raises(TypeError):
        append(world, details={"x": object()})


def change(values: dict[str, object]) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(update(audit).where(audit.c.seq == 4).values(values))


def rewrite(connection: Connection) -> None:
    """What someone does who knows how: change an event and compute every hash after it anew."""
    previous = FIRST
    for row in connection.execute(audit.select().order_by(audit.c.seq)).mappings().all():
        event = {**row, "prev_hash": previous}
        if event["seq"] == 4:
            event["actor"] = "bo"
        previous = event["hash"] = event_hash(event)
        connection.execute(update(audit).where(audit.c.seq == event["seq"]).values(event))


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (change({"actor": "bo"}), BrokenLink(4, "content")),
        (change({"details_json": "{}"}), BrokenLink(4, "content")),
        (change({"at_utc": datetime(2020, 1, 1, tzinfo=UTC)}), BrokenLink(4, "content")),
        (change({"hash": "f" * 64}), BrokenLink(4, "content")),
        (change({"prev_hash": "f" * 64}), BrokenLink(4, "link")),
        (lambda connection: connection.execute(delete(audit).where(audit.c.seq == 4)), BrokenLink(5, "gap")),
        (lambda connection: connection.execute(delete(audit).where(audit.c.seq == 1)), BrokenLink(2, "gap")),
        (lambda connection: connection.execute(delete(audit).where(audit.c.seq >= 5)), BrokenLink(5, "cut")),
        (lambda connection: connection.execute(delete(audit)), BrokenLink(1, "cut")),
        (rewrite, BrokenLink(6, "rewritten")),
    ],
)
def test_the_first_broken_link_is_named(
    world: World, tamper: Callable[[Connection], object], broken: BrokenLink
) -> None:
    append(world, 4, details={"n": 1})
    anchor = world.store.anchor.read()
    assert anchor is not None
    assert anchor.seq == 6
    with world.store.database.write() as connection:
        tamper(connection)
    with world.store.database.read() as connection:
        assert verify_chain(connection, anchor).broken == broken


def test_an_anchor_that_lags_behind_is_right(world: World) -> None:
    anchor = world.store.anchor.read()
    append(world)
    with world.store.database.read() as connection:
        assert verify_chain(connection, anchor).broken is None


def test_one_transaction_with_many_events_advances_the_anchor_once_to_the_last(world: World) -> None:
    with world.store.database.write() as connection:
        trail = world.store.trail(connection, Actor("closing-host", "system"))
        last = [trail.append(Action.ENGAGEMENT_RENAMED) for _ in range(3)][-1]
        assert world.store.anchor.read() != Head(last.seq, last.hash)
    assert world.store.anchor.read() == Head(last.seq, last.hash)


def test_the_anchor_never_goes_back(world: World) -> None:
    head = world.store.anchor.read()
    assert head is not None
    world.store.anchor.write(Head(head.seq - 1, "0" * 64))
    assert world.store.anchor.read() == head


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"seq":"x","hash":"y"}', b"\xff"])
def test_an_unreadable_anchor_is_none(world: World, content: bytes) -> None:
    world.store.folder.anchor.write_bytes(content)
    assert world.store.anchor.read() is None


def test_threads_make_one_chain(world: World) -> None:
    threads = [threading.Thread(target=append, args=(world, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.store.database.read() as connection:
        report = verify_chain(connection, world.store.anchor.read())
    assert (report.broken, report.head.seq) == (None, 42)
    assert json.loads(world.store.folder.anchor.read_text())["seq"] == 42
