"""Locking and unlocking periods (*Lås period*, *Lås upp*; P 7.2)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing.effect import counted
from closing_host.closing.entries import ClosingEntry
from closing_host.closing.period_balances import figures_to_freeze
from closing_host.engagements.analysing import analyse_opened, beside, marks_of
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.period_starting import enter, start_following
from closing_host.engagements.periods import FinancialYearLike, YearPeriods, check_enterable, read_periods, year_periods
from closing_host.engagements.reconciling import Keep, Sheet, figures_of_period, now, sheet_of
from closing_host.engagements.result_analysis import same_last_year
from closing_host.storage.account_records import AccountRecords
from closing_host.storage.attachments import AttachmentVersions
from closing_host.storage.database import Connection
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.own_attachments import OwnAttachments
from closing_host.storage.periods import Frozen, FrozenCheck, PeriodRecords
from closing_host.storage.snapshot_records import Snapshot

LONGEST_REASON: Final = 2000


def start_period(host: Host, engagement_id: int, year: FinancialYearLike, key: str) -> None:
    """Start a period; nothing for one that was. Raises as `enter`."""
    host.store.database.transact(
        lambda connection: enter(connection, host.store.trail(connection, host.actor), engagement_id, year, key)
    )


def lock_period(host: Host, books: EffectiveBooks, key: str, *, reason: str = "", keep: Keep = now) -> None:
    """Lock a period: its figures are frozen with what the transaction analysis says and what last year's were, and the
    next one is started.

    `reason`: why although accounts are not *Klar*. Raises `ClosingError` `period-locked`, `period-paused`,
    `period-previous-open`, `period-not-ready` (with the accounts, when there is no reason), `period-changed-meanwhile`
    when the books or the reconciliation moved while the figures were read; `DataError` `period-unknown`,
    `period-reason-too-long`, and what the analysis raises.
    """
    snapshot = books.books.snapshot
    _check_length(reason)
    with host.store.database.read() as connection:
        periods = read_periods(connection, snapshot.engagement_id, snapshot)
        before = _stamp(connection, snapshot, periods.find(key).key)
    if before[:2] != (snapshot.id, _versions(books.entries)):
        raise ClosingError("period-changed-meanwhile", period=periods.find(key).key)
    sheet = sheet_of(host, books, periods.find(key).key, keep=keep)
    check_lock(periods, sheet, reason)
    figures = figures_to_freeze(
        figures_of_period(host, books, periods, sheet.period.key, keep), [each.account for each in sheet.lines]
    )
    frozen = {
        each.account: Frozen(each.figures.reconciled, each.figures.attached)
        for each in sheet.lines
        if each.figures.reconciled is not None
    }
    checks = _checks(host, books, sheet)
    last_year = same_last_year(host, books, sheet.period.period, keep)

    def lock(connection: Connection) -> bool:
        """False when the period was only started: it took over what the figures do not hold."""
        if _stamp(connection, snapshot, sheet.period.key) != before:
            raise ClosingError("period-changed-meanwhile", period=sheet.period.key)
        trail = host.store.trail(connection, host.actor)
        enter(connection, trail, snapshot.engagement_id, snapshot, sheet.period.key)
        if _stamp(connection, snapshot, sheet.period.key) != before:
            return False
        PeriodRecords(connection, snapshot.engagement_id, snapshot.year_start).lock(
            trail,
            sheet.period.key,
            sheet.period.period.end,
            reason=reason.strip(),
            snapshot_id=snapshot.id,
            fingerprint=snapshot.fingerprint,
            figures=figures,
            frozen=frozen,
            checks=checks,
            last_year=last_year,
        )
        start_following(connection, trail, snapshot.engagement_id, snapshot, sheet.period.key)
        return True

    if not host.store.database.transact(lock):
        lock_period(host, books, sheet.period.key, reason=reason, keep=keep)


def lock_through(host: Host, books: EffectiveBooks, key: str, *, reason: str = "", keep: Keep = now) -> None:
    """Lock the open periods up to the one with `key`, in order, each as `lock_period` and for the same reason.

    Nothing is locked when one of them has accounts that are not *Klar* and there is no reason. What goes wrong later
    leaves those before it locked. Raises as `lock_period`.
    """
    snapshot = books.books.snapshot
    periods = year_periods(host, snapshot.engagement_id, snapshot)
    last = periods.find(key)
    if last.lock is not None:
        check_enterable(periods, last)
    to_lock = [each for each in (*periods.until(last), last) if each.state != "locked"]
    if not reason.strip():
        for each in to_lock:
            check_ready(sheet_of(host, books, each.key, keep=keep))
    for each in to_lock:
        lock_period(host, books, each.key, reason=reason, keep=keep)


def unlock_period(host: Host, engagement_id: int, year: FinancialYearLike, key: str, reason: str) -> None:
    """Unlock a period and the locked ones after it, which are *Pausad* until it is locked again.

    Raises `ClosingError` `period-not-locked`, `DataError` `period-unknown`, `period-reason-missing`,
    `period-reason-too-long`.
    """
    if not reason.strip():
        raise DataError("period-reason-missing")
    _check_length(reason)

    def unlock(connection: Connection) -> None:
        periods = read_periods(connection, engagement_id, year)
        period = periods.find(key)
        if period.lock is None:
            raise ClosingError("period-not-locked", period=period.key)
        trail, records = (
            host.store.trail(connection, host.actor),
            PeriodRecords(connection, engagement_id, year.year_start),
        )
        for each in (*reversed(periods.after(period)), period):
            if each.lock is not None:
                records.unlock(trail, each.lock, reason.strip())

    host.store.database.transact(unlock)


def check_lock(periods: YearPeriods, sheet: Sheet, reason: str) -> None:
    """Raises what stands in the way of locking the sheet's period, as `lock_period`."""
    period = periods.find(sheet.period.key)
    check_enterable(periods, period)
    before = periods.before(period)
    if before is not None and before.state != "locked":
        raise ClosingError("period-previous-open", period=period.key, previous=before.key)
    if not reason.strip():
        check_ready(sheet)


