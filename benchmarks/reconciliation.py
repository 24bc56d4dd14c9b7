"""Period reconciliation over books of a million rows: a period's sheet, *Klar* of all its accounts, locking it.

The books are those of `benchmarks.ledgers`, imported into an engagement of a store on disk and opened once, as the
pages hold them. Every account of every month gets a comment and is signed off at once, then the month is locked: what
that takes besides the transaction analysis, whose checks are most of a locking, is told beside it.

    python -m benchmarks.reconciliation                     # 1,000,000 rows
    python -m benchmarks.reconciliation --vouchers 22000    # 100,000 rows
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.ledgers import made
from closing_host.api.ledger import Ledger
from closing_host.engagements.analysing import analyse_opened, beside
from closing_host.engagements.effective import EffectiveBooks, open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.periods import year_periods
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.reconciling import figures_at, sheet_of
from closing_host.engagements.register import new_engagement
from closing_host.runs.runner import Handle, Task, carry_out
from closing_host.storage.audit import Actor
from closing_host.storage.snapshots import Received

LIMIT = 0.5
"""Seconds of processor time for a sheet of a million rows."""

MONTHS = ("2025-01", "2025-06", "2025-12")

T = TypeVar("T")


@contextmanager
def opened(ledger: Ledger) -> Iterator[tuple[Host, EffectiveBooks]]:
    """A host whose one engagement shows the ledger."""
    with tempfile.TemporaryDirectory() as folder, Host.open(Path(folder) / "data", Actor("bench")) as host:
        engagement, year = new_engagement(host, "Exempel AB"), ledger.year
        assert year is not None

        async def work(handle: Handle) -> None:
            host.store.snapshots.publish(
                engagement.id,
                Received(ledger, year.start, year.end, "sie4", "1"),
                run_id=handle.run_id,
                owner=handle.owner,
                actor=host.actor,
            )

        asyncio.run(carry_out(host.store, host.actor, Task("import", engagement.id, year.start), work))
        yield host, open_effective(host, str(engagement.id))


def measured(name: str, act: Callable[[], T], limit: float | None = None) -> T:
    """Do it, and print what it took beside the limit that it has."""
    began, processor = time.perf_counter(), time.process_time()
    found = act()
    whole, busy = time.perf_counter() - began, time.process_time() - processor
    beside = "" if limit is None else f"   limit {limit:.2f} s: {busy / limit:.2f} of it"
    print(f"{name:32}{whole:7.2f} s{busy:8.2f} s of processor time{beside}")
    return found


def close_month(host: Host, books: EffectiveBooks, key: str) -> None:
    """What a user does with a month, each step measured."""
    periods = year_periods(host, books.books.engagement.id, books.books.snapshot)
    kept: dict[tuple[Hashable, ...], Any] = {}

    def keep(what: tuple[Hashable, ...], make: Callable[[], Any], size: Callable[[Any], int]) -> Any:
        if what not in kept:
            kept[what] = make()
        return kept[what]

    print(f"\n{key}")
    measured("figures of every account", lambda: figures_at(books, periods.find(key).period))
    sheet = measured("the sheet", lambda: sheet_of(host, books, key), LIMIT)
    sheet_of(host, books, key, keep=keep)
    measured("the sheet, figures kept", lambda: sheet_of(host, books, key, keep=keep))
    accounts = [each.account for each in sheet.lines]
    measured("a comment, nothing kept", lambda: note_account(host, books, key, accounts[0], comment="Mot underlag"))
    measured("a comment, figures kept", lambda: note_account(host, books, key, accounts[1], comment="x", keep=keep))
    for each in accounts[1:]:
        note_account(host, books, key, each, comment="Mot underlag", keep=keep)
    measured(f"Klar of its {len(accounts)} accounts", lambda: sign_off(host, books, key, accounts))
    measured("the analysis alone", lambda: analyse_opened(host, books, beside(host, books), period=key))
    measured("locking, the analysis and all", lambda: lock_period(host, books, key))
    measured("its sheet, locked", lambda: sheet_of(host, books, key))


def main() -> None:
    """Print what each takes for the first, a middle and the last month, all months before it locked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vouchers", type=int, default=222_000)
    ledger = made(parser.parse_args().vouchers)
    print(f"{ledger.vouchers.height:,} vouchers, {ledger.rows.height:,} rows")
    with opened(ledger) as (host, books):
        snapshot = books.books.snapshot
        for period in year_periods(host, snapshot.engagement_id, snapshot).periods[:-1]:
            if period.key in MONTHS:
                close_month(host, books, period.key)
            else:
                lock_period(host, books, period.key, reason="Klart")


if __name__ == "__main__":
    main()
