"""The shared row of a pace, between processes (T 3d, D1)."""

import multiprocessing
import time
from dataclasses import replace
from pathlib import Path

from closing_host.storage.database import Database
from closing_host.storage.paces import PaceRow, Paces
from closing_host.storage.store import Store

ROW = PaceRow(4.5, 1.5, 0.0, 0.0, 0, 0, 0.0, 0.0, 0.0)


def test_a_row_is_made_at_first_and_changed_afterwards(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store:
        paces = Paces(store.database)
        seen: list[PaceRow | None] = []

        def step(row: PaceRow | None) -> tuple[PaceRow, str]:
            seen.append(row)
            return replace(row or ROW, strikes=len(seen)), "answer"

        assert [paces.change("a", step) for _ in range(3)] == ["answer"] * 3
        assert seen == [None, replace(ROW, strikes=1), replace(ROW, strikes=2)]
        paces.change("b", step)
        assert seen[3] is None


def count(path: Path, times: int) -> None:
    database = Database(path)
    paces = Paces(database)
    for _ in range(times):
        paces.change("k", lambda row: (replace(row or ROW, strikes=(row or ROW).strikes + 1), None))
    database.close()


def test_processes_change_it_one_after_the_other(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store:
        spawn = multiprocessing.get_context("spawn")
        workers = [spawn.Process(target=count, args=(store.folder.database, 25)) for _ in range(4)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        assert [each.exitcode for each in workers] == [0] * 4
        assert Paces(store.database).change("k", lambda row: (row or ROW, (row or ROW).strikes)) == 100


def test_asking_costs_little(tmp_path: Path) -> None:
    with Store.open(tmp_path / "data") as store:
        paces = Paces(store.database)
        started = time.perf_counter()
        for number in range(50):
            paces.change("k", lambda row, number=number: (replace(row or ROW, free_at=float(number)), None))  # type: ignore[misc]
        assert (time.perf_counter() - started) / 50 < 0.05  # a call every 222 ms can bear it
