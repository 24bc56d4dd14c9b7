"""Readers while the books are replaced again and again see the old or the new, never a mix (T C9, G6)."""

import dataclasses
import threading

from closing_host.ledgers.canonical import fingerprint
from stored_books import ANNA, OWNER, YEAR_START, World, small_ledger

PUBLISHES = 200


def test_readers_never_see_a_mix(world: World) -> None:
    books = [small_ledger(*range(1, size)) for size in (3, 12, 25)]
    sums = {fingerprint(each): int(each.rows["amount"].abs().sum()) for each in books}
    world.publish(books[0])
    turns = threading.Semaphore(0)  # two reads per publish, so that readers do not starve the writer
    stop = threading.Event()
    seen: list[str] = []
    faults: list[str] = []

    def read() -> None:
        while turns.acquire() and not stop.is_set():
            try:
                record = world.store.snapshots.current(1, YEAR_START)
                assert record is not None
                ledger = world.store.snapshots.load(1, record.id)
                counts = {table: frame.height for table, frame in ledger.tables.items()}
                if counts != record.counts or ledger.rows["amount"].abs().sum() != sums[record.fingerprint]:
                    faults.append(f"mixed: {record.id}")
                seen.append(record.fingerprint)
            except Exception as error:  # a reader must never meet any
                faults.append(repr(error))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    received = [dataclasses.replace(world.receive(each, b"file"), raw=None) for each in books]
    for turn in range(1, PUBLISHES + 1):
        run = world.start_run()
        turns.release(2)
        assert world.store.snapshots.publish(1, received[turn % 3], run_id=run.id, owner=OWNER, actor=ANNA).changed
    stop.set()
    turns.release(2)
    for reader in readers:
        reader.join()
    assert faults == []
    assert set(seen) == set(sums)
    assert len(seen) > 50
