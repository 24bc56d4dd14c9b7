"""*Förändringar* and *Jämför* as work in the background: asked for, carried out as a run, the result kept for a while.

Whatever is compared goes through `ledgers.comparison`, so the pages and `closing compare` say the same. Reading a
source for this stores nothing in the books and renews nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, BinaryIO, Final

import polars as pl

from closing_host.api.context import SourceFile
from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import Ledger
from closing_host.engagements.host import Host
from closing_host.engagements.importing import read_live, source_of
from closing_host.ledgers.accounts import is_result_account
from closing_host.ledgers.comparison import FRAMES, Comparison, compare
from closing_host.ledgers.voucher_search import with_amounts
from closing_host.runs.runner import Handle, Task, carry_out, queue
from closing_host.storage.comparisons import Comparisons, Order, Side
from closing_host.storage.runs import Run, Runs
from closing_host.storage.snapshot_records import Snapshot
from closing_host.transfers.importing import bring_file

KIND: Final = "compare"

LOOKED_AT: Final = 50
"""Latest runs of an engagement among which a comparison of the same two imports is looked for."""


def compare_imports(host: Host, engagement_id: int, a: Snapshot, b: Snapshot) -> Run:
    """The comparison of two imports: the one that was made, or is being made, else a new one that is queued."""
    task = _task(engagement_id, f"{a.id}-{b.id}")
    comparisons = comparisons_of(host)
    with host.store.database.read() as connection:
        newest = Runs(connection, host.store.clock, engagement_id=engagement_id).newest(limit=LOOKED_AT)
    for run in newest:
        alive = run.state in ("queued", "running", "done")
        if run.kind == KIND and run.lock_key == task.lock_key and alive and comparisons.holds(run.id):
            return run
    return _asked(host, task, Order(engagement_id, Side("import", a.id), Side("import", b.id)))


def compare_with_source(host: Host, engagement_id: int, a: Snapshot) -> Run:
    """The import against what the source states now: one at a time for an engagement's import."""
    task = _task(engagement_id, f"{a.id}-live")
    assert task.lock_key is not None
    with host.store.database.read() as connection:
        active = Runs(connection, host.store.clock).active(task.lock_key)
    return active or _asked(host, task, Order(engagement_id, Side("import", a.id), Side("live")))


def compare_file(host: Host, engagement_id: int, name: str, file: BinaryIO, *, live: bool) -> Run:
    """A SIE file called `name` against the books of its year, or (`live`) against what the source states of it now."""
    sent = Side("file", name=name)
    order = Order(engagement_id, sent, Side("live")) if live else Order(engagement_id, None, sent)
    return _asked(host, Task(KIND, engagement_id), order, file)


def ask_again(host: Host, engagement_id: int, run_id: str) -> Run:
    """The same again, anew: for one that failed, was stopped, or is to be looked at as things are now.

    Raises `ClosingError` `comparison-unknown`.
    """
    comparisons = comparisons_of(host)
    order = order_of(host, engagement_id, run_id)
    if "file" in (order.a and order.a.kind, order.b.kind):
        with comparisons.file(run_id).open("rb") as file:
            return _asked(host, Task(KIND, engagement_id), order, file)
    assert order.a is not None
    return _asked(host, _task(engagement_id, f"{order.a.snapshot}-{order.b.snapshot or 'live'}"), order)


def order_of(host: Host, engagement_id: int, run_id: str) -> Order:
    """What a comparison compares. Raises `ClosingError` `comparison-unknown`, also for another engagement's."""
    order = comparisons_of(host).order(run_id)
    if order.engagement_id != engagement_id:
        raise ClosingError("comparison-unknown")
    return order


def comparisons_of(host: Host) -> Comparisons:
    """The comparisons of the host's data folder."""
    return Comparisons(host.store.folder.tmp)


def left_behind(host: Host) -> Sequence[Run]:
    """Comparisons that a process was asked for and did not come to."""
    with host.store.database.read() as connection:
        waiting = Runs(connection, host.store.clock).queued(KIND)
    return [run for run in waiting if comparisons_of(host).holds(run.id)]


