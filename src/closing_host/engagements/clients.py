"""*Mina uppdrag*: one row for each client, with what happened last and what to do next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

from closing_host.api.errors import ClosingError, Expired
from closing_host.closing.entries import EXPORTABLE, UNSETTLED, Status
from closing_host.engagements.host import Host
from closing_host.engagements.register import closing_year, overviews
from closing_host.engagements.synchronising import ask_for_import
from closing_host.engagements.wizard import Standing, Step, standing, standing_of
from closing_host.ledgers import organisation
from closing_host.storage.engagements import Engagement
from closing_host.storage.entries import counts
from closing_host.storage.runs import Run
from closing_host.storage.setup import Setup, all_setups
from closing_host.storage.snapshot_records import Snapshot

Sort = Literal["name", "year_end", "days_left", "imported", "to_export"]
SORTS: Final[tuple[Sort, ...]] = get_args(Sort)

Show = Literal["all", "attention", "to_export"]
SHOWS: Final[tuple[Show, ...]] = get_args(Show)

_LAST: Final = 10**6


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client. `year_end` and `snapshot` of the year that is closed now. `vouchers_added`: by the last import of
    that year, None before a second one. `to_export`: closing entries of any year that are not in the source's books
    yet. `trouble`: what went wrong last, None when nothing did."""

    standing: Standing
    year_end: date | None
    snapshot: Snapshot | None
    imported_at: datetime | None
    vouchers_added: int | None
    changed: bool | None
    to_export: int
    trouble: ClosingError | None

    @property
    def needs_attention(self) -> bool:
        """Whether the user has something to do about it."""
        warned = self.standing.connection.warning is not None
        return self.trouble is not None or warned or self.standing.step is not Step.DONE


def client_rows(host: Host, *, search: str = "", show: Show = "all", sort: Sort = "name") -> tuple[ClientRow, ...]:
    """The rows whose name or organisation number holds `search`, sorted. `attention`: those that ask for something,
    `to_export`: those with closing entries that are not exported."""
    wanted = search.strip().casefold()
    digits = organisation.normalise(search)
    with host.store.database.read() as connection:
        setups, entries = all_setups(connection), counts(connection)
    rows = []
    for client in (each for each in overviews(host) if _matches(each.engagement, wanted, digits)):
        id = client.engagement.id
        rows.append(_row(host, standing_of(host, client, setups.get(id, Setup())), entries.get(id, {})))
    found = [row for row in rows if _shown(row, show)]
    return tuple(sorted(found, key=lambda row: (_order(row, sort), row.standing.client.engagement.name.casefold())))


def client_row(host: Host, engagement_id: int) -> ClientRow:
    """One of them. Raises `ClosingError` `engagement-unknown`."""
    with host.store.database.read() as connection:
        entries = counts(connection, engagement_id=engagement_id).get(engagement_id, {})
    return _row(host, standing(host, engagement_id), entries)


def import_chosen(host: Host, engagement_ids: Collection[int]) -> tuple[tuple[int, Run | None], ...]:
    """Ask for an import of each: engagement and run. One that `why_skipped` names has none, which is no failure."""
    asked: list[tuple[int, Run | None]] = []
    for each in overviews(host):
        if (id := each.engagement.id) in engagement_ids:
            skipped = why_skipped(standing_of(host, each)) is not None
            asked.append((id, None if skipped else ask_for_import(host, id)))
    return tuple(asked)


def why_skipped(now: Standing) -> ClosingError | None:
    """Why the engagement cannot be imported without its user: it needs a login or a file. None when it can."""
    if now.way is None:
        return ClosingError("source-not-loaded", source=now.source_name)
    if now.way == "file":
        return ClosingError("import-needs-file", source=now.source_name)
    if now.way == "login" and not now.connection.usable:
        return Expired(now.connection.reason or f"connection-{now.connection.state}", source=now.source_name)
    return None


def _row(host: Host, now: Standing, entries: Mapping[Status, int]) -> ClientRow:
    newest = closing_year(now.client, host.store.clock().date())
    imported_at = max((snapshot.created_at for _, snapshot in now.client.years if snapshot is not None), default=None)
    if now.connection.imported_at is not None:
        imported_at = max(filter(None, (imported_at, now.connection.imported_at)))
    added: int | None = None
    if newest is not None:
        history: Sequence[Snapshot] = host.store.snapshots.history(now.client.engagement.id, newest[0].year_start)
        place = next(index for index, each in enumerate(history) if each.current)
        if place + 1 < len(history):
            added = history[place].counts["vouchers"] - history[place + 1].counts["vouchers"]
    return ClientRow(
        standing=now,
        year_end=newest[0].year_end if newest else None,
        snapshot=newest[1] if newest else None,
        imported_at=imported_at,
        vouchers_added=added,
        changed=_changed(now),
        to_export=sum(entries.get(status, 0) for status in EXPORTABLE | UNSETTLED),
        trouble=_trouble(now),
    )


def _shown(row: ClientRow, show: Show) -> bool:
    match show:
        case "attention":
            return row.needs_attention
        case "to_export":
            return row.to_export > 0
        case "all":
            return True


def _changed(now: Standing) -> bool | None:
    """Whether the latest import from the source changed anything; None when there was none that ended well."""
    if now.run is None or now.run.outcome is None:
        return None
    return bool(now.run.outcome.get("changed"))


def _trouble(now: Standing) -> ClosingError | None:
    run = now.run
    if run is not None and run.state == "failed" and run.error_code:
        error = ClosingError(run.error_code, detail=run.error_detail or "", **dict(run.error_parameters or {}))
        error.run = run.id
        return error
    if now.connection.reason:
        return Expired(now.connection.reason, source=now.source_name)
    return None


def _matches(engagement: Engagement, wanted: str, digits: str) -> bool:
    by_number = len(digits) >= 4 and digits in (engagement.organisation_number or "")
    return not wanted or wanted in engagement.name.casefold() or by_number


def _order(row: ClientRow, sort: Sort) -> tuple[int, float]:
    match sort:
        case "year_end":
            return (0, row.year_end.toordinal()) if row.year_end else (1, 0)
        case "days_left":
            login = row.standing.way == "login"
            return (0, row.standing.connection.days_left) if login else (1, _LAST)
        case "imported":
            return (0, row.imported_at.timestamp()) if row.imported_at else (-1, 0)
        case "to_export":
            return (0, -row.to_export)
        case "name":
            return (0, 0)
