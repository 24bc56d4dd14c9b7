"""Ledgers as write-once folders of Parquet files, named by their content (libraries.md 3).

`snapshots/ab/abcd…/` holds one file per table and `ledger.json`, whose SHA-256 is the folder's name; it states
the hash of every table's file, so the name vouches for the whole.
"""

import errno
import hashlib
import io
import shutil
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl

from closing_host.api.errors import ClosingError
from closing_host.api.ledger import SCHEMAS, TABLES, Ledger
from closing_host.storage.blobs import stamp, stamped
from closing_host.storage.clock import Clock
from closing_host.storage.crashpoints import crashpoint
from closing_host.storage.durable import ensure_folder, sha256_of, sync_folder, unused_name, write_and_sync
from closing_host.storage.faults import disk_faults
from closing_host.storage.ledger_header import LedgerHeader, header_of, read_header

ROW_GROUP: Final = 131_072
"""Rows per group: what a scan can skip as a whole."""


class LedgerFiles:
    """The folders under `snapshots/`."""

    def __init__(self, folder: Path, staging: Path, clock: Clock) -> None:
        self._folder = folder
        self._staging = staging
        self._clock = clock

    def write(self, ledger: Ledger) -> str:
        """Store the ledger and return the name of its content. Raises `ClosingError` `disk-full`, `disk-failed`."""
        aside = unused_name(self._staging)
        with disk_faults():
            try:
                aside.mkdir(mode=0o700)
                files = {
                    table: write_and_sync(aside / f"{table}.parquet", [parquet(frame)])
                    for table, frame in ledger.tables.items()
                }
                sha = write_and_sync(aside / "ledger.json", [header_of(ledger, files)])
                sync_folder(aside)
                crashpoint("folder.after_files")
                self._settle(aside, sha)
            except OSError:
                shutil.rmtree(aside, ignore_errors=True)
                raise
        return sha

    def read(self, sha: str, *, without: Collection[str] = ()) -> Ledger:
        """The ledger, equal to the one stored but for the columns `without` (`rows.objects`), which are all null:
        what is not needed is not read. Raises `ClosingError` `ledger-missing`, `ledger-damaged`."""
        header = self.verify(sha)
        frames = {table: _read(self._table(sha, table), table, without) for table in TABLES}
        return Ledger(
            company=header.company,
            years=header.years,
            currency=header.currency,
            chart_type=header.chart_type,
            tax_year=header.tax_year,
            covered_until=header.covered_until,
            note=header.note,
            provenance=header.provenance,
            **frames,
        )

    def scan(self, sha: str, table: str) -> pl.LazyFrame:
        """One table, read as far as the query needs. Not verified: that would read all of it.

        Raises `ClosingError` `ledger-missing`, `KeyError` for a table that does not exist.
        """
        if table not in SCHEMAS:
            raise KeyError(table)
        if not self.exists(sha):
            raise ClosingError("ledger-missing", ledger=sha)
        return pl.scan_parquet(self._table(sha, table))

    def verify(self, sha: str) -> LedgerHeader:
        """The header, once every file has the hash that it should. Raises as `read` does."""
        if not self.exists(sha):
            raise ClosingError("ledger-missing", ledger=sha)
        with disk_faults():
            content = (self.path(sha) / "ledger.json").read_bytes()
            if hashlib.sha256(content).hexdigest() != sha:
                raise ClosingError("ledger-damaged", ledger=sha, file="ledger.json")
            header = read_header(content)
            for table in TABLES:
                path = self._table(sha, table)
                if not path.is_file() or sha256_of(path) != header.files[table]:
                    raise ClosingError("ledger-damaged", ledger=sha, file=path.name)
        return header

    def exists(self, sha: str) -> bool:
        """Whether the folder is there (not whether it is whole)."""
        return (self.path(sha) / "ledger.json").is_file()

    def remove(self, sha: str) -> None:
        """Remove the folder; what is half removed by a crash lies in the staging folder and is swept from there."""
        with disk_faults():
            aside = unused_name(self._staging)
            self.path(sha).rename(aside)
            shutil.rmtree(aside)

    def names(self) -> Iterator[tuple[str, datetime]]:
        """Each folder's name and when it was last written."""
        for path in sorted(self._folder.glob("??/*")):
            yield path.name, stamped(path)

    def path(self, sha: str) -> Path:
        """Where the ledger's folder lies."""
        return self._folder / sha[:2] / sha

    def _table(self, sha: str, table: str) -> Path:
        return self.path(sha) / f"{table}.parquet"

    def _settle(self, aside: Path, sha: str) -> None:
        """Rename the complete folder to its name; one that is there already is kept when whole, else replaced."""
        target = self.path(sha)
        ensure_folder(target.parent)
        if target.exists() and not self._whole(sha):
            self.remove(sha)
        try:
            aside.rename(target)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            shutil.rmtree(aside)
        stamp(target, self._clock())
        crashpoint("folder.after_rename")
        sync_folder(target.parent)

    def _whole(self, sha: str) -> bool:
        try:
            self.verify(sha)
        except ClosingError:
            return False
        return True


def _read(path: Path, table: str, without: Collection[str]) -> pl.DataFrame:
    schema = SCHEMAS[table]
    left_out = [name for name in schema if f"{table}.{name}" in without]
    frame = pl.read_parquet(path, columns=[name for name in schema if name not in left_out])
    return frame.with_columns(pl.lit(None, schema[name]).alias(name) for name in left_out).select(*schema)


def parquet(frame: pl.DataFrame) -> bytes:
    """The table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=ROW_GROUP)
    return buffer.getvalue()