async def carry_out_comparison(host: Host, run: Run) -> None:
    """Make the comparison that was asked for and store its result.

    Raises what reading the sides raises, `comparison-without-books` for a file of a year without books.
    """
    engagement_id = run.engagement_id
    assert engagement_id is not None

    async def work(handle: Handle) -> None:
        order = order_of(host, engagement_id, run.id)
        if order.a is None:
            b = await _side(host, run, order.b, None, handle)
            a = await _side(host, run, _books_of(host, engagement_id, b[0]), None, handle)
        else:
            a = await _side(host, run, order.a, None, handle)
            b = await _side(host, run, order.b, a[0], handle)
        handle.progress("compare", 0, None)
        await asyncio.to_thread(_compared, host, run.id, a, b)
        handle.progress("compare", 1, 1)

    task = Task(KIND, engagement_id, lock_key=run.lock_key)
    await carry_out(host.store, host.actor, task, work, queued=run.id)


_Read = tuple[Ledger, frozenset[str], dict[str, Any]]
"""A side's ledger, what its source cannot hold, and what a page tells of it."""


async def _side(host: Host, run: Run, side: Side, like: Ledger | None, handle: Handle) -> _Read:
    assert run.engagement_id is not None
    handle.progress("read", 0, None)
    if side.kind == "live":
        brought = await read_live(host, run.engagement_id, like.year if like else None, watch=handle.progress)
        told = {"kind": "live", "source": brought.source.id, "name": "", "at": host.store.clock().isoformat()}
        return brought.ledger, brought.source.info.cannot_hold, told
    if side.kind == "file":
        path = comparisons_of(host).file(run.id)
        source = source_of(host, path, name=side.name)
        brought = await bring_file(source, SourceFile(side.name, path), handle.progress, host.store)
        return brought.ledger, frozenset(), {"kind": "file", "source": source.id, "name": side.name, "at": ""}
    assert side.snapshot is not None
    snapshot = host.store.snapshots.get(run.engagement_id, side.snapshot)
    ledger = await asyncio.to_thread(host.store.snapshots.load, run.engagement_id, snapshot.id)
    known = host.sources.sources.get(snapshot.source_id)
    imported: dict[str, Any] = {
        "kind": "import",
        "source": snapshot.source_id,
        "name": snapshot.provenance.get("file") or "",
        "at": snapshot.created_at.isoformat(),
        "snapshot": snapshot.id,
    }
    return ledger, known.info.cannot_hold if known else frozenset(), imported


def _books_of(host: Host, engagement_id: int, file: Ledger) -> Side:
    year = file.year
    current = host.store.snapshots.current(engagement_id, year.start) if year is not None else None
    if year is None or current is None:
        raise DataError("comparison-without-books", year=_spelt(year.start if year else None))
    return Side("import", current.id)


def _spelt(start: date | None) -> str:
    return str(start.year) if start else "?"


def _compared(host: Host, run_id: str, a: _Read, b: _Read) -> None:
    found = compare(a[0], b[0], absent_in_a=a[1], absent_in_b=b[1])
    names = pl.concat([b[0].accounts.select("account", "name"), a[0].accounts.select("account", "name")])
    frames = {name: getattr(found, name) for name in FRAMES}
    frames["names"] = names.unique("account", keep="first", maintain_order=True)
    frames["totals"] = found.totals.filter(pl.col("difference") != 0)
    frames["vouchers"] = _with_amounts(found, a[0], b[0])
    year = b[0].year or a[0].year
    about = {
        "a": a[2],
        "b": b[2],
        "count": found.count,
        "counts": dict(found.counts),
        "result": -int(frames["totals"].filter(is_result_account())["difference"].sum()),
        "not_compared": [asdict(each) for each in found.not_compared],
        "year": [str(year.start), str(year.end)] if year else [],
        "made_at": host.store.clock().isoformat(),
    }
    comparisons_of(host).store(run_id, about, frames)


def _with_amounts(found: Comparison, a: Ledger, b: Ledger) -> pl.DataFrame:
    """The differing vouchers with `amount`, the sum of their debits: b's, and a's where b has none."""
    place = found.vouchers.with_row_index("place")
    removed = place.filter(pl.col("change") == "removed").with_columns(voucher=pl.col("voucher_a"))
    others = place.filter(pl.col("change") != "removed").with_columns(voucher=pl.col("voucher_b"))
    both = pl.concat([with_amounts(removed, a), with_amounts(others, b)])
    return both.sort("place").drop("place", "voucher", "corrected")


def _task(engagement_id: int, what: str) -> Task:
    return Task(KIND, engagement_id, lock_key=f"{KIND}:{engagement_id}:{what}")


def _asked(host: Host, task: Task, order: Order, file: BinaryIO | None = None) -> Run:
    run = queue(host.store, host.actor, task)
    comparisons_of(host).add(run.id, order, file)
    return run
