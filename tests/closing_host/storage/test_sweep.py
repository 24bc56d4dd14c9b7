import os
from datetime import timedelta

from closing_host.storage.sweep import GRACE, Swept, sweep
from closing_host.storage.verify import verify
from stored_books import World, small_ledger


def leave_orphans(world: World) -> None:
    for name in ("file", "folder/file"):
        path = world.store.folder.tmp / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    for path in world.store.folder.tmp.iterdir():
        os.utime(path, (world.clock().timestamp(),) * 2)
    world.store.blobs.put(b"orphan")
    world.store.ledgers.write(small_ledger(99))


def test_what_nothing_names_goes_after_the_grace_time_and_the_rest_stays(world: World) -> None:
    first = world.publish(small_ledger(1), b"first").snapshot
    world.publish(small_ledger(2), b"second")
    named = world.files()
    leave_orphans(world)
    world.clock.advance(GRACE)
    assert sweep(world.store) == Swept(0, 0, 0)
    world.clock.advance(timedelta(seconds=1))
    assert sweep(world.store) == Swept(unfinished=2, ledgers=1, blobs=1)
    assert world.files() == named
    assert not any(world.store.folder.tmp.iterdir())
    assert verify(world.store).problems == ()
    assert world.store.snapshots.load(1, first.id).rows.height == 2, "an earlier snapshot is kept for ever (T C11)"
    assert sweep(world.store) == Swept(0, 0, 0)


def test_what_was_put_again_is_wanted_again(world: World) -> None:
    leave_orphans(world)
    world.clock.advance(2 * GRACE)
    world.store.blobs.put(b"orphan")
    world.store.ledgers.write(small_ledger(99))
    assert sweep(world.store) == Swept(unfinished=2, ledgers=0, blobs=0)


def test_the_grace_time_can_be_shorter(world: World) -> None:
    world.store.blobs.put(b"orphan")
    world.clock.advance(timedelta(seconds=2))
    assert sweep(world.store, grace=timedelta(seconds=1)).blobs == 1
