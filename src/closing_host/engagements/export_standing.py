"""Whether an engagement's year can be exported now, and which exports of any engagement wait to be gone on with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from closing_host.api.errors import CapabilityMissing, ClosingError
from closing_host.closing.entries import ClosingEntry
from closing_host.engagements.export_selection import connection_problem, refuse_incapable
from closing_host.engagements.exporting import choices
from closing_host.engagements.host import Host
from closing_host.engagements.importing import lock_key
from closing_host.engagements.synchronising import task_of
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.journal import Journal, restless
from closing_host.storage.runs import Run, Runs
from closing_host.storage.written_files import FileRecord, WrittenFiles
from closing_host.transfers.exporting.views import BatchView, batch_view

EXPORT: Final = "export"


@dataclass(frozen=True, slots=True)
class ExportStanding:
    """How an export of one year stands.

    `problem`: why none can begin, in the order in which a user meets it: the source takes none, an import or export
    is running, the connection cannot be used, there is nothing to send; None when one can. `offered`: the source
    takes vouchers at all. `entries`: what can be sent, in order; `series` and `unlockable`: the company's last choices.
    `active`: the batch of this year that is under way. `batches`: the year's, newest first. `file`: written last.
    """

    source_name: str
    offered: bool
    problem: ClosingError | None
    entries: tuple[ClosingEntry, ...]
    series: Mapping[str, str]
    unlockable: frozenset[str]
    active: BatchView | None
    batches: tuple[BatchView, ...]
    file: FileRecord | None


def export_standing(host: Host, engagement_id: int, year_start: date) -> ExportStanding:
    """How it stands now; asks nothing of the source. Raises `ClosingError` `engagement-unknown`."""
    chosen = choices(host, engagement_id, year_start)
    with host.store.database.read() as connection:
        engagement = EngagementRecords(connection, engagement_id).engagement()
        journal = Journal(connection, engagement_id)
        batches = tuple(batch_view(each, journal.vouchers(each.id)) for each in journal.batches(year_start))
        runs = Runs(connection, host.store.clock)
        keys = (lock_key(engagement_id, year_start), task_of(engagement_id).lock_key)
        running = next((run for key in keys if key and (run := runs.active(key)) is not None), None)
        file = WrittenFiles(connection, engagement_id, year_start).last()
    active = next((each for each in batches if each.active), None)
    name, offered = engagement.source_id, False
    problem: ClosingError | None
    try:
        source = host.sources.source(engagement.source_id)
        name = source.info.name
        refuse_incapable(source)
    except CapabilityMissing:
        problem = ClosingError("export-elsewhere", source=name)
    except ClosingError as error:  # the source is not installed any more
        problem = error
    else:
        offered = True
        nothing = None if chosen.entries else ClosingError("export-none-left")
        problem = _under_way(name, running, active) or connection_problem(host, engagement_id, source) or nothing
    return ExportStanding(
        name, offered, problem, chosen.entries, chosen.series, chosen.unlockable, active, batches, file
    )


def due_exports(host: Host) -> tuple[tuple[int, int], ...]:
    """(engagement, batch) of every export that `go_on` has something to do with now: approved and not begun, left by
    a dead process, or to be looked at again."""
    now = host.store.clock()
    with host.store.database.read() as connection:
        found = restless(connection)
    return tuple((each.engagement_id, each.id) for each in found if batch_view(each, ()).due(now))


def _under_way(source: str, running: Run | None, active: BatchView | None) -> ClosingError | None:
    if active is not None or (running is not None and running.kind == EXPORT):
        return ClosingError("export-running", source=source)
    return ClosingError("export-import-running", source=source) if running is not None else None
