"""Attachments (bilagor) for receivables and payables as at a day: the source's facts beside the imported books."""

from datetime import date

from closing_host.api.context import Progress
from closing_host.closing import Attachment, attachment_of
from closing_host.engagements.books import open_books
from closing_host.engagements.host import Host
from closing_host.engagements.importing import year_in
from closing_host.transfers.attachments import bring_attachments


async def read_attachments(
    host: Host, reference: str, as_at: date | None = None, *, watch: Progress
) -> tuple[Attachment, ...]:
    """Both sides as at the end of `as_at` (default: the year's last day), reconciled with the books of `reference`.

    The facts are asked of the engagement's source now; nothing is stored and nothing renewed. Raises what
    `open_books`, the connection, the source and the rules raise.
    """
    books = open_books(host, reference)
    async with host.connections.open(books.engagement.id, lane="interactive") as opened:
        year = await year_in(host, opened, books.snapshot.year_start, books.snapshot.year_end)
        facts = await bring_attachments(opened, year, watch, host.store)
    return tuple(attachment_of(books.ledger, side, as_at) for side in facts.values())
