"""Receivables and payables across the border: asked of a connected source, complete through the day of asking."""

from closing_host.api.context import AttachmentsRequest, Progress
from closing_host.api.ledger import FinancialYear
from closing_host.api.subledger import Attachments
from closing_host.sources.context import running_context
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection


async def bring_attachments(
    opened: OpenConnection, year: FinancialYear, progress: Progress, store: Store
) -> Attachments:
    """What the source states of both sides, from the year's first day through today.

    Raises `CapabilityMissing` for a source without, `PermissionMissing` for a company or login without, and what else
    the source raises.
    """
    source = opened.source
    request = AttachmentsRequest(year, store.clock().date(), {})
    with running_context(
        source.id, http=opened.http, progress=progress, clock=store.clock, inside=store.folder.tmp
    ) as context:
        return await source.attachments(request, opened.connection, context)
