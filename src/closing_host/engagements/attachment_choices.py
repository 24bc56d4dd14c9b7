"""What the user decides about attachments: the control accounts, and notes on invoices."""

import asyncio
from collections.abc import Sequence
from typing import Final

from closing_host.api.context import Progress
from closing_host.api.errors import DataError
from closing_host.api.subledger import Side, SubLedger
from closing_host.engagements.attachment_making import stored, task_of, version_from, versions_of_year
from closing_host.engagements.attachments import newest_made
from closing_host.engagements.books import find_books, open_books
from closing_host.engagements.host import Host
from closing_host.runs.runner import Handle, carry_out
from closing_host.storage.attachment_facts import read_facts
from closing_host.storage.attachment_notes import AttachmentNotes, ChosenAccounts
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.audit import Trail
from closing_host.storage.database import Connection

LONGEST_NOTE: Final = 2_000
"""Characters."""


async def choose_accounts(
    host: Host, reference: str, side: Side, accounts: Sequence[str], *, watch: Progress | None = None
) -> tuple[AttachmentVersion, ...]:
    """Remember the engagement's control accounts for `side`; none goes back to the source's own at the next making.

    With a choice, and when these books have attachments, a new version is made at once from what is stored; returns it.
    Raises `DataError` `control-account-unknown` for an account that the books do not have, and `run-active`.
    """
    books = open_books(host, reference)
    chosen = tuple(sorted({account.strip() for account in accounts} - {""}))
    known = {*books.ledger.accounts["account"], *books.ledger.rows["account"], *books.ledger.balances["account"]}
    for account in chosen:
        if account not in known:
            raise DataError("control-account-unknown", account=account, name=books.engagement.name)

    def kept() -> tuple[AttachmentVersion, ...]:
        versions = versions_of_year(host, books.snapshot)
        return newest_made([each for each in versions if each.snapshot_id == books.snapshot.id])

    def remember(trail: Trail) -> None:
        ChosenAccounts(trail.connection, books.engagement.id).choose(trail, side, chosen)

    if not chosen or not kept():
        host.store.database.transact(lambda connection: remember(host.store.trail(connection, host.actor)))
        return ()

    async def work(handle: Handle) -> tuple[AttachmentVersion, ...]:
        def anew() -> tuple[AttachmentVersion, ...]:
            newest = kept()  # once the run holds the year: no other making comes between
            using = {each.side: each.control_accounts for each in newest} | {side: chosen}
            facts = [read_facts(host.store.blobs, each.facts) for each in newest if each.facts is not None]
            made = [version_from(host, books.ledger, part, using) for part in facts]
            return stored(host, books.snapshot, made, handle, also=remember)

        return await asyncio.to_thread(anew)

    return await carry_out(host.store, host.actor, task_of(books.snapshot), work, watch=watch)


def write_note(host: Host, reference: str, side: Side, document: str, text: str) -> None:
    """Note `text` on an invoice of the year that `reference` names, in place of what stood there; "" removes it.

    Raises `DataError` `document-unknown` for one that no attachment of the year states, `note-too-long`, and what
    `open_books` raises.
    """
    engagement, snapshot = find_books(host, reference)
    said = text.strip()
    if len(said) > LONGEST_NOTE:
        raise DataError("note-too-long", record=document, limit=LONGEST_NOTE, length=len(said))

    def change(connection: Connection) -> None:
        notes = AttachmentNotes(connection, engagement.id)
        if document in notes.of(snapshot.year_start, side) or said:
            notes.write(host.store.trail(connection, host.actor), snapshot.year_start, side, document, said)

    if said and document not in _documents(host, newest_made(versions_of_year(host, snapshot)), side):
        raise DataError("document-unknown", record=document, name=engagement.name)
    host.store.database.transact(change)


def _documents(host: Host, versions: Sequence[AttachmentVersion], side: Side) -> set[str]:
    for each in versions:
        if each.side == side and each.facts is not None:
            facts = read_facts(host.store.blobs, each.facts)
            return {one.number for one in (facts.documents if isinstance(facts, SubLedger) else facts.items)}
    return set()
