"""One transaction of the export: under the lease, with journal, entries and audit trail at hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from closing_host.storage.audit import Action, Trail
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.journal_lease import Lease
from closing_host.storage.journal_records import JournalVoucher

StepName = Literal["lease", "sending", "outcome", "looking", "verdict", "rest", "sweep"]
"""Each names the crash points before and after it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction under the lease."""

    lease: Lease
    journal: Journal
    entries: EntryRecords
    trail: Trail
    now: datetime
    run_id: str | None

    def tell(self, action: Action, voucher: JournalVoucher | None = None, **details: object) -> None:
        """Add the audit event of what the step does. Identifiers and figures only."""
        about: dict[str, object] = {"batch": self.lease.batch_id, "epoch": self.lease.epoch}
        if voucher is not None:
            about |= {"entry": voucher.label, "marker": voucher.marker, "payload": voucher.payload_sha}
        self.trail.append(
            action,
            engagement_id=self.journal.engagement_id,
            object=f"export:{self.lease.batch_id}",
            details={**about, **details},
            run_id=self.run_id,
        )
