"""The periods of an engagement's year as records: which were started, which are locked, and what was frozen then.

Every change is told to the audit trail in the caller's transaction. Which periods a year has, and what may be done with
one: `closing.periods` and `engagements.periods`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl
from sqlalchemy import RowMapping, insert, select, update

from closing_host.api.errors import ClosingError
from closing_host.closing.entries import YEAR_END
from closing_host.closing.period_balances import FIGURES
from closing_host.storage.audit import Action, Trail
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.database import Connection
from closing_host.storage.period_proof import LOCK, lock_hash
from closing_host.storage.period_tables import frozen_check, frozen_figure, frozen_last_year, period_lock, period_start
from closing_host.storage.tables import engagement_year

LAST_YEAR: Final = {name: FIGURES[name] for name in ("account", "name", "change", "closing")}
"""Columns of what is frozen of last year."""


@dataclass(frozen=True, slots=True)
class PeriodLock:
    """One locking of a period. `reason`: why it was locked with accounts that were not done, else "".

    `snapshot_id`, `fingerprint`: the import that was shown then. The three of the unlocking are None while it holds.
    """

    id: int
    period: str
    last_day: date
    locked_at: datetime
    locked_by: str
    reason: str
    snapshot_id: int
    fingerprint: str
    unlocked_at: datetime | None = None
    unlocked_by: str | None = None
    unlock_reason: str | None = None

    @property
    def holds(self) -> bool:
        """Whether the period is locked by it still."""
        return self.unlocked_at is None


@dataclass(frozen=True, slots=True)
class Frozen:
    """What an account stood at when the period was locked, besides its figures: what it was reconciled to (öre)."""

    reconciled: int | None
    attached: bool


@dataclass(frozen=True, slots=True, eq=False)
class FrozenLastYear:
    """The period of last year that the results were compared with, both days included, and the year's first day.

    `figures`: `LAST_YEAR`, the used result accounts by account; öre, debit positive.
    """

    year_start: date
    start: date
    end: date
    figures: pl.DataFrame


@dataclass(frozen=True, slots=True)
class FrozenCheck:
    """What a check of the transaction analysis said then. `name`: an own check's, "" for a standard one. `reason`: the
    message code of why it could not run, else "", with the `parameters` of its words."""

    check_id: str
    name: str
    state: str
    findings: int
    left_open: int
    reason: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)


class PeriodRecords:
    """The periods of one engagement's year, inside one transaction."""

    def __init__(self, connection: Connection, engagement_id: int, year_start: date) -> None:
        self._connection = connection
        self.engagement_id: Final = engagement_id
        self.year_start: Final = year_start

    def started(self) -> frozenset[str]:
        """The keys of the periods that were started."""
        start = period_start.c
        mine = (start.engagement_id == self.engagement_id, start.year_start == self.year_start)
        return frozenset(self._connection.execute(select(start.period).where(*mine)).scalars())

    def locks(self) -> tuple[PeriodLock, ...]:
        """Every locking, the oldest first, also those that were ended."""
        lock = period_lock.c
        mine = (lock.engagement_id == self.engagement_id, lock.year_start == self.year_start)
        rows = self._connection.execute(select(period_lock).where(*mine).order_by(lock.id)).mappings()
        return tuple(_lock(row) for row in rows)

    def figures(self, lock_id: int) -> pl.DataFrame:
        """The frozen figures, in the columns of `period_balances.FIGURES`."""
        figure = frozen_figure.c
        columns = [figure[each] for each in FIGURES if each != "used"]
        query = select(*columns).where(figure.lock_id == lock_id).order_by(figure.account)
        schema = {each: FIGURES[each] for each in FIGURES if each != "used"}
        rows = [tuple(row) for row in self._connection.execute(query)]
        return pl.DataFrame(rows, schema=schema, orient="row").with_columns(used=pl.lit(True)).select(*FIGURES)

    def frozen(self, lock_id: int) -> Mapping[str, Frozen]:
        """What the accounts were reconciled to then."""
        figure = frozen_figure.c
        query = select(figure.account, figure.reconciled, figure.attached).where(figure.lock_id == lock_id)
        return {
            account: Frozen(reconciled, attached) for account, reconciled, attached in self._connection.execute(query)
        }

    def last_year(self, lock_id: int) -> FrozenLastYear | None:
        """What the results were compared with then; None when there was nothing."""
        lock, before = period_lock.c, frozen_last_year.c
        header = select(lock.last_year_start, lock.same_start, lock.same_end).where(lock.id == lock_id)
        year_start, start, end = self._connection.execute(header).one()
        if year_start is None:
            return None
        query = select(*(before[each] for each in LAST_YEAR)).where(before.lock_id == lock_id).order_by(before.account)
        rows = [tuple(row) for row in self._connection.execute(query)]
        return FrozenLastYear(year_start, start, end, pl.DataFrame(rows, schema=LAST_YEAR, orient="row"))

    def checks(self, lock_id: int) -> tuple[FrozenCheck, ...]:
        """What the transaction analysis said then, by check."""
        check = frozen_check.c
        query = select(*(check[name] for name in FrozenCheck.__slots__))
        rows = self._connection.execute(query.where(check.lock_id == lock_id).order_by(check.check_id))
        return tuple(FrozenCheck(*row) for row in rows)

    def start(self, trail: Trail, period: str) -> None:
        """Start a period; nothing for one that was."""
        if period in self.started():
            return
        crashpoint("period.before_start")
        self._connection.execute(
            insert(period_start).values(
                engagement_id=self.engagement_id,
                year_start=self.year_start,
                period=period,
                started_at=trail.clock(),
                started_by=trail.actor.name,
            )
        )
        crashpoint("period.after_start")
        self._told(trail, Action.PERIOD_STARTED, period, {})

    def lock(
        self,
        trail: Trail,
        period: str,
        last_day: date,
        *,
        reason: str,
        snapshot_id: int,
        fingerprint: str,
        figures: pl.DataFrame,
        frozen: Mapping[str, Frozen],
        checks: Collection[FrozenCheck],
        last_year: FrozenLastYear | None = None,
    ) -> None:
        """Lock a period with its figures (`period_balances.figures_to_freeze`), what accounts are reconciled to,
        checks, and what its results are compared with."""
        crashpoint("period.before_lock")
        values = {
            "engagement_id": self.engagement_id,
            "year_start": self.year_start,
            "period": period,
            "last_day": last_day,
            "locked_at": trail.clock(),
            "locked_by": trail.actor.name,
            "reason": reason,
            "snapshot_id": snapshot_id,
            "fingerprint": fingerprint,
            "last_year_start": last_year and last_year.year_start,
            "same_start": last_year and last_year.start,
            "same_end": last_year and last_year.end,
        }
        key = self._connection.execute(insert(period_lock).values(values).returning(period_lock.c.id)).scalar_one()
        crashpoint("period.after_lock")
        nothing = Frozen(None, attached=False)
        kept = [
            {**row, "lock_id": key, "reconciled": said.reconciled, "attached": said.attached}
            for row in figures.drop("used").iter_rows(named=True)
            for said in (frozen.get(row["account"], nothing),)
        ]
        if kept:
            self._connection.execute(insert(frozen_figure), kept)
        if last_year is not None and not last_year.figures.is_empty():
            then = last_year.figures.select(*LAST_YEAR).iter_rows(named=True)
            self._connection.execute(insert(frozen_last_year), [{"lock_id": key, **each} for each in then])
        if checks:
            said = [{name: getattr(each, name) for name in FrozenCheck.__slots__} for each in checks]
            self._connection.execute(insert(frozen_check), [{"lock_id": key, **each} for each in said])
        crashpoint("period.after_figures")
        told = {"snapshot": snapshot_id, "fingerprint": fingerprint, "accounts": len(kept), "with_reason": bool(reason)}
        self._told(trail, Action.PERIOD_LOCKED, period, told, f"{LOCK}{key}", after=lock_hash(self._connection, key))

    def unlock(self, trail: Trail, lock: PeriodLock, reason: str) -> None:
        """End a locking; its figures stay."""
        crashpoint("period.before_unlock")
        ended = {"unlocked_at": trail.clock(), "unlocked_by": trail.actor.name, "unlock_reason": reason}
        self._connection.execute(update(period_lock).where(period_lock.c.id == lock.id).values(ended))
        crashpoint("period.after_unlock")
        before = lock_hash(self._connection, lock.id)
        self._told(trail, Action.PERIOD_UNLOCKED, lock.period, {"lock": lock.id}, f"{LOCK}{lock.id}", before=before)

    def _told(
        self,
        trail: Trail,
        action: Action,
        period: str,
        details: dict[str, object],
        object: str = "",
        *,
        before: str = "",
        after: str = "",
    ) -> None:
        trail.append(
            action,
            engagement_id=self.engagement_id,
            object=object or f"period:{self.engagement_id}:{self.year_start}:{period}",
            before=before,
            after=after,
            details={"period": period, "year": self.year_start.isoformat(), **details},
        )


