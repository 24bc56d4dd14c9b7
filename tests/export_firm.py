"""A firm that exports into a source in memory: `Ledger` books as the test tells it, `Firm` is the house around it."""

import asyncio
import inspect
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cryptography.fernet import Fernet
from pydantic import SecretStr

from closing_host.api.context import Context, ExportRequest, FindRequest, TermsRequest
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear
from closing_host.api.vouchers import (
    AccountTerms,
    Booked,
    DraftRow,
    ExportTerms,
    FoundVouchers,
    Outcome,
    SeriesTerms,
    VoucherRecord,
)
from closing_host.closing.entries import ClosingEntry, EntryContent, Kind, month_of
from closing_host.engagements.exporting import export, resume, status
from closing_host.engagements.host import Host
from closing_host.sources.registry import Registry
from closing_host.storage.audit import Actor, events
from closing_host.storage.engagements import EngagementRecords
from closing_host.storage.entries import EntryRecords
from closing_host.storage.journal import Journal
from closing_host.storage.journal_records import Batch, JournalVoucher
from closing_host.storage.secrets import Keyring
from closing_host.storage.store import Store
from closing_host.transfers.connections import Connections
from closing_host.transfers.exporting.views import BatchView
from closing_host.transfers.logins import Logins
from fake_books import CALLBACK, Books, Installation, loaded
from stored_books import ANNA, SetClock

YEAR = date(2025, 1, 1)
FINANCIAL_YEAR = FinancialYear(0, YEAR, date(2025, 12, 31), "7")
KEYS = Keyring((Fernet.generate_key().decode(),))

Answer = Callable[["Ledger", ExportRequest], Outcome | Awaitable[Outcome | None]]


def books(ledger: "Ledger", request: ExportRequest) -> Outcome:
    """Book it, as a source does on a good day."""
    return Booked(ledger.book(request))


def raises(error: BaseException) -> Answer:
    """Nothing is booked, and the answer is lost."""

    def answer(ledger: "Ledger", request: ExportRequest) -> Outcome:
        raise error

    return answer


def books_and_raises(error: BaseException) -> Answer:
    """It is booked, and the answer is lost."""

    def answer(ledger: "Ledger", request: ExportRequest) -> Outcome:
        ledger.book(request)
        raise error

    return answer


def answers(outcome: Outcome) -> Answer:
    """Nothing is booked, and the source says so."""
    return lambda ledger, request: outcome


@dataclass
class Ledger(Books):
    """A source that books. `script`: what becomes of the next sendings; then all is well.

    `looks`: what the next looks raise (None: nothing). `late`: bookings at an instant. `sent`: every request.
    """

    vouchers: list[VoucherRecord] = field(default_factory=list)
    script: list[Answer] = field(default_factory=list)
    sent: list[ExportRequest] = field(default_factory=list)
    looks: list[BaseException | None] = field(default_factory=list)
    found: list[FindRequest] = field(default_factory=list)
    late: list[tuple[datetime, ExportRequest]] = field(default_factory=list)
    series: list[SeriesTerms] = field(
        default_factory=lambda: [SeriesTerms("I", "Bokslut", True), SeriesTerms("A", "", True)]
    )
    terms: dict[str, Any] = field(default_factory=dict)
    total: int | None = 0
    complete: bool = True
    before: Callable[[ExportRequest], None] = lambda request: None

    def book(self, request: ExportRequest, **changes: Any) -> VoucherRecord:
        number = 1 + max((int(each.number) for each in self.vouchers if each.series == request.series), default=0)
        voucher = request.voucher
        record = VoucherRecord(
            request.series, str(number), request.year.start, voucher.date, voucher.text, voucher.rows, voucher.marker
        )
        self.vouchers.append(replace(record, **changes))
        return self.vouchers[-1]

    @hookimpl
    def list_years(self) -> tuple[Company, list[FinancialYear]]:
        return Company(name="Exempel AB", organisation_number="556000-4615"), [FINANCIAL_YEAR]

    @hookimpl
    def export_terms(self, request: TermsRequest) -> ExportTerms:
        self._come_late()
        last = {each.series: int(each.number) for each in self.vouchers}
        stated: dict[str, Any] = {
            "account_id": self.account.id,
            "organisation_number": self.account.organisation_number,
            "year_start": request.year.start,
            "year_end": request.year.end,
            "series": tuple(replace(each, next_number=last.get(each.code, 0) + 1) for each in self.series),
            "accounts": tuple(AccountTerms(account, "", True) for account in ("7010", "2910")),
            "changed_vouchers": 0,
        }
        return ExportTerms(**(stated | self.terms))

    @hookimpl
    async def export_voucher(self, request: ExportRequest, context: Context) -> Outcome:
        self.before(request)
        self.sent.append(request)
        answer: Any = (self.script.pop(0) if self.script else books)(self, request)
        return await answer if inspect.isawaitable(answer) else answer  # type: ignore[no-any-return]

    @hookimpl
    def find_vouchers(self, request: FindRequest) -> FoundVouchers:
        self._come_late()
        self.found.append(request)
        if self.looks and (error := self.looks.pop(0)) is not None:
            raise error
        own = [each for each in self.vouchers if each.series == request.series]
        wanted = tuple(
            each
            for each in own
            if any(marker in each.comment for marker in request.markers)
            or (request.above is not None and int(each.number) > request.above)
        )
        return FoundVouchers(wanted, None if self.total is None else len(own) + self.total, self.complete)

    def _come_late(self) -> None:
        for at, request in [each for each in self.late if each[0] <= self.clock()]:
            self.late.remove((at, request))
            self.book(request)


