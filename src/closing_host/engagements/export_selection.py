"""What an export begins with: the chosen entries, the source's terms, and the facts for the pre-flight checks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from closing_host.api.context import TermsRequest
from closing_host.api.errors import CapabilityMissing, ClosingError, Expired, TemporaryError
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import ExportTerms, VoucherRecord
from closing_host.closing.entries import EXPORTABLE, ClosingEntry, Kind
from closing_host.closing.preflight import PreflightFacts
from closing_host.engagements.books import Books
from closing_host.engagements.changed_since import changed_by_month
from closing_host.engagements.effective import effective
from closing_host.engagements.host import Host
from closing_host.engagements.signed_periods import UNREAD, any_signed
from closing_host.engagements.system_entries import outdated as outdated_of
from closing_host.sources.context import running_context
from closing_host.sources.facade import DataSource
from closing_host.storage.engagements import Engagement, EngagementRecords, EngagementYear
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.exporting.freeze import order
from closing_host.transfers.exporting.look import can_look, search_all
from closing_host.transfers.exporting.matching import carries
from closing_host.transfers.importing import year_in
from closing_host.transfers.thirty_days import ConnectionState

_OVER: Final = frozenset({ConnectionState.EXPIRED, ConnectionState.REVOKED, ConnectionState.DISCONNECTED})


@dataclass(frozen=True, slots=True)
class Selected:
    """Entries in the order in which they go, with every marker of each (by id), and the series for each kind."""

    engagement: Engagement
    source: DataSource
    year: EngagementYear
    entries: tuple[ClosingEntry, ...]
    markers: Mapping[int, tuple[str, ...]]
    series: Mapping[Kind, str]
    unlockable: frozenset[str]


def select(
    host: Host,
    engagement_id: int,
    year_start: date,
    wanted: Collection[int] | None,
    series: str,
    series_s: str | None,
) -> Selected:
    """The entries of the year that the user named by id, or all that can go.

    Raises `CapabilityMissing` `export-not-offered`, `ClosingError` `export-nothing`, `entry-unknown`.
    """
    with host.store.database.read() as connection:
        records = EngagementRecords(connection, engagement_id)
        engagement, year = records.engagement(), records.year(year_start)
        stored = EntryRecords(connection, engagement_id)
        if wanted is None:
            entries = [each for each in stored.all(year_start) if each.status in EXPORTABLE]
        else:
            entries = list(stored.each(wanted))
        markers = stored.markers([each.id for each in entries])
        _, unlockable = Journal(connection, engagement_id).choice(engagement.source_id)
    source = host.sources.source(engagement.source_id)
    refuse_incapable(source)
    if year is None or not entries:
        raise ClosingError("export-nothing", name=engagement.name, year=year_start)
    by_kind: dict[Kind, str] = {"V": series, "S": series if series_s is None else series_s}
    return Selected(engagement, source, year, tuple(sorted(entries, key=order)), markers, by_kind, unlockable)


def refuse_incapable(source: DataSource) -> None:
    """A source exports when it states terms, books, and can be asked or books the same voucher only once.

    Raises `CapabilityMissing` `export-not-offered`.
    """
    needed = ["export_terms", "export_voucher", *([] if source.info.idempotent else ["find_vouchers"])]
    for operation in needed:
        if operation not in source.operations:
            raise CapabilityMissing("export-not-offered", source=source.info.name, operation=operation)


def unusable(host: Host, selected: Selected) -> Expired | None:
    """Why the connection cannot be used for what was selected."""
    return connection_problem(host, selected.engagement.id, selected.source)


def connection_problem(host: Host, engagement_id: int, source: DataSource) -> Expired | None:
    """Why the engagement's connection to its `source` cannot be used. An export never starts a login (P 7.7)."""
    if "authorize" not in source.operations:
        return None
    view = host.connections.view(engagement_id)
    if view.usable:
        return None
    code = "export-connection-over" if view.state in _OVER else f"connection-{view.state}"
    return Expired(code, source=source.info.name)


async def terms_of(host: Host, opened: OpenConnection, selected: Selected) -> tuple[FinancialYear, ExportTerms]:
    """The source's own record of the year, and on which terms it books in it now."""
    year = await year_in(opened, selected.year.year_start, selected.year.year_end, host.store)
    snapshot = host.store.snapshots.current(selected.engagement.id, year.start)
    request = TermsRequest(year, snapshot.created_at if snapshot else None)
    with running_context(
        opened.source.id, http=opened.http, clock=host.store.clock, inside=host.store.folder.tmp
    ) as context:
        return year, await opened.source.export_terms(request, opened.connection, context)


async def found_already(
    host: Host, opened: OpenConnection, selected: Selected, year: FinancialYear, terms: ExportTerms
) -> dict[int, tuple[VoucherRecord, ...]] | None:
    """By entry what the source has with one of its markers; None when it cannot tell now."""
    if not can_look(opened):
        return None
    series = {each.code for each in terms.series if each.manual}
    sought = {marker for markers in selected.markers.values() for marker in markers}
    try:
        records = await search_all(host.store, opened, year, series, sought)
    except TemporaryError:
        return None
    return {
        entry_id: tuple(each for each in records if any(carries(each, marker) for marker in markers))
        for entry_id, markers in selected.markers.items()
    }


def signed_off_changes(host: Host, selected: Selected) -> Mapping[str, tuple[str, ...]] | None:
    """By the period of an entry the accounts that changed after their sign-off; None without books of the year."""
    engagement_id, year_start = selected.engagement.id, selected.year.year_start
    snapshot = host.store.snapshots.current(engagement_id, year_start)
    if snapshot is None:
        return None
    if not any_signed(host, engagement_id, year_start):
        return {}
    ledger = host.store.snapshots.load(engagement_id, snapshot.id, without=UNREAD)
    return changed_by_month(host, effective(host, Books(selected.engagement, snapshot, ledger)))


def outdated_entries(host: Host, selected: Selected) -> frozenset[int]:
    """Those of the selected system entries that are not what their rules want by now."""
    if not any(each.kind == "S" for each in selected.entries):
        return frozenset()
    return outdated_of(host, selected.engagement, selected.year)


def facts_of(
    selected: Selected,
    opened: OpenConnection | None,
    *,
    changed: Mapping[str, tuple[str, ...]] | None,
    outdated: frozenset[int],
    found: Mapping[int, tuple[VoucherRecord, ...]] | None = None,
    problem: ClosingError | None = None,
) -> PreflightFacts:
    """What the host knows, for the checks."""
    account = opened.connection.account if opened else None
    return PreflightFacts(
        source=selected.source.info.name,
        series=selected.series,
        organisation_number=selected.engagement.organisation_number,
        account_id=account.id if account else None,
        connection_problem=problem,
        unlockable_series=selected.unlockable,
        found=found,
        changed=changed,
        outdated=outdated,
    )
