"""A stored company to try things on: what the tests of storage and of everything above it share."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from closing_host.api.ledger import Address, Company, FinancialYear, Finding, Ledger, LedgerBuilder, Provenance
from closing_host.storage.audit import Actor
from closing_host.storage.engagements import Engagements
from closing_host.storage.runs import Run, Runs
from closing_host.storage.snapshots import Published, Received
from closing_host.storage.store import Store

YEAR_START: Final = date(2024, 1, 1)
YEAR_END: Final = date(2024, 12, 31)
ANNA: Final = Actor("anna")
OWNER: Final = "this process"


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


def small_ledger(*amounts: int) -> Ledger:
    """One voucher per amount (öre), debit 1510 and credit 3010."""
    builder = LedgerBuilder(Company(name="Exempel AB"), [FinancialYear(0, YEAR_START, YEAR_END)])
    builder.add_account("1510", "Kundfordringar", type="T", sru=["7251"])
    builder.add_account("3010", "Försäljning", type="I")
    for number, amount in enumerate(amounts, start=1):
        builder.add_voucher("A", str(number), date(2024, 3, number))
        builder.add_row("1510", amount)
        builder.add_row("3010", -amount)
    return builder.build()


def rich_ledger() -> Ledger:
    """Something in every table and every field."""
    company = Company(
        "Åkeri & Son AB", "556000-4615", "AB", "49410", Address("Eva", "Storg. 1", "123 45 Ö", "08-1"), "77", "1", "2"
    )
    years = [FinancialYear(0, YEAR_START, YEAR_END, "5"), FinancialYear(-1, date(2022, 7, 1), date(2023, 12, 31))]
    builder = LedgerBuilder(company, years, currency="EUR")
    builder.provenance = Provenance(
        "SIE 4E", "Program", "1.2", date(2025, 1, 7), "EK", "cp437", "ab" * 32, 12345, "right", True
    )
    builder.add_account("1510", "Kundfordringar", type="T", unit="st", sru=["7251", "7252"])
    builder.add_account("3010", "")
    builder.add_dimension(1, "Kostnadsställe")
    builder.add_dimension(21, "Underdel", parent=1)
    builder.add_object(1, "N", "Norr")
    builder.add_balance("IB", "1510", 10**16, quantity=Decimal("1.25"))
    builder.add_balance("PSALDO", "1510", -5, year=-1, period=202307, objects=[(1, "N"), (6, "}x")])
    builder.add_voucher("A", "1", date(2024, 2, 29), "Skottdag", registered_on=date(2024, 3, 1), signature="EK", line=9)
    builder.add_row("1510", 1, objects=[(1, "N")], date=date(2024, 2, 28), text="rad", quantity=Decimal("-0.5"))
    builder.add_row("3010", -1, kind="booked", signature="EK", line=11)
    builder.add_row("3010", -1, kind="removed")
    builder.add_voucher("", "", date(2024, 12, 31))
    builder.add_finding(Finding("sie-odd", "warning", line=3, column=7, text="#ODD", parameters={"label": "ODD"}))
    return builder.build()


@dataclass
class World:
    """A store with one engagement."""

    store: Store
    clock: SetClock
    engagement_id: int

    def start_run(self, *, owner: str = OWNER) -> Run:
        """A running run of the engagement."""
        with self.store.database.write() as connection:
            runs = Runs(connection, self.clock, engagement_id=self.engagement_id)
            run = runs.create("import", by=ANNA.name, year_start=YEAR_START)
            runs.start(run.id, owner=owner)
            return runs.get(run.id)

    def receive(self, ledger: Ledger, raw: bytes) -> Received:
        """Store the bytes and say what was received."""
        return Received(
            ledger,
            YEAR_START,
            YEAR_END,
            "sie4",
            "0.1",
            raw=self.store.blobs.put(raw),
            provenance={"file": "books.se"},
            controls=[{"control": "I01", "result": "ok"}],
        )

    def publish(self, ledger: Ledger, raw: bytes = b"#FLAGGA 0\n") -> Published:
        """Import the ledger, as an import does."""
        run = self.start_run()
        return self.store.snapshots.publish(
            self.engagement_id, self.receive(ledger, raw), run_id=run.id, owner=OWNER, actor=ANNA
        )

    def shown(self) -> Ledger | None:
        """The ledger that the year shows."""
        current = self.store.snapshots.current(self.engagement_id, YEAR_START)
        return None if current is None else self.store.snapshots.load(self.engagement_id, current.id)

    def files(self) -> set[str]:
        """All that lies under snapshots, blobs and tmp, relative to the data folder."""
        folder = self.store.folder
        found = (path for part in (folder.snapshots, folder.blobs, folder.tmp) for path in part.rglob("*"))
        return {path.relative_to(folder.path).as_posix() for path in found if path.is_file()}


@contextmanager
def opened(path: Path, clock: SetClock, *, busy_timeout: float = 30.0) -> Iterator[World]:
    """The world in an existing data folder whose engagement is number 1."""
    with Store.open(path, clock=clock, busy_timeout=busy_timeout) as store:
        yield World(store, clock, 1)


def make_world(path: Path, clock: SetClock) -> None:
    """A data folder with engagement 1, which has no books yet."""
    with Store.open(path, clock=clock) as store, store.database.write() as connection:
        Engagements(connection).create(
            store.trail(connection, ANNA), name="Exempel AB", organisation_number="5560004615", source_id="sie4"
        )


def copy_world(template: Path, path: Path) -> Path:
    """A copy of a closed data folder."""
    shutil.copytree(template, path)
    return path


def same(first: Ledger, second: Ledger) -> bool:
    """Whether two ledgers are equal in every table and field."""
    return all(first.tables[table].equals(second.tables[table]) for table in first.tables) and all(
        getattr(first, name) == getattr(second, name)
        for name in ("company", "years", "currency", "chart_type", "tax_year", "covered_until", "note", "provenance")
    )