def locked_through(connection: Connection, engagement_id: int, year_start: date) -> date | None:
    """The last day of which nothing may be changed any more; None when no period is locked.

    The year's last day belongs to *Årsavslut* too, so it is open for as long as that is.
    """
    held = _held(connection, engagement_id, year_start)
    if not held:
        return None
    last = max(held.values())
    year = engagement_year.c
    mine = (year.engagement_id == engagement_id, year.year_start == year_start)
    year_end = connection.scalar(select(year.year_end).where(*mine))
    return last - timedelta(days=1) if last == year_end and YEAR_END not in held else last


def refuse_locked_day(connection: Connection, engagement_id: int, year_start: date, day: date) -> None:
    """Raises `ClosingError` `attachment-day-locked` when nothing may be changed of `day` any more."""
    through = locked_through(connection, engagement_id, year_start)
    if through is not None and day <= through:
        raise ClosingError("attachment-day-locked", day=day, locked_through=through)


def holds_entry(connection: Connection, engagement_id: int, year_start: date, period: str) -> bool:
    """Whether a closing entry of `period` (a month, or `YEAR_END`) belongs to a locked period of the year."""
    held = _held(connection, engagement_id, year_start).keys()
    return period in held if period == YEAR_END else any(period <= each for each in held - {YEAR_END})


