"""Receivables and payables across the border: asked of a connected source, complete through the day of asking."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from closing_host.api.context import AttachmentsRequest, Progress
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import FinancialYear
from closing_host.api.subledger import Attachments, Side
from closing_host.sources.context import running_context
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.store import Store
from closing_host.transfers.connections import OpenConnection


@dataclass(frozen=True, slots=True)
class AttachmentsOutcome:
    """How an import's second part ended.

    `state`: "made" with the new `versions`; "failed" with the `error`; "without" when the company is connected without
    sub-ledger; "locked" when the closing day's period is locked. `accounts`: the control accounts as far as known.
    """

    state: Literal["made", "failed", "without", "locked"]
    accounts: tuple[str, ...]
    versions: tuple[AttachmentVersion, ...] = ()
    error: ClosingError | None = None


async def bring_attachments(
    opened: OpenConnection,
    year: FinancialYear,
    progress: Progress,
    store: Store,
    *,
    control_accounts: Mapping[Side, tuple[str, ...]] | None = None,
) -> Attachments:
    """What the source states of both sides, from the year's first day through today.

    `control_accounts`: the user's choice. Raises `CapabilityMissing` for a source without, `PermissionMissing` for a
    company or login without, and what else the source raises.
    """
    source = opened.source
    request = AttachmentsRequest(year, store.clock().date(), dict(control_accounts or {}))
    with running_context(
        source.id, http=opened.http, progress=progress, clock=store.clock, inside=store.folder.tmp
    ) as context:
        return await source.attachments(request, opened.connection, context)
