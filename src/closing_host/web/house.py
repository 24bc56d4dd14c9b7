"""What one process of pages holds: the host, the work in the background, dropped files, and books read lately."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from closing_host.api.ledger import Ledger
from closing_host.engagements.dropped import DroppedFiles
from closing_host.engagements.host import Host
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.export_work import ExportWork
from closing_host.web.makings import Makings
from closing_host.web.work import Work

KEPT: Final = 8
"""Ledgers, and what was computed of them, in memory; snapshots never change, so what was read once stays right."""

T = TypeVar("T")


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
    _books: OrderedDict[Hashable, Any] = field(init=False, default_factory=OrderedDict)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", DroppedFiles(self.host))
        object.__setattr__(self, "work", Work(self.host, self.files))
        object.__setattr__(self, "exports", ExportWork(self.host))

    def ledger(self, snapshot: Snapshot) -> Ledger:
        """The snapshot's ledger. Raises `ClosingError` `ledger-missing`, `ledger-damaged`."""
        load = self.host.store.snapshots.load
        return self.remembered(snapshot.ledger_sha, lambda: load(snapshot.engagement_id, snapshot.id))

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for the key lately, else now. The key names all that it depends on."""
        with self._lock:
            if key in self._books:
                self._books.move_to_end(key)
                known: T = self._books[key]
                return known
        made = make()
        with self._lock:
            self._books[key] = made
            while len(self._books) > KEPT:
                self._books.popitem(last=False)
        return made
