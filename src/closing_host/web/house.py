"""What one process of pages holds: the host, the work in the background, dropped files, and books read lately."""

from dataclasses import dataclass, field
from typing import Final

from closing_host.api.ledger import Ledger
from closing_host.engagements.dropped import DroppedFiles
from closing_host.engagements.host import Host
from closing_host.storage.clock import Clock, utc_now
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web.export_work import ExportWork
from closing_host.web.kept import Kept
from closing_host.web.makings import Makings
from closing_host.web.work import Work

KEPT_BYTES: Final = 256 * 2**20
"""Of ledgers, and of what was computed of them, as Polars and we estimate them; the process grows by about twice that.
A ledger of a million rows is some 50 MB of it. Snapshots never change, so what was read once stays right."""

UNREAD: Final = ("rows.objects", "rows.date", "rows.quantity", "rows.signature", "rows.line", "vouchers.line")
"""What no page needs of all rows, which is more than half of the time that reading a ledger takes (the object lists
alone are that). A voucher's page reads its own."""


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
    kept: Kept = field(init=False, default_factory=lambda: Kept(KEPT_BYTES))

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", DroppedFiles(self.host))
        object.__setattr__(self, "work", Work(self.host, self.files))
        object.__setattr__(self, "exports", ExportWork(self.host))

    def ledger(self, snapshot: Snapshot) -> Ledger:
        """The snapshot's ledger, without what is `UNREAD`.

        Raises `ClosingError` `ledger-missing`, `ledger-damaged`.
        """
        load = self.host.store.snapshots.load
        return self.kept.get(
            ("ledger", snapshot.ledger_sha), lambda: load(snapshot.engagement_id, snapshot.id, without=UNREAD), _size
        )


def _size(ledger: Ledger) -> int:
    return sum(int(frame.estimated_size()) for frame in ledger.tables.values())
