"""One story: the simulator, a data folder, and the processes that work on it."""

import asyncio
import itertools
import shutil
import threading
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from closing_host.api.errors import ClosingError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import EXPORTABLE, ClosingEntry, EntryContent, month_of
from closing_host.engagements.connecting import connect
from closing_host.engagements.exporting import export, resume
from closing_host.engagements.host import Host
from closing_host.engagements.importing import import_connected
from closing_host.storage.backup import backup
from closing_host.storage.entries import EntryRecords
from closing_host.storage.restore import restore
from closing_host.transfers.exporting.views import BatchView
from datasource_fortnox.settings import FortnoxInstallation
from datasource_fortnox.simulator import recall, remember
from datasource_fortnox.simulator.edits import apply
from export_world.company import SERIES, TENANT, YEAR, YEAR_ID
from export_world.death import Death, Instant, living, mortality
from export_world.ground import Birth, Ground, Lines, lines_of
from export_world.network import Line
from export_world.person import Person
from export_world.process import ANNA, Process
from export_world.single_thread import single_thread
from export_world.template import Login, Template, simulator, template, workplace
from export_world.witness import Journal

T = TypeVar("T")

_NUMBERS = itertools.count()
_LOOPS = threading.local()


def _loop() -> asyncio.Runner:
    """This thread's."""
    if not hasattr(_LOOPS, "runner"):
        _LOOPS.runner = asyncio.Runner()
    runner: asyncio.Runner = _LOOPS.runner
    return runner


