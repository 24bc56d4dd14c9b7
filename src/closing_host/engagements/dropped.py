"""Files that were dropped on a page: read and controlled before anything is accepted, then imported as runs (P 7.8).

A file finds its engagement by organisation number and year. One whose company has no engagement opens one when the
user says so; what cannot be placed or read says why.
"""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import BinaryIO, Final, Literal

import polars as pl

from closing_host.api.context import Progress, SourceFile
from closing_host.api.errors import ClosingError, DataError
from closing_host.api.ledger import Company, FinancialYear, Finding
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file, place, source_of
from closing_host.engagements.setup import check_company, check_period, choose_period, confirm_company
from closing_host.ledgers import organisation
from closing_host.ledgers.controls import ControlResult, run_controls
from closing_host.runs.runner import Task, queue
from closing_host.storage.clock import utc_now
from closing_host.storage.database import Connection
from closing_host.storage.engagements import Engagement, EngagementRecords, Engagements
from closing_host.storage.runs import Run, Runs
from closing_host.storage.uploads import Upload, Uploads
from closing_host.transfers.importing import Brought, bring_file, control

KIND: Final = "import"

FILE_LIMIT: Final = 100 * 2**20
"""Bytes that one dropped file may have (P 1.5); larger ones go in by the command line."""

SHOWN_NAMES: Final = 6
SHOWN_FINDINGS: Final = 20