@dataclass(frozen=True)
class FirmHost(Host):
    """A host with the firm's own sources."""

    registry: Registry = field(kw_only=True)

    @cached_property
    def sources(self) -> Registry:
        return self.registry

    @cached_property
    def connections(self) -> Connections:
        return Connections(self.store, self.registry, keyring=KEYS, sleep=self.sleep, chance=lambda: 0.5)


@dataclass
class Firm:
    """Engagement 1, connected to `ledger`, with the year 2025."""

    host: FirmHost
    ledger: Ledger
    clock: SetClock
    approvals: int = 0

    def add(
        self, amount: int = 12_000_00, text: str = "Upplupna löner", *, kind: Kind = "V", day: int = 31
    ) -> ClosingEntry:
        content = EntryContent(
            date(2025, 12, day),
            text,
            (DraftRow("7010", amount), DraftRow("2910", -amount)),
            month_of(date(2025, 12, day)),
        )
        with self.host.store.database.write() as connection:
            return EntryRecords(connection, 1).add(self.trail(connection), YEAR, kind, content)

    def edit(self, entry: ClosingEntry, **changes: Any) -> None:
        with self.host.store.database.write() as connection:
            records = EntryRecords(connection, 1)
            now = records.get(entry.id)
            records.edit(self.trail(connection), entry.id, replace(now.content, **changes), version=now.version)

    def trail(self, connection: Any) -> Any:
        return self.host.store.trail(connection, self.host.actor)

    async def exported(self, approval: str = "", **options: Any) -> BatchView:
        self.approvals += 1
        given: dict[str, Any] = {"series": "I", "accepted_warnings": False} | options
        return await export(self.host, 1, YEAR, approval=approval or f"a{self.approvals}", **given)

    def export(self, approval: str = "", **options: Any) -> BatchView:
        return asyncio.run(self.exported(approval, **options))

    def resume(self) -> tuple[BatchView, ...]:
        return asyncio.run(resume(self.host, 1))

    def later(self, **delay: float) -> tuple[BatchView, ...]:
        self.clock.advance(timedelta(**delay))
        return self.resume()

    def to_rest(self) -> None:
        """Go on at every instant at which something is due, until nothing is."""
        for _ in range(50):
            self.resume()
            due = [view.held_until or view.next_look for view in status(self.host, 1)]
            if not any(due):
                return
            self.clock.advance(max(min(filter(None, due)) - self.clock(), timedelta(0)))
        raise AssertionError("it never comes to rest")

    def status(self) -> BatchView:
        return status(self.host, 1)[0]

    def entry(self, entry: ClosingEntry) -> ClosingEntry:
        with self.host.store.database.read() as connection:
            return EntryRecords(connection, 1).get(entry.id)

    def journal(self) -> tuple[Batch, tuple[JournalVoucher, ...]]:
        with self.host.store.database.read() as connection:
            journal = Journal(connection, 1)
            batch = journal.batches()[0]
            return batch, journal.vouchers(batch.id)

    def told(self) -> list[str]:
        """Audited actions, oldest first."""
        with self.host.store.database.read() as connection:
            return [str(each.action) for each in events(connection, limit=1000)][::-1]

    @property
    def numbers(self) -> list[str]:
        """What the ledger holds, by marker's end."""
        return [f"{each.series} {each.number}" for each in self.ledger.vouchers]

    def another(self, actor: str = "bo") -> "Firm":
        """The same folder and ledger as another process has them."""
        store = Store.open(self.host.store.folder.path, clock=self.clock)
        host = FirmHost(store, Actor(actor), sleep=self.host.sleep, registry=self.host.registry)
        return Firm(host, self.ledger, self.clock, approvals=100)


def make_firm(folder: Path, ledger: Ledger, clock: SetClock) -> Firm:
    """A data folder with the engagement, connected."""
    firm = _opened(folder, ledger, clock)
    host = firm.host
    host.connections.save_installation("books", Installation(client_id="id", client_secret=SecretStr("secret")), ANNA)
    with host.store.database.write() as connection:
        from closing_host.storage.engagements import Engagements

        trail = host.store.trail(connection, ANNA)
        Engagements(connection).create(trail, name="Exempel AB", source_id="books", organisation_number="5560004615")
        EngagementRecords(connection, 1).add_year(trail, YEAR, FINANCIAL_YEAR.end)

    async def connect() -> None:
        logins = Logins(host.connections)
        dialogue: Any = await logins.begin(1, callback=CALLBACK, session="s", actor=ANNA)
        await logins.complete({"code": "code", "state": dialogue.state}, session="s", actor=ANNA)

    asyncio.run(connect())
    return firm


@contextmanager
def copied_firm(template: Path, folder: Path, ledger: Ledger | None = None) -> Iterator[Firm]:
    """The firm of a closed folder, in a folder of its own."""
    shutil.copytree(template, folder)
    clock = SetClock()
    ledger = ledger or Ledger(clock)
    ledger.clock = clock
    firm = _opened(folder, ledger, clock)
    try:
        yield firm
    finally:
        firm.host.store.close()


def _opened(folder: Path, ledger: Ledger, clock: SetClock) -> Firm:
    async def sleep(seconds: float) -> None:
        clock.advance(timedelta(seconds=seconds))

    registry = Registry(MappingProxyType({"books": loaded("books", ledger)}))
    host = FirmHost(Store.open(folder, clock=clock), ANNA, sleep=sleep, registry=registry)
    return Firm(host, ledger, clock)
