"""What one process of pages holds: the host, the work in the background, dropped files, and books read lately."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from closing_host.api.ledger import Ledger
from closing_host.engagements.dropped import DroppedFiles
from closing_host.engagements.host import Host
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.export_work import ExportWork
from closing_host.web.makings import Makings
from closing_host.web.work import Work

BOOKS_KEPT: Final = 4
"""Ledgers in memory; snapshots never change, so what was read once stays right."""


@dataclass(frozen=True)
class House:
    """`origin`: the address that browsers see, `http://127.0.0.1:port`. `clock`: real time, for sessions."""

    host: Host
    origin: str
    clock: Clock = utc_now
    files: DroppedFiles = field(init=False)
    work: Work = field(init=False)
    exports: ExportWork = field(init=False)
    makings: Makings = field(init=False, default_factory=Makings)
    _books: OrderedDict[str, Ledger] = field(init=False, default_factory=OrderedDict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", DroppedFiles(self.host))
        object.__setattr__(self, "work", Work(self.host, self.files))
        object.__setattr__(self, "exports", ExportWork(self.host))

    def ledger(self, snapshot: Snapshot) -> Ledger:
        """The snapshot's ledger. Raises `ClosingError` `ledger-missing`, `ledger-damaged`."""
        with self._lock:
            if (known := self._books.get(snapshot.ledger_sha)) is not None:
                self._books.move_to_end(snapshot.ledger_sha)
                return known
        read = self.host.store.snapshots.load(snapshot.engagement_id, snapshot.id)
        with self._lock:
            self._books[snapshot.ledger_sha] = read
            while len(self._books) > BOOKS_KEPT:
                self._books.popitem(last=False)
        return read