Place = Literal["known", "new", "refused"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file states. `names`: account names with letters outside ASCII, to see whether they are read rightly."""

    company: Company
    year: FinancialYear
    years: tuple[FinancialYear, ...]
    format: str
    program: str
    encoding: str
    vouchers: int
    rows: int
    names: tuple[str, ...]
    findings: tuple[Finding, ...]
    finding_count: int
    controls: tuple[ControlResult, ...]
    source_id: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says of the company when accepting its file, each "" for nothing (`engagements.setup`)."""

    form: str = ""
    framework: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file and where it would go. `refused`: `error` says why. `has_year`: the engagement has books of the year;
    `foreign`: its books come from another source than the file's."""

    upload: Upload
    place: Place
    reading: Reading | None = None
    engagement: Engagement | None = None
    has_year: bool = False
    foreign: bool = False
    error: ClosingError | None = None
    run: Run | None = None


def give_up_queued(host: Host) -> int:
    """Cancel imports of dropped files that a process left queued: who dropped them decides anew. Returns how many.

    For the only process that carries such runs out in this data folder, at its start.
    """
    with host.store.database.write() as connection:
        runs = Runs(connection, host.store.clock)
        left = runs.queued(KIND)
        for run in left:
            runs.cancel_queued(run.id)
    return len(left)


class DroppedFiles:
    """The files of a process's pages. What was read is remembered, so that a page can be shown again at no cost."""

    def __init__(self, host: Host) -> None:
        self._host: Final = host
        self._uploads: Final = Uploads(host.store.folder.tmp)
        self._read: Final[dict[Upload, Inspected]] = {}
        self._lock: Final = threading.Lock()

    def new_batch(self) -> str:
        """A batch to add files to. Those of yesterday that nobody decided about are forgotten."""
        self._uploads.forget_old(utc_now())
        return self._uploads.new_batch()

    def add(self, batch: str, name: str, content: BinaryIO, engagement_id: int | None = None) -> None:
        """Take a file in. `engagement_id`: the engagement that the user put it on."""
        self._uploads.add(batch, name, content, engagement_id=engagement_id)

    async def inspect(self, batch: str) -> tuple[Inspected, ...]:
        """Every file of the batch: what it states and where it goes. Raises `ClosingError` `upload-unknown`."""
        return tuple([await self._inspected(each) for each in self._uploads.of_batch(batch)])

    async def inspect_one(self, batch: str, number: int) -> Inspected:
        """One of them. Raises `ClosingError` `upload-unknown`."""
        return await self._inspected(self._uploads.get(batch, number))

    def choose_encoding(self, batch: str, number: int, encoding: str) -> None:
        """Read the file in this encoding from now on; "" for what its bytes say."""
        self._uploads.change(replace(self._uploads.get(batch, number), encoding=encoding, run_id=""))

    def queue(self, file: Inspected, said: Said | None = None) -> Run:
        """Record the file's import, which `carry_out` does; a press repeated gives the same run.

        `said`: that the company is right (*Stämmer det?*), with what the user chose; None for a file that was accepted
        with others. Raises `DataError` `choice-not-offered`.
        """
        if file.run is not None and file.run.state in ("queued", "running", "done"):
            return file.run
        if said is not None:
            check_company(said.form, said.framework)
            if said.period:
                check_period(said.period)
        task = Task(KIND, file.engagement.id if file.engagement else None)
        run = queue(self._host.store, self._host.actor, task)
        chosen = {} if said is None else asdict(said)
        self._uploads.change(replace(file.upload, run_id=run.id, confirmed=said is not None, **chosen))
        return run

    async def carry_out(self, file: Inspected, run: Run, *, watch: Progress | None = None) -> None:
        """Import the file. Raises as `import_file` does."""
        engagement_id = file.engagement.id if file.engagement else None
        imported = await import_file(
            self._host,
            self._uploads.path(file.upload),
            Placing(engagement_id, create=engagement_id is None),
            encoding=file.upload.encoding or None,
            watch=watch,
            name=file.upload.name,
            queued=run.id,
        )
        upload = self._uploads.get(file.upload.batch, file.upload.number)
        if upload.confirmed:
            opened = imported.published.snapshot.engagement_id
            confirm_company(self._host, opened, form=upload.form, framework=upload.framework or None)
            if upload.period:
                choose_period(self._host, opened, upload.period)

    async def _inspected(self, upload: Upload) -> Inspected:
        key = Upload(upload.batch, upload.number, upload.name, upload.engagement_id, upload.encoding)
        with self._lock:
            known = self._read.get(key)
        if known is None:
            known = await self._read_now(upload)
            with self._lock:
                self._read[key] = known
        return self._now(replace(known, upload=upload))

    async def _read_now(self, upload: Upload) -> Inspected:
        path = self._uploads.path(upload)
        try:
            if (size := path.stat().st_size) > FILE_LIMIT:
                raise DataError("file-too-large", file=upload.name, size=size // 2**20, limit=FILE_LIMIT // 2**20)
            source = await asyncio.to_thread(source_of, self._host, path, name=upload.name)
            file = SourceFile(upload.name, path)
            encoding = upload.encoding or None
            brought = await bring_file(source, file, _unwatched, self._host.store, encoding=encoding)
            engagement = self._place(brought, upload.engagement_id)
            controls = control(brought.ledger, engagement) if engagement else run_controls(brought.ledger)
            return Inspected(upload, "new", _reading(brought, controls))
        except ClosingError as error:
            return Inspected(upload, "refused", error=error)

    def _now(self, file: Inspected) -> Inspected:
        """Where it goes as things are now: an import in between may have opened the engagement."""
        with self._host.store.database.read() as connection:
            run = Runs(connection, self._host.store.clock).get(file.upload.run_id) if file.upload.run_id else None
            if file.reading is None:
                return replace(file, run=run)
            engagement = self._engagement(connection, file, run)
            if engagement is None:
                return replace(file, run=run)
            year = EngagementRecords(connection, engagement.id).year(file.reading.year.start)
        has_year = year is not None and year.current_snapshot_id is not None
        foreign = engagement.source_id != file.reading.source_id
        return replace(file, place="known", engagement=engagement, has_year=has_year, foreign=foreign, run=run)

    def _engagement(self, connection: Connection, file: Inspected, run: Run | None) -> Engagement | None:
        stated = file.upload.engagement_id or (run.engagement_id if run is not None else None)
        if stated is not None:
            return Engagements(connection).get(stated)
        assert file.reading is not None
        return _by_number(connection, file.reading.company)

    def _place(self, brought: Brought, engagement_id: int | None) -> Engagement | None:
        """The engagement that there is; None for a company without one. Raises as `place` does."""
        try:
            return place(self._host, brought, Placing(engagement_id))
        except DataError as error:
            if error.code in ("engagement-missing", "engagement-not-stated"):
                return None
            raise


def _by_number(connection: Connection, company: Company) -> Engagement | None:
    number = organisation.normalise(company.organisation_number)
    found = Engagements(connection).by_organisation_number(number) if number else ()
    return found[0] if found else None


def _reading(brought: Brought, controls: tuple[ControlResult, ...]) -> Reading:
    ledger = brought.ledger
    foreign = ledger.accounts.filter(pl.col("name").str.contains(r"[^\x00-\x7f]"))["name"]
    return Reading(
        company=ledger.company,
        year=brought.year,
        years=tuple(ledger.years),
        format=ledger.provenance.format,
        program=f"{ledger.provenance.program} {ledger.provenance.program_version}".strip(),
        encoding=ledger.provenance.encoding,
        vouchers=ledger.vouchers.height,
        rows=ledger.rows.height,
        names=tuple(foreign.head(SHOWN_NAMES).to_list()),
        findings=tuple(_finding(row) for row in ledger.findings.head(SHOWN_FINDINGS).iter_rows(named=True)),
        finding_count=ledger.findings.height,
        controls=controls,
        source_id=brought.source.id,
    )


def _finding(row: Mapping[str, object]) -> Finding:
    stated = row["parameters"] or []
    parameters = {each["name"]: each["value"] for each in stated}  # type: ignore[attr-defined]
    return Finding(row["code"], row["severity"], row["line"], row["column"], row["text"], parameters)  # type: ignore[arg-type]


def _unwatched(stage: str, done: int, total: int | None) -> None:
    """Nobody watches a reading that lasts no longer than a page takes."""
