"""Attachments of the user's own (*Skapa och hantera bilagor*): schedules that reconcile any balance account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import Ledger
from closing_host.closing.control import control
from closing_host.closing.schedule import (
    Copying,
    Schedule,
    ScheduleRow,
    Standing,
    check_schedule,
    difference,
    reconciled_amount,
    usual_standing,
)
from closing_host.engagements.books import find_books
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.periods import check_attachment_day
from closing_host.ledgers.accounts import with_names
from closing_host.storage.attached_files import AttachedFile, AttachedFiles
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection
from closing_host.storage.own_attachments import OwnAttachment, OwnAttachments


@dataclass(frozen=True, slots=True)
class AccountAttachments:
    """What stands behind one account at the end of `as_at`. Amounts are öre in the ledger's sign.

    `closing`: the account's balance (UB) in the books with the closing entries that count; `reconciled`: RA, the sum of
    its schedules, None when none says anything; `difference`: UB - RA, None without RA (P 7.2). `files` belong to one
    of the schedules, or to the account itself: then they are on each of its days.
    """

    account: str
    name: str
    as_at: date
    closing: int
    reconciled: int | None
    difference: int | None
    attachments: tuple[OwnAttachment, ...]
    files: tuple[AttachedFile, ...]


@dataclass(frozen=True, slots=True)
class ScheduleChange:
    """What to change of a schedule; None leaves a part as it is."""

    rows: Sequence[ScheduleRow] | None = None
    title: str | None = None
    comment: str | None = None
    copying: Copying | None = None
    standing: Standing | None = None


def account_attachments(
    host: Host, reference: str, account: str | None = None, *, removed: bool = False
) -> tuple[AccountAttachments, ...]:
    """The user's own attachments of the books `reference`, by account and day; of one account or of all.

    `removed`: with those that were removed, which reconcile nothing. Raises what `open_books` raises.
    """
    effective = open_effective(host, reference)
    books = effective.books
    start, end = books.snapshot.year_start, books.snapshot.year_end
    with host.store.database.read() as connection:
        schedules = OwnAttachments(connection, books.engagement.id, start).all(account, removed=removed)
        files = AttachedFiles(connection, books.engagement.id, start).all(account, removed=removed)
    days: dict[tuple[str, date], list[OwnAttachment]] = {}
    for each in schedules:
        days.setdefault((each.schedule.account, each.schedule.as_at), []).append(each)
    for file in files:
        if file.attachment is None:
            days.setdefault((file.account, end), [])
    return tuple(_account(effective, *key, days[key], files) for key in sorted(days))


def add_own_attachment(
    host: Host,
    reference: str,
    account: str,
    rows: Sequence[ScheduleRow],
    *,
    title: str = "",
    comment: str = "",
    copying: Copying = "with_data",
    standing: Standing | None = None,
    as_at: date | None = None,
) -> OwnAttachment:
    """Keep a schedule behind `account` as at `as_at` (default: the year's last day).

    `standing`: on which side positive amounts stand; by default credit for class 2. Raises what `check_schedule`
    raises, `DataError` `schedule-account-unknown`, `schedule-outside-year`, `ClosingError` `attachment-day-locked`,
    `period-paused`, and what `open_books` raises.
    """
    effective = open_effective(host, reference)
    books = effective.books
    schedule = Schedule(
        account,
        as_at or books.snapshot.year_end,
        tuple(rows),
        standing or usual_standing(account),
        title.strip(),
        comment.strip(),
        copying,
    )
    check_schedule(schedule)
    check_account(effective, account)
    if not books.snapshot.year_start <= schedule.as_at <= books.snapshot.year_end:
        start, end = books.snapshot.year_start, books.snapshot.year_end
        raise DataError("schedule-outside-year", as_at=schedule.as_at, start=start, end=end)
    return _write(host, reference, lambda records, trail: records.add(trail, schedule))


def edit_own_attachment(
    host: Host, reference: str, number: int, change: ScheduleChange, *, basis: int | None = None
) -> OwnAttachment:
    """Keep a new version with `change`; the versions before it stay.

    `basis`: the version that the user looked at. Raises `ClosingError` `own-attachment-unknown`, `-changed` (another
    version has come since), `-removed`, `attachment-day-locked`, `period-paused`; what `check_schedule` and
    `find_books` raise.
    """

    def work(records: OwnAttachments, trail: Trail) -> OwnAttachment:
        before = records.get(number)
        if before.state == "removed":
            raise ClosingError("own-attachment-removed", number=number)
        said = before.schedule
        changed = replace(
            said,
            rows=said.rows if change.rows is None else tuple(change.rows),
            title=said.title if change.title is None else change.title.strip(),
            comment=said.comment if change.comment is None else change.comment.strip(),
            copying=change.copying or said.copying,
            standing=change.standing or said.standing,
        )
        check_schedule(changed)
        return records.change(trail, number, changed, basis=basis)

    return _write(host, reference, work)


def remove_own_attachment(host: Host, reference: str, number: int, *, basis: int | None = None) -> OwnAttachment:
    """Remove it: it reconciles nothing and is not listed; all that it said stays. Raises as `edit_own_attachment`."""
    return _write(
        host,
        reference,
        lambda records, trail: records.change(
            trail, number, records.get(number).schedule, state="removed", basis=basis
        ),
    )


def restore_own_attachment(host: Host, reference: str, number: int) -> OwnAttachment:
    """Put a removed one back as it was.

    Raises `ClosingError` `own-attachment-unknown`, `attachment-day-locked`, `period-paused`.
    """
    return _write(host, reference, lambda records, trail: records.change(trail, number, records.get(number).schedule))


def own_attachment_history(host: Host, reference: str, number: int) -> tuple[OwnAttachment, ...]:
    """All its versions, newest first. Raises `ClosingError` `own-attachment-unknown`, and what `find_books` raises."""
    engagement, snapshot = find_books(host, reference)
    with host.store.database.read() as connection:
        return OwnAttachments(connection, engagement.id, snapshot.year_start).history(number)


def check_account(effective: EffectiveBooks, account: str) -> None:
    """Raise `DataError` `schedule-account-unknown` for an account that the books neither declare nor use."""
    ledger, snapshot = effective.ledger, effective.books.snapshot
    if not any(_holds(table, account) for table in (ledger.accounts, ledger.rows, ledger.balances)):
        year = f"{snapshot.year_start} – {snapshot.year_end}"
        raise DataError("schedule-account-unknown", account=account, year=year)


def _holds(table: pl.DataFrame, account: str) -> bool:
    return not table.filter(pl.col("account") == account).is_empty()


def _account(
    effective: EffectiveBooks,
    account: str,
    as_at: date,
    schedules: Sequence[OwnAttachment],
    files: Sequence[AttachedFile],
) -> AccountAttachments:
    closing = int(control(effective.ledger, [account]).balances(as_at)["closing"][0])
    reconciled = reconciled_amount(each.schedule for each in schedules if each.state == "active")
    numbers = {each.number for each in schedules}
    return AccountAttachments(
        account,
        _name(effective.ledger, account),
        as_at,
        closing,
        reconciled,
        difference(closing, reconciled),
        tuple(schedules),
        tuple(each for each in files if each.account == account and each.is_behind(numbers)),
    )


def _name(ledger: Ledger, account: str) -> str:
    return str(with_names(pl.DataFrame({"account": [account]}), ledger)["name"][0])


def _write(host: Host, reference: str, work: Callable[[OwnAttachments, Trail], OwnAttachment]) -> OwnAttachment:
    """Do it, unless its period waits for an earlier one (P 7.2)."""
    engagement, snapshot = find_books(host, reference)

    def change(connection: Connection) -> OwnAttachment:
        own = OwnAttachments(connection, engagement.id, snapshot.year_start)
        kept = work(own, host.store.trail(connection, host.actor))
        check_attachment_day(connection, engagement.id, snapshot, kept.schedule.as_at)
        return kept

    return host.store.database.transact(change)