def check_ready(sheet: Sheet) -> None:
    """Raises `ClosingError` `period-not-ready` when an account of the period is not *Klar*."""
    if not_done := sheet.not_done:
        accounts = ", ".join(each.account for each in not_done)
        raise ClosingError("period-not-ready", period=sheet.period.key, accounts=accounts, count=len(not_done))


def _checks(host: Host, books: EffectiveBooks, sheet: Sheet) -> list[FrozenCheck]:
    """What the transaction analysis of the period says now. Books without vouchers have none that could run."""
    found = analyse_opened(host, books, beside(host, books), period=sheet.period.key)
    shown = replace(found, marks=marks_of(host, books))
    return [
        FrozenCheck(
            each.id,
            shown.name(each),
            shown.state(each),
            each.findings.height,
            shown.left(each),
            each.reason,
            {name: value if isinstance(value, int) else str(value) for name, value in each.parameters.items()},
        )
        for each in shown.results
    ]


def _check_length(reason: str) -> None:
    if len(reason) > LONGEST_REASON:
        raise DataError("period-reason-too-long", length=len(reason), limit=LONGEST_REASON)


def _stamp(connection: Connection, snapshot: Snapshot, key: str) -> tuple[object, ...]:
    """What the figures and statuses of the period depend on, import and counted entries first; another one when any of
    it changed."""
    engagement_id, start = snapshot.engagement_id, snapshot.year_start
    years = EngagementRecords(connection, engagement_id).years()
    records = AccountRecords(connection, engagement_id, start).of(key)
    schedules = OwnAttachments(connection, engagement_id, start).all()
    made = AttachmentVersions(connection, engagement_id).all(start)
    return (
        next((each.current_snapshot_id for each in years if each.year_start == start), None),
        _versions(counted(EntryRecords(connection, engagement_id).all(start))),
        tuple(sorted((account, each.version) for account, each in records.items())),
        tuple((each.number, each.version) for each in schedules),
        tuple((each.side, each.version) for each in newest_made(made)),
        read_periods(connection, engagement_id, snapshot).division,
    )


def _versions(entries: Iterable[ClosingEntry]) -> tuple[tuple[int, int], ...]:
    return tuple((each.id, each.version) for each in entries)
