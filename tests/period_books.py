"""A client with a year of a few vouchers, for tests of periods and reconciliation."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, month_of
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.entries import add_entry
from closing_host.engagements.entry_year import open_entry_year
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.period_locking import lock_period, start_period
from closing_host.engagements.periods import YearPeriods, year_periods
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.reconciling import AccountLine, Sheet, sheet_of
from closing_host.storage.audit import Actor
from small_sie import sie, voucher

MARCH, APRIL, LAST = "2025-03", "2025-04", "2025-12"
YEAR_START = date(2025, 1, 1)
VOUCHERS = (voucher(1), voucher(2, "50.00", "20250410"), voucher(3, "25.00", "20251231"))


def take_in(host: Host, folder: Path, *vouchers: object, name: str = "books.se", **said: object) -> None:
    """Import a year with these vouchers into the client with its number, opened when there is none."""
    path = folder / name
    path.write_bytes(sie(*vouchers, **said))  # type: ignore[arg-type]
    asyncio.run(import_file(host, path, Placing(create=True)))


@contextmanager
def period_office(folder: Path, vouchers: Sequence[object] = VOUCHERS) -> Iterator[Host]:
    """One client, id 1, with 2025: 1930 opens at 1 000,00 and 2081 at -1 000,00."""
    with Host.open(folder / "data", Actor("asa")) as host:
        take_in(host, folder, *vouchers)
        yield host


def books_of(host: Host, reference: str = "1/2025") -> EffectiveBooks:
    return open_effective(host, reference)


def periods_now(host: Host) -> YearPeriods:
    return year_periods(host, 1, books_of(host).books.snapshot)


def states(host: Host) -> dict[str, str]:
    return {each.key: each.state for each in periods_now(host).periods}


def sheet(host: Host, key: str, *, unused: bool = False) -> Sheet:
    return sheet_of(host, books_of(host), key, unused=unused)


def line(host: Host, key: str, account: str) -> AccountLine:
    found = sheet(host, key, unused=True).line(account)
    assert found is not None
    return found


def done(host: Host, key: str) -> None:
    """Every account of the period is reconciled to what it stands at, and *Klar*."""
    for each in sheet(host, key).lines:
        note_account(host, books_of(host), key, each.account, typed=each.closing)
    sign_off(host, books_of(host), key, [each.account for each in sheet(host, key).lines])


def start(host: Host, key: str) -> None:
    start_period(host, 1, books_of(host).books.snapshot, key)


def lock(host: Host, key: str, reason: str = "") -> None:
    lock_period(host, books_of(host), key, reason=reason)


def lock_through(host: Host, key: str) -> None:
    """Lock all periods until `key`, with a reason."""
    for each in periods_now(host).periods:
        if each.state != "locked":
            lock(host, each.key, "Mall")
        if each.key == key:
            return


def entry(host: Host, day: date, amount: int = 1_000, *, closing: bool = False) -> ClosingEntry:
    """A V that moves öre from 1930 to 4010."""
    rows = (DraftRow("4010", amount), DraftRow("1930", -amount))
    content = EntryContent(day, "Bankavgift", rows, YEAR_END if closing else month_of(day))
    return add_entry(host, open_entry_year(host, "1/2025"), content).entry