def refuse_other_end(connection: Connection, engagement_id: int, year_start: date, year_end: date) -> None:
    """Raises `ClosingError` `year-end-locked` when the year ends on another day now and a locked period would be cut,
    stretched or left out by that; *Årsavslut* ends with the year."""
    year = engagement_year.c
    known = connection.scalar(
        select(year.year_end).where(year.engagement_id == engagement_id, year.year_start == year_start)
    )
    held = _held(connection, engagement_id, year_start)
    if known is not None and known != year_end and held and max(held.values()) >= min(known, year_end):
        raise ClosingError("year-end-locked", end=known, stated=year_end, locked_through=max(held.values()))


def newest_lock(connection: Connection, engagement_id: int) -> PeriodLock | None:
    """The newest locking that holds, of whichever year; None when no period of the engagement is locked."""
    lock = period_lock.c
    mine = (lock.engagement_id == engagement_id, lock.unlocked_at.is_(None))
    row = connection.execute(select(period_lock).where(*mine).order_by(lock.id.desc()).limit(1)).mappings().first()
    return None if row is None else _lock(row)


def _held(connection: Connection, engagement_id: int, year_start: date) -> dict[str, date]:
    """The locked periods with their last days."""
    lock = period_lock.c
    mine = (lock.engagement_id == engagement_id, lock.year_start == year_start, lock.unlocked_at.is_(None))
    rows = connection.execute(select(lock.period, lock.last_day).where(*mine))
    return {row.period: row.last_day for row in rows}


def _lock(row: RowMapping) -> PeriodLock:
    return PeriodLock(**{name: row[name] for name in PeriodLock.__slots__})
