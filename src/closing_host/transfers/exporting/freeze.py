"""The approval, written down in one transaction: these vouchers, in this form, into these books (T 3a step 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from closing_host.api.context import ExportRequest
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import ExportTerms
from closing_host.closing.entries import EXPORTABLE, ClosingEntry, Kind
from closing_host.storage.audit import Action, Actor
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.journal_records import Batch
from closing_host.storage.runs import Runs
from closing_host.storage.store import Store
from closing_host.transfers.exporting.payload import Recipient, digest, digest_of_all, frozen


@dataclass(frozen=True, slots=True)
class Approval:
    """What a user approved. `id` is unique: the same one again is the same approval. `entries`: what was shown.

    `searched`: every series of the year in which an earlier sending could lie that a restored backup forgot.
    """

    id: str
    recipient: Recipient
    year: FinancialYear
    series: Mapping[Kind, str]
    entries: Sequence[ClosingEntry]
    high_water: Mapping[str, int | None]
    searched: Sequence[str]


def order(entry: ClosingEntry) -> tuple[Any, ...]:
    """Vouchers go by date, V before S, by number (P 7.6.4)."""
    return entry.content.date, entry.kind != "V", entry.number


def approval_of(
    id: str,
    recipient: Recipient,
    year: FinancialYear,
    series: Mapping[Kind, str],
    entries: Sequence[ClosingEntry],
    terms: ExportTerms,
) -> Approval:
    """The approval of `entries` on the source's terms as they are now."""
    numbers = {each.code: each.next_number for each in terms.series}
    high_water = {code: None if (next_ := numbers.get(code)) is None else next_ - 1 for code in set(series.values())}
    searched = sorted({each.code for each in terms.series if each.manual} | set(series.values()))
    return Approval(id, recipient, year, series, sorted(entries, key=order), high_water, searched)


def freeze(store: Store, actor: Actor, engagement_id: int, approval: Approval, *, lock_key: str) -> Batch:
    """Store the approval, or find it: the same `id` twice is one batch (B9, B10).

    The series are remembered as the company's last choice.

    Raises `ClosingError`: `export-active` when another batch of the company and year is under way, `run-active` when
    the year is being imported, `export-entry-changed` when an entry is not as it was shown any more.
    """
    crashpoint("export.before_freeze")
    with store.database.write() as connection:
        journal = Journal(connection, engagement_id)
        if (known := journal.approved(approval.id)) is not None:
            return known
        recipient, year = approval.recipient, approval.year
        if (other := journal.active(recipient.source_id, recipient.account_id, year.start)) is not None:
            raise ClosingError("export-active", batch=other.id, by=other.approved_by)
        if (run := Runs(connection, store.clock).active(lock_key)) is not None:
            raise ClosingError("run-active", run=run.id)
        entries = EntryRecords(connection, engagement_id)
        for shown in approval.entries:
            stored = entries.get(shown.id)
            if stored.draft != shown.draft or stored.status not in EXPORTABLE:
                raise ClosingError("export-entry-changed", entry=shown.label)
        vouchers = [_voucher(approval, entry) for entry in approval.entries]
        batch = journal.freeze(_batch(store, actor, approval, vouchers), vouchers)
        journal.choose(recipient.source_id, approval.series, journal.choice(recipient.source_id)[1])
        store.trail(connection, actor).append(
            Action.EXPORT_APPROVED,
            engagement_id=engagement_id,
            object=f"export:{batch.id}",
            after=batch.payload_sha,
            details={
                "approval": approval.id,
                "account": recipient.account_id,
                "year": year.start.isoformat(),
                "vouchers": [[each["label"], each["series"], each["payload_sha"]] for each in vouchers],
                "high_water": dict(approval.high_water),
            },
        )
    crashpoint("export.after_freeze")
    return batch


def _voucher(approval: Approval, entry: ClosingEntry) -> dict[str, Any]:
    series = approval.series[entry.kind]
    payload = frozen(approval.recipient, ExportRequest(approval.year, series, entry.draft))
    return {
        "entry_id": entry.id,
        "label": entry.label,
        "marker": entry.marker,
        "series": series,
        "payload": payload,
        "payload_sha": digest(payload),
    }


def _batch(store: Store, actor: Actor, approval: Approval, vouchers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    recipient, year = approval.recipient, approval.year
    return {
        "approval": approval.id,
        "year_start": year.start,
        "year_end": year.end,
        "year_id": year.id,
        "source_id": recipient.source_id,
        "account_id": recipient.account_id,
        "organisation_number": recipient.organisation_number,
        "searched": list(approval.searched),
        "high_water": dict(approval.high_water),
        "payload_sha": digest_of_all(each["payload_sha"] for each in vouchers),
        "approved_by": actor.name,
        "approved_at": store.clock(),
        "next_look": store.clock(),
    }
