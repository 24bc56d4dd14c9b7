"""The export journal of one engagement: single statements inside a caller's transaction. The rules of when stand in
`closing_host.transfers.exporting`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.storage.database import Connection
from closing_host.storage.export_tables import export_batch, export_choice, export_sending, export_voucher
from closing_host.storage.journal_lease import Lease, LeaseLost, held_by
from closing_host.storage.journal_records import (
    ACTIVE,
    BOOKED,
    MOVES,
    Batch,
    BatchState,
    JournalVoucher,
    Sending,
    VoucherState,
    batch_of,
    voucher_of,
)


class Journal:
    """The batches of one engagement, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    # --- reading

    def batch(self, batch_id: int) -> Batch:
        """The batch. Raises `ClosingError` `export-unknown`, also when it is another engagement's."""
        found = self._batches(export_batch.c.id == batch_id)
        if not found:
            raise ClosingError("export-unknown", batch=batch_id)
        return found[0]

    def approved(self, approval: str) -> Batch | None:
        """The batch of this approval. Raises `ClosingError` `approval-used` when it is another engagement's."""
        row = self._connection.execute(select(export_batch).where(export_batch.c.approval == approval)).mappings()
        if (found := row.one_or_none()) is None:
            return None
        if found["engagement_id"] != self.engagement_id:
            raise ClosingError("approval-used", approval=approval)
        return batch_of(found)

    def batches(self, year_start: date | None = None) -> tuple[Batch, ...]:
        """The engagement's batches, of one year or all, newest first."""
        return self._batches(*([] if year_start is None else [export_batch.c.year_start == year_start]))

    def active(self, source_id: str, account_id: str, year_start: date) -> Batch | None:
        """The batch that stands in the way of another, whichever engagement's it is."""
        query = select(export_batch).where(
            export_batch.c.source_id == source_id,
            export_batch.c.account_id == account_id,
            export_batch.c.year_start == year_start,
            export_batch.c.state.in_(sorted(ACTIVE)),
        )
        row = self._connection.execute(query).mappings().one_or_none()
        return None if row is None else batch_of(row)

    def vouchers(self, batch_id: int) -> tuple[JournalVoucher, ...]:
        """The batch's vouchers in the order in which they are sent."""
        return self._vouchers(export_voucher.c.batch_id == batch_id)

    def of_entry(self, entry_id: int) -> tuple[JournalVoucher, ...]:
        """Every voucher that was made of one entry, oldest batch first."""
        return self._vouchers(export_voucher.c.entry_id == entry_id)

    def numbers(self, year_start: date) -> Mapping[tuple[str, str], int]:
        """Series and number of what is known to be booked in the year, and whose entry's it is."""
        booked = self._vouchers(
            export_batch.c.year_start == year_start, export_voucher.c.state.in_([str(each) for each in sorted(BOOKED)])
        )
        return {(each.booked_series, each.booked_number): each.entry_id for each in booked}

    def sendings(self, batch_id: int) -> tuple[Sending, ...]:
        """Every attempt of a batch, by voucher and attempt."""
        query = (
            select(export_sending)
            .join(export_voucher, export_voucher.c.id == export_sending.c.voucher_id)
            .where(export_voucher.c.batch_id == batch_id)
            .order_by(export_voucher.c.position, export_sending.c.attempt)
        )
        return tuple(Sending(**row) for row in self._connection.execute(query).mappings())

    # --- writing

    def freeze(self, values: Mapping[str, Any], vouchers: Sequence[Mapping[str, Any]]) -> Batch:
        """Store a batch that nobody has begun. The caller has looked for an active one in this transaction."""
        fixed = {
            "engagement_id": self.engagement_id,
            "state": BatchState.FROZEN,
            "reason": "",
            "reason_parameters": {},
            "reason_detail": "",
            "sweeps": 0,
            "failed_looks": 0,
            "lease_epoch": 0,
        }
        statement = insert(export_batch).values({**fixed, **values}).returning(export_batch.c.id)
        key = self._connection.execute(statement).scalar_one()
        unsent = {
            "batch_id": key,
            "state": VoucherState.PREPARED,
            "attempts": 0,
            "claimed": False,
            "reason": "",
            "reason_parameters": {},
            "reason_detail": "",
            "booked_series": "",
            "booked_number": "",
            "evidence": "",
            "found": [],
        }
        rows = [{**unsent, "position": place, **each} for place, each in enumerate(vouchers)]
        self._connection.execute(insert(export_voucher), rows)
        return self.batch(key)

    def change(self, lease: Lease, **values: Any) -> None:
        """Change the batch. Raises `LeaseLost`."""
        if self._connection.execute(update(export_batch).where(*held_by(lease)).values(**values)).rowcount != 1:
            raise LeaseLost(batch=lease.batch_id)

    def move(self, lease: Lease, voucher: JournalVoucher, state: VoucherState, **values: Any) -> None:
        """Take a voucher from the state in which it was read to another. Raises `LeaseLost`."""
        assert state in MOVES[voucher.state], f"{voucher.state} to {state}"
        mine = [export_voucher.c.id == voucher.id, export_voucher.c.state == str(voucher.state)]
        held = select(export_batch.c.id).where(*held_by(lease)).exists()
        changed = update(export_voucher).where(*mine, export_voucher.c.batch_id == lease.batch_id, held)
        if self._connection.execute(changed.values(state=str(state), **values)).rowcount != 1:
            raise LeaseLost(batch=lease.batch_id)

    def begin_sending(self, lease: Lease, voucher: JournalVoucher, at: datetime) -> None:
        """Add the record of an attempt, before its first byte."""
        self._connection.execute(
            insert(export_sending).values(
                voucher_id=voucher.id,
                attempt=voucher.attempts + 1,
                owner=lease.owner,
                lease_epoch=lease.epoch,
                started_at=at,
                outcome="",
                reason="",
                detail="",
            )
        )

    def end_sending(self, voucher: JournalVoucher, outcome: VoucherState, at: datetime, *, reason: str = "") -> None:
        """Note what came of the voucher's last attempt."""
        mine = (export_sending.c.voucher_id == voucher.id, export_sending.c.attempt == voucher.attempts)
        self._connection.execute(
            update(export_sending).where(*mine).values(ended_at=at, outcome=str(outcome), reason=reason)
        )

    # --- choices

    def choice(self, source_id: str) -> tuple[Mapping[str, str], frozenset[str]]:
        """The series chosen last for each kind, and the series marked as not lockable."""
        mine = export_choice.c.engagement_id == self.engagement_id, export_choice.c.source_id == source_id
        row = self._connection.execute(select(export_choice).where(*mine)).mappings().one_or_none()
        return ({}, frozenset()) if row is None else (row["series"], frozenset(row["unlockable"]))

    def choose(self, source_id: str, series: Mapping[Any, str], unlockable: Collection[str]) -> None:
        """Remember them."""
        key = {"engagement_id": self.engagement_id, "source_id": source_id}
        values = {"series": dict(series), "unlockable": sorted(unlockable)}
        if self._connection.execute(update(export_choice).filter_by(**key).values(**values)).rowcount == 0:
            self._connection.execute(insert(export_choice).values(**key, **values))

    def _batches(self, *where: Any) -> tuple[Batch, ...]:
        query = select(export_batch).where(export_batch.c.engagement_id == self.engagement_id, *where)
        rows = self._connection.execute(query.order_by(export_batch.c.id.desc())).mappings()
        return tuple(batch_of(row) for row in rows)

    def _vouchers(self, *where: Any) -> tuple[JournalVoucher, ...]:
        query = (
            select(export_voucher)
            .join(export_batch, export_batch.c.id == export_voucher.c.batch_id)
            .where(export_batch.c.engagement_id == self.engagement_id, *where)
            .order_by(export_voucher.c.batch_id, export_voucher.c.position)
        )
        return tuple(voucher_of(row) for row in self._connection.execute(query).mappings())


def stated(parameters: Mapping[str, object]) -> dict[str, str]:
    """Parameters of a message as the journal stores them."""
    return {name: str(value) for name, value in parameters.items()}