def _with_own_loop(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        _loop().close()
        del _LOOPS.runner


@dataclass(frozen=True)
class Books:
    """The books at one moment: öre per account, the vouchers that the export had booked, those of them still there."""

    turnover: dict[str, int]
    living: list[Birth]
    born: list[Birth]


class World:
    """Open with `world()`. Every action returns what the product returned, or its `ClosingError`; None when it died."""

    def __init__(self, folder: Path, began: Template) -> None:
        self._began = began
        self.engagement_id = began.engagement_id
        self.folder = folder
        self.simulator = simulator()
        shutil.copytree(began.folder, folder)
        recall(self.simulator, began.memory)
        self.line = Line(self.simulator)
        self.ground = Ground(self.simulator)
        self.journal = self.line.journal = Journal(folder / "closing.db")
        self.untold: list[str] = []
        self.process = Process(folder, self.line)
        self.backups: list[Path] = []
        self.restored = 0
        self._stalled = self.edits = 0
        self.processes = 1
        """How many have lived one after the other."""
        self.approved: dict[str, set[tuple[Lines, str]]] = defaultdict(set)
        """By marker what was approved: lines and series."""
        self.books: Books | None = None
        """What Fortnox' books held at the last import that went well; None when that is not known, and"""
        self.shown: dict[str, int] = {}
        """what readers saw of it."""
        self._served = Books({}, [], [])
        self.line.served = self._note_books
        self.torn: list[ClosingError] = []
        """Imports that said that they failed, and changed what is shown."""
        self.introductions: set[int] = set()
        """Requests of logins, which may reach another company."""

    @property
    def installation(self) -> FortnoxInstallation:
        """The installation settings of the story's beginning."""
        return self._began.installation

    @property
    def host(self) -> Host:
        """The first process' host."""
        return self.process.host

    def close(self) -> None:
        """End the story."""
        self.line.heal()
        self.process.close()
        self.journal.close()
        shutil.rmtree(self.folder)
        for each in self.backups:
            each.unlink()

    def so_far(self) -> Template:
        """The story as a beginning for others. Nothing may be planned."""
        self.process.close()
        self.journal.close()
        folder = workplace() / f"chapter-{next(_NUMBERS)}"
        shutil.copytree(self.folder, folder)
        self.journal = self.line.journal = Journal(self.folder / "closing.db")
        self.process = Process(self.folder, self.line)
        return Template(folder, remember(self.simulator), self.engagement_id, self.installation)

    # --- processes

    def run(self, work: Callable[[Host], Awaitable[T]], dies: Instant | None = None) -> T | ClosingError | None:
        """Let the process do `work`; when it dies at it, another one is started."""
        (answer,) = self.run_both([(work, dies)])
        return answer

    def run_both(
        self, works: Collection[tuple[Callable[[Host], Awaitable[T]], Instant | None]]
    ) -> list[T | ClosingError | None]:
        """Let several processes work at the same time on the same folder; the first of them lives on."""
        processes = [self.process, *(Process(self.folder, self.line) for _ in range(len(works) - 1))]

        async def one(process: Process, work: Callable[[Host], Awaitable[T]], dies: Instant | None) -> Any:
            process.life.instant = dies
            with living(process.life):
                try:
                    return await work(process.host)
                except ClosingError as error:
                    return error
                except Death:
                    assert process.life.over
                    return None
                finally:
                    process.life.instant = None

        async def all_of_them() -> list[Any]:
            pairs = zip(processes, works, strict=True)
            return await asyncio.gather(*(one(process, *work) for process, work in pairs))

        with self._as_one_thread():
            answers = _loop().run(all_of_them())
        for process in processes:
            self.untold += process.transactions.untold
            process.transactions.untold.clear()
        for process in processes[1:]:
            process.close()
        if self.process.life.over:
            self.restart()
        self.ground.look()
        return answers

    @contextmanager
    def _as_one_thread(self) -> Iterator[None]:
        if self._stalled:  # the stalled process' block is still open
            yield
        else:
            with single_thread(), mortality():
                yield

    def stalling(self, where: str | int, meanwhile: Callable[[], None]) -> Instant:
        """Have a process stall once, while another one does `meanwhile`: at the named crash point, or the n-th.

        Only points of the export count; the others lie inside of transactions, which would keep the other waiting.
        """
        passed = 0

        def instant(point: str) -> bool:
            nonlocal passed
            if point == where or (isinstance(where, int) and point.startswith("export.")):
                passed += 1
                if passed == (where if isinstance(where, int) else 1):
                    self._instead(meanwhile)
            return False

        return instant

    def _instead(self, meanwhile: Callable[[], None]) -> None:
        """Do something in another process, in a thread with a loop of its own, while this one stands still."""
        stalled, self.process = self.process, Process(self.folder, self.line)
        self._stalled += 1
        try:
            with ThreadPoolExecutor(1) as thread:
                thread.submit(_with_own_loop, meanwhile).result()
        finally:
            self._stalled -= 1
            self.process.close()
            self.process = stalled

    def restart(self) -> None:
        """Another process takes the place of the first, which is gone."""
        self.processes += 1
        self.process.life.over = True
        self.process.close()
        self.process = Process(self.folder, self.line)

    # --- what a user does

    def add_entry(self, amount: int, text: str = "Upplupna räntor", *, day: date = date(2025, 12, 31)) -> ClosingEntry:
        """Enter a voucher of two rows."""
        content = EntryContent(day, text, (DraftRow("8410", amount), DraftRow("2990", -amount)), month_of(day))
        store = self.host.store
        with store.database.write() as connection:
            trail = store.trail(connection, self.host.actor)
            return EntryRecords(connection, self.engagement_id).add(trail, YEAR, "V", content)

    def entries(self) -> tuple[ClosingEntry, ...]:
        """All entries, deleted ones too."""
        with self.host.store.database.read() as connection:
            return EntryRecords(connection, self.engagement_id).all(YEAR, deleted=True)

    def markers(self, entry_id: int) -> tuple[str, ...]:
        """All that an entry ever had."""
        rows = self.journal.rows("SELECT marker FROM closing_entry_marker WHERE entry_id = ? ORDER BY send", entry_id)
        return tuple(row["marker"] for row in rows)

    def approve(self, series: str = SERIES) -> None:
        """Note what an export that is asked for now may send."""
        for entry in self.entries():
            if entry.status in EXPORTABLE:
                self.approved[entry.marker].add((said(entry), series))

    def export(self, dies: Instant | None = None, *, series: str = SERIES) -> BatchView | ClosingError | None:
        """Export all that can be exported."""
        return self.run(self.exporting(series=series), dies)

    def exporting(self, *, series: str = SERIES, approval: str = "") -> Callable[[Host], Awaitable[BatchView]]:
        """The work of `export`; `approval`: the same again is the same batch."""
        approval = approval or f"approval-{next(_NUMBERS)}"

        async def work(host: Host) -> BatchView:
            self.approve(series)
            return await export(
                host, self.engagement_id, YEAR, series=series, accepted_warnings=True, approval=approval
            )

        return work

    def resume(self, dies: Instant | None = None) -> tuple[BatchView, ...] | ClosingError | None:
        """Do what is due."""
        return self.run(self.resuming(), dies)

    def resuming(self) -> Callable[[Host], Awaitable[tuple[BatchView, ...]]]:
        """The work of `resume`."""
        return lambda host: resume(host, self.engagement_id)

    def connect(self, tenant: int = TENANT) -> Any:
        """Log in again, to this company or another."""
        person, callback = Person(self.simulator, tenant), self.installation.callback
        before = len(self.simulator.log.entries)
        answer = self.run(lambda host: connect(host, self.engagement_id, person, callback=callback, session="s"))
        self.introductions.update(each.number for each in self.simulator.log.entries[before:] if each.method == "GET")
        return answer

    def import_books(self, dies: Instant | None = None) -> Any:
        """Import the year."""

        async def work(host: Host) -> list[Any]:
            return [each async for each in import_connected(host, self.engagement_id, years=[str(YEAR.year)])]

        shown = self.shown_snapshot()
        answer = self.run(work, dies)
        if isinstance(answer, list):
            self.books = self._served
            self.shown = self._turnover()
        elif answer is None:
            self.books = None  # nobody saw whether it came to an end
        elif shown != self.shown_snapshot():
            self.torn.append(answer)
        return answer

    def shown_snapshot(self) -> int | None:
        """Which snapshot the year shows."""
        current = self.host.store.snapshots.current(self.engagement_id, YEAR)
        return current.id if current else None

    def _turnover(self) -> dict[str, int]:
        """What readers see of the year: öre per account over all its vouchers."""
        shown = self.shown_snapshot()
        assert shown is not None
        rows = self.host.store.snapshots.load(self.engagement_id, shown).rows.filter(pl.col("kind") != "removed")
        return dict(rows.group_by("account").agg(pl.col("amount").sum()).sort("account").iter_rows())

    def _note_books(self) -> None:
        """The simulator has just written its books into a file."""
        self.ground.look()
        year = self.simulator.companies[TENANT].years[YEAR_ID]
        turnover = {str(account): amount for account, amount in sorted(year.turnover().items())}
        self._served = Books(turnover, self.ground.all_living(), self.ground.all())

    # --- what the world does

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.simulator.clock.advance(seconds)
        self.ground.look()

    def edit(self, op: str, **arguments: Any) -> Any:
        """Somebody does something in Fortnox."""
        self.ground.look()
        self.edits += 1
        answer = apply(self.simulator, {"op": op, "tenant": TENANT, "year": YEAR_ID, **arguments})
        self.ground.compare()
        return answer

    def back_up(self) -> None:
        """Make a backup, as the product does."""
        target = self.folder.with_name(f"{self.folder.name}-backup-{len(self.backups)}.zip")
        backup(self.host.store, target)
        self.backups.append(target)

    def restore(self, which: int) -> None:
        """Put a backup in the folder's place, as the product does."""
        self.process.close()
        self.journal.close()
        shutil.rmtree(self.folder)
        restore(self.backups[which], self.folder, actor=ANNA, clock=self.simulator.clock.now)
        self.restored += 1
        self.books = None
        for birth in self.ground.all():
            birth.forgotten = True
        self.journal = self.line.journal = Journal(self.folder / "closing.db")
        self.process = Process(self.folder, self.line)


def said(entry: ClosingEntry) -> Lines:
    """What an entry says."""
    rows = ((row.account, row.amount) for row in entry.content.rows)
    return lines_of(entry.content.date, entry.draft.text, rows)


@contextmanager
def world(login: Login = "service_account", *, began: Template | None = None) -> Iterator[World]:
    """A new story, in a folder of its own; `began`: after what another one left."""
    opened = World(workplace() / f"story-{next(_NUMBERS)}", began or template(login))
    try:
        yield opened
    finally:
        opened.close()
