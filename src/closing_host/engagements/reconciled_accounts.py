"""What a user does with the accounts of a period: type what they are reconciled to, comment, be done, review (P 7.2).

Each function is one transaction. `basis` is the version of the record that the user saw, None for whatever it is.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from enum import Enum
from typing import Final, Literal

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.money import MAX_ORE, decimal_from_ore
from closing_host.closing.standing import (
    AccountRecord,
    Figures,
    Review,
    SignOff,
    Standing,
    check_comment,
    check_review,
    check_sign_off,
    check_typed,
    standing_of,
)
from closing_host.engagements.effective import EffectiveBooks
from closing_host.engagements.host import Host
from closing_host.engagements.period_starting import enter
from closing_host.engagements.periods import check_enterable, year_periods
from closing_host.engagements.reconciling import AccountLine, Keep, books_say, lines_in, now
from closing_host.storage.account_records import AccountRecords, ReconciliationSettings
from closing_host.storage.audit import Action, Trail
from closing_host.storage.database import Connection


class Unchanged(Enum):
    """What is not stated, where None says something."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED
NotStated = Literal[Unchanged.UNCHANGED]

UNSEEN: Final = frozenset(
    {"sign-off-closing-moved", "sign-off-reconciled-moved", "sign-off-reconciled-came", "sign-off-reconciled-went"}
)
"""Codes of a sign-off whose figures are not those that the user saw. Parameters: `account`, `before`, `now`, kronor."""

Change = Callable[[Trail, AccountLine], AccountRecord]


def note_account(
    host: Host,
    books: EffectiveBooks,
    key: str,
    account: str,
    *,
    typed: int | NotStated | None = UNCHANGED,
    comment: str | NotStated = UNCHANGED,
    basis: int | None = None,
    keep: Keep = now,
) -> None:
    """Type the reconciled amount (öre, debit positive; None takes it away), or comment on the account.

    A sign-off stays: when the figure moves by it, the account is *Ändrad efter klar*; while it holds, so does the
    comment that it wanted. Raises `DataError` `account-not-in-period`, `reconciled-by-attachment` for an amount (one
    that was typed before can be taken away), `reconciled-too-large`, `comment-too-long`, `sign-off-wants-comment`,
    `ClosingError` `account-changed-meanwhile`, and what `enter` raises.
    """

    def noted(trail: Trail, line: AccountLine) -> AccountRecord:
        record = line.record
        if typed is not UNCHANGED and typed != record.typed:
            if typed is not None:
                check_typed(account, line.figures)
                if abs(typed) > MAX_ORE:
                    raise DataError("reconciled-too-large", account=account)
            record = replace(record, typed=typed)
        if comment is not UNCHANGED:
            check_comment(account, comment)
            record = replace(record, comment=comment.strip())
        figures = line.figures if line.figures.attached else Figures(line.closing, record.typed)
        if standing_of(record, figures) is Standing.DONE:
            check_sign_off(account, record, figures)
        return record

    _change(host, books, key, [account], Action.ACCOUNT_RECONCILED, noted, basis=basis, keep=keep)


def sign_off(
    host: Host,
    books: EffectiveBooks,
    key: str,
    accounts: Collection[str],
    *,
    expected: Mapping[str, Figures] | None = None,
    keep: Keep = now,
) -> int:
    """*Klarmarkera*: the accounts are done, with the figures of now; how many. All of them or none.

    `expected`: for each account closing balance and reconciled amount as the user saw them, which nobody signs when
    they have moved since; None signs what there is. Raises `ClosingError` with a code of `UNSEEN` for the first that
    moved, `DataError` `sign-off-wants-comment` for the first that lacks one, `account-not-in-period`, and what `enter`
    raises.
    """
    snapshot = books.books.snapshot

    def signed(trail: Trail, line: AccountLine) -> AccountRecord:
        if expected is not None:
            _check_seen(line, expected[line.account])
        check_sign_off(line.account, line.record, line.figures)
        figures = line.figures
        signature = SignOff(trail.actor.name, trail.clock(), snapshot.fingerprint, figures.closing, figures.reconciled)
        return replace(line.record, signed=signature, review=Review.NOT_REVIEWED, review_comment="", reviewed_by="")

    return _change(host, books, key, accounts, Action.ACCOUNT_SIGNED_OFF, signed, keep=keep)


