"""Attachments of one engagement's year as pages may reach them: every call names its books (T G-1)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, Final

import polars as pl

from closing_host.api.errors import ClosingError
from closing_host.api.subledger import Side
from closing_host.closing.control import control
from closing_host.closing.schedule import Copying, ScheduleRow, Standing, reconciled_amount
from closing_host.documents.attachment_items import Order
from closing_host.engagements import attached_files, attachment_choices, attachments, own_attachments
from closing_host.engagements.attachment_documents import Document, Form, attachment_documents
from closing_host.engagements.attachment_making import known_accounts, retry_attachments
from closing_host.engagements.attachments import AttachmentChanges, AttachmentHistory, OpenedAttachment
from closing_host.engagements.effective import open_effective
from closing_host.engagements.own_attachments import AccountAttachments, ScheduleChange, check_account
from closing_host.ledgers.accounts import with_names
from closing_host.locale import Words
from closing_host.storage.attached_files import AttachedFile
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.engagements import EngagementYear
from closing_host.storage.own_attachments import OwnAttachment
from closing_host.storage.runs import Run, Runs
from closing_host.web.house import House


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """An account at the end of `as_at`. Öre in the ledger's sign; `reconciled` is None when nothing reconciles it."""

    account: str
    name: str
    as_at: date
    closing: int
    reconciled: int | None


class AttachmentDesk:
    """The attachments of `year` of engagement `engagement_id`, beside the books that the year shows."""

    def __init__(self, house: House, engagement_id: int, year: EngagementYear) -> None:
        self._house = house
        self._host = house.host
        self._engagement_id = engagement_id
        self.year: Final = year
        self._books: Final = f"{engagement_id}/{year.year_end}"

    def history(self) -> AttachmentHistory:
        """The versions, newest first, and how it stands."""
        return attachments.attachment_history(self._host, self._books)

    def control_accounts(self, history: AttachmentHistory) -> tuple[str, ...]:
        """The accounts that the attachments are for, as far as known."""
        by_side = known_accounts(self._host, history.snapshot)
        return tuple(account for accounts in by_side.values() for account in accounts)

    def opened(self, side: Side, as_at: date | None, version: int | None) -> OpenedAttachment | None:
        """One side's attachment; None when that making has none of the side. Raises as `open_attachments`."""
        found = attachments.open_attachments(self._host, self._books, side=side, as_at=as_at, version=version)
        return next(iter(found), None)

    def changes(self, side: Side, before: int | None, after: int | None) -> AttachmentChanges | None:
        """What differs between two versions of a side; None when one of them lacks it."""
        found = attachments.attachment_changes(self._host, self._books, before, after)
        return next((each for each in found if each.after.record.side == side), None)

    def write_note(self, side: Side, document: str, text: str) -> None:
        """Note `text` on an invoice; "" removes the note."""
        attachment_choices.write_note(self._host, self._books, side, document, text)

    def choose_accounts(self, side: Side, accounts: Sequence[str]) -> None:
        """Reconcile with these control accounts; none: the source's own, from the next making."""
        asyncio.run(attachment_choices.choose_accounts(self._host, self._books, side, accounts))

    def make(self) -> None:
        """*Försök igen*: begin to make them, in the background."""
        self._house.makings.begin(self._books, self._retry)

    @property
    def making(self) -> bool:
        """Whether they are being made by these pages."""
        return self._house.makings.active(self._books)

    @property
    def trouble(self) -> ClosingError | None:
        """What the last making that these pages began ended with."""
        return self._house.makings.trouble(self._books)

    def run(self) -> Run | None:
        """The latest making's record."""
        with self._host.store.database.read() as connection:
            return Runs(connection, self._host.store.clock, engagement_id=self._engagement_id).latest("attachments")

    def documents(
        self, form: Form, words: Words, which: str | None, as_at: date | None, version: int | None, order: Order
    ) -> tuple[Document, ...]:
        """Attachments as documents to download."""
        return attachment_documents(
            self._host, self._books, form, words, which=which, as_at=as_at, version=version, order=order
        )

    def own(self, account: str | None = None, *, removed: bool = False) -> tuple[AccountAttachments, ...]:
        """The user's own attachments with what they reconcile, by account and day."""
        return own_attachments.account_attachments(self._host, self._books, account, removed=removed)

    def account(self, account: str, as_at: date | None = None, *, without: int | None = None) -> AccountStanding:
        """How `account` stands at the end of `as_at` (default: the year's last day), own attachment `without` aside."""
        day = as_at or self.year.year_end
        for group in self.own(account):
            if group.as_at == day:
                others = [each.schedule for each in group.attachments if each.number != without]
                return AccountStanding(account, group.name, day, group.closing, reconciled_amount(others))
        effective = open_effective(self._host, self._books)
        check_account(effective, account)
        name = with_names(pl.DataFrame({"account": [account]}), effective.ledger)["name"][0]
        closing = int(control(effective.ledger, [account]).balances(day)["closing"][0])
        return AccountStanding(account, name, day, closing, None)

    def own_history(self, number: int) -> tuple[OwnAttachment, ...]:
        """All versions of one, newest first."""
        return own_attachments.own_attachment_history(self._host, self._books, number)

    def add_own(
        self,
        account: str,
        rows: Sequence[ScheduleRow],
        *,
        title: str,
        comment: str,
        copying: Copying,
        standing: Standing | None,
        as_at: date | None,
    ) -> OwnAttachment:
        """Keep a new one behind `account`."""
        said: dict[str, Any] = {"title": title, "comment": comment, "copying": copying}
        return own_attachments.add_own_attachment(
            self._host, self._books, account, rows, standing=standing, as_at=as_at, **said
        )

    def edit_own(self, number: int, change: ScheduleChange, basis: int) -> OwnAttachment:
        """Keep a new version of one that the user saw in version `basis`."""
        return own_attachments.edit_own_attachment(self._host, self._books, number, change, basis=basis)

    def remove_own(self, number: int, basis: int) -> OwnAttachment:
        """Take one away; its versions stay."""
        return own_attachments.remove_own_attachment(self._host, self._books, number, basis=basis)

    def restore_own(self, number: int) -> OwnAttachment:
        """Put a removed one back."""
        return own_attachments.restore_own_attachment(self._host, self._books, number)

    def files(self, account: str | None = None, *, removed: bool = False) -> tuple[AttachedFile, ...]:
        """Attached files of one account or of all."""
        return attached_files.attached_files(self._host, self._books, account, removed=removed)

    def attach(self, account: str, name: str, content: bytes, attachment: int | None) -> AttachedFile:
        """Keep a file behind the account, or behind one of its own attachments."""
        return attached_files.attach_file(self._host, self._books, account, name, content, attachment=attachment)

    def open_file(self, number: int) -> tuple[AttachedFile, BinaryIO]:
        """A file's record and its bytes."""
        return attached_files.open_file(self._host, self._books, number)

    def remove_file(self, number: int) -> AttachedFile:
        """Take a file away from its account; it is kept."""
        return attached_files.remove_file(self._host, self._books, number)

    async def _retry(self) -> tuple[AttachmentVersion, ...]:
        return await retry_attachments(self._host, self._books)
