"""Every hook of a data source. A source is a module (or object) with some of these, marked `@hookimpl`.

It is found through the entry-point group `closing_host.data_sources`: the entry point's name is the source's id,
the distribution's version is the source's version, and the hooks that it implements are what it can do. A hook may
be `def` (the host runs it in a thread) or `async def`; it may leave out parameters that it does not need. It raises
`closing_host.api.errors` and nothing else.

    from closing_host.api.hookspecs import hookimpl
    from closing_host.api.source import SourceInfo

    @hookimpl
    def describe_source() -> SourceInfo:
        return SourceInfo(name="My books")
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Final

import pluggy

if TYPE_CHECKING:
    from closing_host.api.authorization import AuthorizeRequest, Step
    from closing_host.api.context import (
        AttachmentsRequest,
        Connection,
        Context,
        ExportRequest,
        FileRequest,
        FindRequest,
        ImportRequest,
        TermsRequest,
    )
    from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
    from closing_host.api.source import SourceInfo
    from closing_host.api.subledger import Attachments
    from closing_host.api.vouchers import ExportTerms, FoundVouchers, Outcome, WrittenFile

PROJECT: Final = "closing_host"
ENTRY_POINT_GROUP: Final = "closing_host.data_sources"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec(firstresult=True)
def describe_source() -> SourceInfo:  # type: ignore[empty-body]
    """Say what the source is. Required. Pure: no I/O, quick, the same answer each time."""


@hookspec(firstresult=True)
def authorize(  # type: ignore[empty-body]
    request: AuthorizeRequest, connection: Connection, context: Context
) -> Step | Awaitable[Step]:
    """Take one step of login, renewal, check or disconnection.

    `renew` that raises anything but `errors.Expired` is an unknown outcome. Raises `Denied`, `Expired`,
    `PermissionMissing`, `SettingsError` (installation settings wrong), `TemporaryError`.
    """


@hookspec(firstresult=True)
def list_years(  # type: ignore[empty-body]
    connection: Connection, context: Context
) -> tuple[Company, list[FinancialYear]] | Awaitable[tuple[Company, list[FinancialYear]]]:
    """State the company and its financial years, newest first. Without it the host reads them from the ledger."""


@hookspec(firstresult=True)
def import_ledger(  # type: ignore[empty-body]
    request: ImportRequest, connection: Connection, context: Context
) -> Ledger | LedgerBuilder | Awaitable[Ledger | LedgerBuilder]:
    """Bring one financial year, plus what is known of the year before it as year -1.

    Keep what came over the wire with `context.keep`. Raises `DataError` when nothing can be imported,
    `UnsupportedFormat` for a file of another kind; what can be imported with doubts is a finding.
    """


@hookspec(firstresult=True)
def attachments(  # type: ignore[empty-body]
    request: AttachmentsRequest, connection: Connection, context: Context
) -> Attachments | Awaitable[Attachments]:
    """State receivables and payables: documents and payments, or open items as at a date.

    Raises `PermissionMissing("attachments")` when the company lacks the licence or the login the scope.
    """


@hookspec(firstresult=True)
def export_terms(  # type: ignore[empty-body]
    request: TermsRequest, connection: Connection, context: Context
) -> ExportTerms | Awaitable[ExportTerms]:
    """State the facts that decide whether vouchers can be booked: series, locks, accounts, objects, limits."""


@hookspec(firstresult=True)
def export_voucher(  # type: ignore[empty-body]
    request: ExportRequest, connection: Connection, context: Context
) -> Outcome | Awaitable[Outcome]:
    """Book one voucher. Never retry, never catch what leaves the outcome unknown: whatever is raised means unknown."""


@hookspec(firstresult=True)
def find_vouchers(  # type: ignore[empty-body]
    request: FindRequest, connection: Connection, context: Context
) -> FoundVouchers | Awaitable[FoundVouchers]:
    """Look for vouchers by marker, number or high-water mark. Required beside `export_voucher` unless idempotent."""


@hookspec(firstresult=True)
def export_file(  # type: ignore[empty-body]
    request: FileRequest, connection: Connection, context: Context
) -> WrittenFile | Awaitable[WrittenFile]:
    """Write the vouchers as a file that the source's program can read."""