def reopen_accounts(host: Host, books: EffectiveBooks, key: str, accounts: Collection[str], *, keep: Keep = now) -> int:
    """Take *Klar* back, and the review with it; how many. Raises as `sign_off`."""

    def reopened(trail: Trail, line: AccountLine) -> AccountRecord:
        return replace(line.record, signed=None, review=Review.NOT_REVIEWED, review_comment="", reviewed_by="")

    return _change(host, books, key, accounts, Action.ACCOUNT_REOPENED, reopened, keep=keep)


def review_accounts(
    host: Host,
    books: EffectiveBooks,
    key: str,
    accounts: Collection[str],
    verdict: Review,
    comment: str = "",
    *,
    keep: Keep = now,
) -> int:
    """*Kvalitetssäkra*: *Godkänd*, *Ej godkänd*, or not reviewed again; how many.

    Raises `DataError` `review-not-done`, `review-by-the-same`, `comment-too-long`, and as `sign_off`.
    """
    others_only = others_review(host, books.books.engagement.id)

    def reviewed(trail: Trail, line: AccountLine) -> AccountRecord:
        check_comment(line.account, comment)
        check_review(line.account, line.record, line.figures, trail.actor.name, others_only=others_only)
        by = "" if verdict is Review.NOT_REVIEWED else trail.actor.name
        return replace(line.record, review=verdict, review_comment=comment.strip(), reviewed_by=by)

    return _change(host, books, key, accounts, Action.ACCOUNT_REVIEWED, reviewed, keep=keep)


def others_review(host: Host, engagement_id: int) -> bool:
    """Whether a reviewer must be another than who marked the account as done."""
    with host.store.database.read() as connection:
        return ReconciliationSettings(connection, engagement_id).others_review()


def set_others_review(host: Host, engagement_id: int, on: bool) -> None:
    """Choose it for the engagement."""
    host.store.database.transact(
        lambda connection: ReconciliationSettings(connection, engagement_id).set_others_review(
            host.store.trail(connection, host.actor), on
        )
    )


def _check_seen(line: AccountLine, seen: Figures) -> None:
    """Raises `ClosingError` with a code of `UNSEEN` where the account does not stand as it was seen."""
    of, figures = line.account, line.figures
    if seen.closing != figures.closing:
        before, after = decimal_from_ore(seen.closing), decimal_from_ore(figures.closing)
        raise ClosingError("sign-off-closing-moved", account=of, before=before, now=after)
    if seen.reconciled == figures.reconciled:
        return
    if seen.reconciled is None:
        assert figures.reconciled is not None
        raise ClosingError("sign-off-reconciled-came", account=of, now=decimal_from_ore(figures.reconciled))
    before = decimal_from_ore(seen.reconciled)
    if figures.reconciled is None:
        raise ClosingError("sign-off-reconciled-went", account=of, before=before)
    raise ClosingError("sign-off-reconciled-moved", account=of, before=before, now=decimal_from_ore(figures.reconciled))


def _change(
    host: Host,
    books: EffectiveBooks,
    key: str,
    accounts: Collection[str],
    action: Action,
    change: Change,
    *,
    basis: int | None = None,
    keep: Keep = now,
) -> int:
    """Change the records of `accounts`; how many.

    A period that was not started is started first, since that may give the accounts attachments and records; when
    the change is refused it stays unstarted.
    """
    snapshot = books.books.snapshot
    periods = year_periods(host, snapshot.engagement_id, snapshot)
    seen = periods.find(key)
    check_enterable(periods, seen)
    said = books_say(host, books, periods, seen, keep)  # before the transaction, for it may take long

    def work(connection: Connection) -> int:
        trail = host.store.trail(connection, host.actor)
        records = AccountRecords(connection, snapshot.engagement_id, snapshot.year_start)
        before = records.of(seen.key)
        period = enter(connection, trail, snapshot.engagement_id, snapshot, seen.key)
        lines = {each.account: each for each in lines_in(connection, snapshot, period, said, only=accounts)}
        for account in dict.fromkeys(accounts):
            if account not in lines:
                raise DataError("account-not-in-period", account=account, period=period.key)
            after = change(trail, lines[account])
            # The record that this very start has made is not what somebody else did meanwhile.
            held = before[account].version if account in before else 0
            own = lines[account].version if basis == held else basis
            records.put(trail, action, period.key, account, after, snapshot_id=snapshot.id, basis=own)
        return len(dict.fromkeys(accounts))

    return host.store.database.transact(work)
