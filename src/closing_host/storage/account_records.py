"""What a user does with accounts in period reconciliation, as records of one engagement's year (P 7.2).

A record holds what `closing.standing` calls one, with the version that a change must have seen. The trail tells of
figures, never of comments: these may name people.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import RowMapping, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.closing.standing import UNTOUCHED, AccountRecord, Review, SignOff
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.period_proof import RECORD, record_hash, record_name
from closing_host.storage.reconciliation_tables import account_record, reconciliation_setting


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record as stored. `version` counts its changes. `snapshot_id`: the import by which it was signed off."""

    record: AccountRecord
    version: int
    changed_at: datetime
    changed_by: str
    snapshot_id: int | None = None
    reviewed_at: datetime | None = None


class AccountRecords:
    """The records of one engagement's year, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int, year_start: date) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id
        self.year_start: Final = year_start

    def of(self, period: str) -> dict[str, KeptRecord]:
        """The records of a period, by account."""
        rows = self._connection.execute(select(account_record).where(*self._mine(period))).mappings()
        return {row["account"]: _kept(row) for row in rows}

    def all(self) -> dict[str, dict[str, KeptRecord]]:
        """The records of all periods, by period and account."""
        found: dict[str, dict[str, KeptRecord]] = {}
        for row in self._connection.execute(select(account_record).where(*self._mine())).mappings():
            found.setdefault(row["period"], {})[row["account"]] = _kept(row)
        return found

    def put(
        self,
        trail: Trail,
        action: Action,
        period: str,
        account: str,
        record: AccountRecord,
        *,
        snapshot_id: int | None = None,
        basis: int | None = None,
    ) -> None:
        """Make this the account's record in the period; nothing when it is that already.

        `snapshot_id`: the import by which it is signed off, when that is new. `basis`: the version that the user saw,
        0 for none. Raises `ClosingError` `account-changed-meanwhile` when there is another.
        """
        before = self._one(period, account)
        version = 0 if before is None else before.version
        if basis not in (None, version):
            raise ClosingError("account-changed-meanwhile", account=account, by=before.changed_by if before else "")
        if record == (before.record if before else UNTOUCHED):
            return
        now = trail.clock()
        reviewed = before.reviewed_at if before and _review(before.record) == _review(record) else now
        signed = before.snapshot_id if before and before.record.signed == record.signed else snapshot_id
        values = {
            **_values(record),
            "version": version + 1,
            "signed_snapshot_id": signed if record.signed else None,
            "reviewed_at": reviewed if record.review is not Review.NOT_REVIEWED else None,
            "changed_at": now,
            "changed_by": trail.actor.name,
        }
        self._write(period, account, values, new=before is None)
        self._told(trail, action, period, account, record)

    def copy(self, trail: Trail, period: str, records: Mapping[str, KeptRecord]) -> None:
        """Make these the records of accounts that have none in the period: the statuses that *Årsavslut* takes over."""
        for account, kept in sorted(records.items()):
            values = {
                **_values(kept.record),
                "version": 1,
                "signed_snapshot_id": kept.snapshot_id,
                "reviewed_at": kept.reviewed_at,
                "changed_at": trail.clock(),
                "changed_by": trail.actor.name,
            }
            self._write(period, account, values, new=True)
            self._told(trail, Action.ACCOUNT_RECONCILED, period, account, kept.record)

    def _one(self, period: str, account: str) -> KeptRecord | None:
        mine = [*self._mine(period), account_record.c.account == account]
        row = self._connection.execute(select(account_record).where(*mine)).mappings().one_or_none()
        return None if row is None else _kept(row)

    def _mine(self, period: str | None = None) -> list[Any]:
        record = account_record.c
        mine = [record.engagement_id == self.engagement_id, record.year_start == self.year_start]
        return mine if period is None else [*mine, record.period == period]

    def _write(self, period: str, account: str, values: Mapping[str, Any], *, new: bool) -> None:
        crashpoint("account.before_row")
        if new:
            key = {"engagement_id": self.engagement_id, "year_start": self.year_start, "period": period}
            self._connection.execute(insert(account_record).values(**key, account=account, **values))
        else:
            mine = [*self._mine(period), account_record.c.account == account]
            self._connection.execute(update(account_record).where(*mine).values(values))
        crashpoint("account.after_row")

    def _told(self, trail: Trail, action: Action, period: str, account: str, record: AccountRecord) -> None:
        signed = record.signed
        mine = [*self._mine(period), account_record.c.account == account]
        row = self._connection.execute(select(account_record).where(*mine)).mappings().one()
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=f"{RECORD}{record_name(row)}",
            after=record_hash(row),
            details={
                "account": account,
                "period": period,
                "year": self.year_start.isoformat(),
                "typed": record.typed,
                "signed": None if signed is None else [signed.closing, signed.reconciled, signed.fingerprint],
                "review": str(record.review),
            },
        )


class ReconciliationSettings:
    """How one engagement reconciles, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id

    def others_review(self) -> bool:
        """Whether a reviewer must be another than who marked the account as done; off until it is chosen."""
        setting = reconciliation_setting.c
        query = select(setting.others_review).where(setting.engagement_id == self.engagement_id)
        return bool(self._connection.scalar(query))

    def set_others_review(self, trail: Trail, on: bool) -> None:
        """Choose it."""
        if on == self.others_review():
            return
        values = {"others_review": on, "changed_at": trail.clock(), "changed_by": trail.actor.name}
        crashpoint("reconciliation.before_row")
        mine = reconciliation_setting.c.engagement_id == self.engagement_id
        if self._connection.execute(update(reconciliation_setting).where(mine).values(values)).rowcount == 0:
            self._connection.execute(insert(reconciliation_setting).values(engagement_id=self.engagement_id, **values))
        crashpoint("reconciliation.after_row")
        trail.append(
            Action.RECONCILIATION_SETTING,
            engagement_id=self.engagement_id,
            object=f"engagement:{self.engagement_id}",
            details={"others_review": on},
        )


def _review(record: AccountRecord) -> tuple[Review, str, str]:
    """All that a review says, and whose it is."""
    return record.review, record.review_comment, record.reviewed_by


def _values(record: AccountRecord) -> dict[str, Any]:
    signed = record.signed
    return {
        "typed": record.typed,
        "comment": record.comment,
        "signed_by": None if signed is None else signed.by,
        "signed_at": None if signed is None else signed.at,
        "signed_fingerprint": None if signed is None else signed.fingerprint,
        "signed_closing": None if signed is None else signed.closing,
        "signed_reconciled": None if signed is None else signed.reconciled,
        "review": str(record.review),
        "review_comment": record.review_comment,
        "reviewed_by": record.reviewed_by,
    }


def _kept(row: RowMapping) -> KeptRecord:
    signed = None
    if row["signed_by"] is not None:
        signed = SignOff(
            row["signed_by"],
            row["signed_at"],
            row["signed_fingerprint"],
            row["signed_closing"],
            row["signed_reconciled"],
        )
    record = AccountRecord(
        row["typed"], row["comment"], signed, Review(row["review"]), row["review_comment"], row["reviewed_by"]
    )
    return KeptRecord(
        record, row["version"], row["changed_at"], row["changed_by"], row["signed_snapshot_id"], row["reviewed_at"]
    )
