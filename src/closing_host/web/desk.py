"""One engagement as pages may reach it: every call holds its id, so an address can open nothing of another (T G-1)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from closing_host.api.authorization import Operation
from closing_host.api.errors import ClosingError
from closing_host.api.ledger import Ledger
from closing_host.engagements import logging_in, wizard
from closing_host.engagements.books import Books, find_year
from closing_host.engagements.changed_since import at_stake
from closing_host.engagements.connecting import choose_source
from closing_host.engagements.effective import effective
from closing_host.engagements.exporting import find_batch
from closing_host.engagements.logging_in import LoggingIn
from closing_host.engagements.new_year import NextYear, add_next_year, next_year, year_before
from closing_host.engagements.processing_history import Event, events_of
from closing_host.engagements.recognising import make_current
from closing_host.engagements.register import Overview, closing_year, overview
from closing_host.engagements.synchronising import ask_for_import
from closing_host.engagements.wizard import Standing
from closing_host.engagements.year_overview import is_newest, year_to_tell
from closing_host.storage.engagements import Engagement, EngagementYear
from closing_host.storage.runs import Run
from closing_host.storage.snapshot_records import Snapshot
from closing_host.transfers.connections import Disconnected
from closing_host.transfers.exporting.views import BatchView
from closing_host.web.analysis_desk import AnalysisDesk
from closing_host.web.attachment_desk import AttachmentDesk
from closing_host.web.books_desk import BooksDesk
from closing_host.web.changed_since_desk import ChangedSinceDesk
from closing_host.web.comparison_desk import ComparisonDesk
from closing_host.web.entry_desk import EntryDesk
from closing_host.web.export_desk import ExportDesk
from closing_host.web.house import House
from closing_host.web.overview_desk import OverviewDesk, YearShown
from closing_host.web.reconciliation_desk import ReconciliationDesk
from closing_host.web.report_desk import ReportDesk
from closing_host.web.result_desk import ResultDesk


class Desk:
    """The engagement with this id. Raises `ClosingError` `engagement-unknown`."""

    def __init__(self, house: House, engagement_id: int) -> None:
        self._house = house
        self._host = house.host
        self._client = overview(house.host, engagement_id)
        self.id: Final = engagement_id

    @property
    def client(self) -> Overview:
        """The engagement with its years, as they were when the request came."""
        return self._client

    @property
    def engagement(self) -> Engagement:
        """The engagement's record."""
        return self._client.engagement

    @property
    def now(self) -> datetime:
        """The host's clock, which the records of runs and exports are written by."""
        return self._host.store.clock()

    def standing(self) -> Standing:
        """Where it stands in *Startguiden*, now."""
        return wizard.standing(self._host, self.id)

    def ask_for_import(self) -> Run:
        """*Importera från {källa}*: the run that is on its way."""
        run = ask_for_import(self._host, self.id)
        self._house.work.import_from_source(run)
        return run

    async def begin_login(self, session: str) -> LoggingIn:
        """Begin the login to its source."""
        return await logging_in.begin(self._host, self.id, session=session)

    def choose_source(self, source_id: str, settings: Mapping[str, object] | None = None) -> None:
        """Make another source the engagement's, with its settings of this client."""
        choose_source(self._host, self.engagement, source_id, settings)

    def do_without(self, operations: frozenset[Operation]) -> None:
        """*Koppla utan …*; holds from the next login."""
        self._host.connections.set_without(self.id, operations, self._host.actor)

    async def disconnect(self) -> Disconnected:
        """*Koppla bort*."""
        return await self._host.connections.disconnect(self.id, self._host.actor)

    def year(self, stated: str) -> EngagementYear:
        """The year that begins or ends in `stated`, for "" the one that is closed now. Raises `ClosingError`."""
        closing = None if stated else closing_year(self._client, self.now.date())
        return closing[0] if closing else find_year(self._host, self.engagement, stated or None)

    def current(self, year: EngagementYear) -> Snapshot:
        """What the year shows. Raises `ClosingError` `year-without-books`."""
        found = self._host.store.snapshots.current(self.id, year.year_start)
        if found is None:
            raise ClosingError("year-without-books", year=year.year_start)
        return found

    def snapshot(self, snapshot_id: int) -> Snapshot:
        """One of its imports. Raises `ClosingError` `snapshot-unknown`, also for another engagement's."""
        return self._host.store.snapshots.get(self.id, snapshot_id)

    def books(self, year: EngagementYear) -> BooksDesk:
        """What the year shows, with the closing entries that count. Raises as `current`."""
        snapshot = self.current(year)
        books = Books(self.engagement, snapshot, self._house.ledger(snapshot))
        return BooksDesk(self._house, effective(self._host, books))

    def imports(self, year_start: date | None = None) -> Sequence[Snapshot]:
        """Its imports, newest first."""
        return self._host.store.snapshots.history(self.id, year_start)

    def make_current(self, snapshot_id: int) -> Snapshot:
        """*Ångra import*: show this one in its year again."""
        return make_current(self._host, self.id, snapshot_id).snapshot

    def analysis(self, year: EngagementYear) -> AnalysisDesk:
        """The transaction analysis of the year's books. Raises `ClosingError` `year-without-books`."""
        return AnalysisDesk(self._house, self.id, self.books(year))

    def reconciliation(self, year: EngagementYear) -> ReconciliationDesk:
        """*Balansavstämning* of the year's books. Raises `ClosingError` `year-without-books`."""
        return ReconciliationDesk(self._house, self.books(year))

    def overview(self, stated: str) -> OverviewDesk:
        """The overview of the year that begins or ends in `stated`; for "" of the one that is closed now, else of the
        newest one, if any. Raises `ClosingError` `year-unknown`."""
        years = self._client.years
        if stated:
            named = (each for each, _ in years if stated in (str(each.year_end), str(each.year_start)))
            year: EngagementYear | None = next(named, None) or find_year(self._host, self.engagement, stated)
        else:
            year = year_to_tell(self._client, self.now.date())
        snapshot = next((each for known, each in years if known == year), None)
        newest = is_newest(self._client, year)
        if year is None or snapshot is None:
            return OverviewDesk(self._house, self.id, year, None, newest=newest)
        before = year_before(self._client, year.year_start)
        shown = YearShown(self.books(year), self.entries(year), self.books(before[0]) if before else None)
        return OverviewDesk(self._house, self.id, year, shown, newest=newest)

    def next_year(self) -> NextYear:
        """The year that *Nytt räkenskapsår* adds. Raises `DataError` `new-year-without-previous`."""
        return next_year(self._client)

    def add_next_year(self, end: date | None = None) -> EngagementYear:
        """Add it. Raises as `new_year.add_next_year`."""
        return add_next_year(self._host, self.id, end)

    def results(self, year: EngagementYear) -> ResultDesk:
        """The result accounts of the year's books. Raises `ClosingError` `year-without-books`."""
        before = year_before(self._client, year.year_start)
        return ResultDesk(self._house, self.books(year), self.books(before[0]) if before else None)

    def reports(self, year: EngagementYear) -> ReportDesk:
        """What is written of the year's periods. Raises `ClosingError` `year-without-books`."""
        return ReportDesk(self._house, self.books(year))

    def changed_since(self, year: EngagementYear) -> ChangedSinceDesk:
        """What changed in what was signed off of the year. Raises `ClosingError` `year-without-books`."""
        return ChangedSinceDesk(self._house, self.books(year))

    def at_stake(self, year: EngagementYear) -> bool:
        """Whether there is anything of the year that could have changed so; reads no books."""
        return at_stake(self._host, self.id, year.year_start)

    def attachments(self, year: EngagementYear) -> AttachmentDesk:
        """The attachments of the year's books. Raises `ClosingError` `year-without-books`."""
        self.current(year)
        return AttachmentDesk(self._house, self.id, year)

    def imported(self, snapshot: Snapshot) -> Ledger:
        """The import as its source stated it, without closing entries."""
        return self._house.ledger(self.snapshot(snapshot.id))

    @property
    def comparisons(self) -> ComparisonDesk:
        """*Förändringar* and *Jämför* of its books."""
        return ComparisonDesk(self._house, self.id)

    def entries(self, year: EngagementYear) -> EntryDesk:
        """The closing entries of the year, beside the books that it shows, if it has any."""
        snapshot = self._host.store.snapshots.current(self.id, year.year_start)
        return EntryDesk(self._house, self.engagement, year, snapshot)

    def exports(self, year: EngagementYear) -> ExportDesk:
        """The exports of the year."""
        return ExportDesk(self._house, self.id, year)

    def export(self, batch_id: int) -> BatchView:
        """One of its exports. Raises `ClosingError` `export-unknown`, also for another engagement's."""
        return find_batch(self._host, self.id, batch_id)

    def events(self, before: int | None = None) -> Sequence[Event]:
        """*Behandlingshistorik*: what was done with it, newest first; before the event of that number."""
        return events_of(self._host, self.id, before=before)
