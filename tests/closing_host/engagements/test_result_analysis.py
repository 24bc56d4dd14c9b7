"""*Resultatanalys* of an engagement's books (P 7.2)."""

import asyncio
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl
import pytest

from closing_host.api.ledger import Ledger
from closing_host.engagements.effective import open_effective
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.result_analysis import LastYear, ResultSheet, result_of
from closing_host.engagements.setup import choose_period
from closing_host.storage.snapshot_records import Snapshot
from entry_books import add, small_books
from small_sie import sie, voucher

T = TypeVar("T")
MARCH_2024 = date(2024, 3, 31)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """2025 has 100,00 on 4010 in March, 2024 has 80,00; V1 of 2025 moves 12 000,00 on 7010 in *Årsavslut*."""
    with small_books(tmp_path) as opened:
        last_year(opened, "80.00")
        add(opened)
        yield opened


def last_year(host: Host, amount: str, *more: tuple[str, str, str, list[tuple[str, str]]]) -> None:
    path = host.store.folder.path.parent / "last.se"
    path.write_bytes(sie(voucher(1, amount, "20240315"), *more, year=("20240101", "20241231"), opening=[]))
    asyncio.run(import_file(host, path, Placing(1)))


def sheet(host: Host, key: str, year: int = 2025) -> ResultSheet:
    return result_of(host, open_effective(host, f"1/{year}"), key)


def figures(found: ResultSheet) -> dict[str, tuple[int | None, ...]]:
    return {account: tuple(amounts) for account, _, _, *amounts in found.frame.iter_rows()}


def test_a_period_stands_beside_the_same_one_last_year(host: Host) -> None:
    found = sheet(host, "2025-03")
    assert figures(found) == {"4010": (10_000, 10_000, 8_000, 8_000)}
    assert found.last_year is not None
    assert (found.last_year.key, f"{found.last_year.year_start}") == ("2024-03", "2024-01-01")
    assert figures(sheet(host, "2025-04")) == {"4010": (0, 10_000, 0, 8_000)}


def test_entries_of_the_year_end_stand_in_it_alone(host: Host) -> None:
    assert "7010" not in figures(sheet(host, "2025-12"))
    found = sheet(host, "year-end")
    assert figures(found) == {"4010": (0, 10_000, 0, 8_000), "7010": (1_200_000, 1_200_000, 0, 0)}
    assert found.groups.filter(pl.col("line") == "result").row(0)[2:] == (1_200_000, 1_210_000, 0, 8_000)


def test_the_first_year_stands_alone(host: Host) -> None:
    found = sheet(host, "2024-03", 2024)
    assert found.last_year is None
    assert figures(found) == {"4010": (8_000, 8_000, None, None)}


def test_what_last_year_froze_holds_whatever_is_imported_into_it(host: Host) -> None:
    choose_period(host, 1, "year")
    lock_period(host, open_effective(host, "1/2024"), "2024-12", reason="Granskat")
    last_year(host, "85.00")
    assert figures(sheet(host, "2025-12"))["4010"] == (10_000, 10_000, 8_000, 8_000)
    assert figures(sheet(host, "year-end"))["4010"] == (0, 10_000, 0, 8_500)


def test_a_locked_period_stands_beside_last_year_as_it_was_then(host: Host) -> None:
    last_year(host, "80.00", ("A", "2", "20240320", [("6990", "7.00"), ("1930", "-7.00")]))
    choose_period(host, 1, "quarter")
    lock_period(host, open_effective(host, "1/2025"), "2025-03", reason="Granskat")
    before = sheet(host, "2025-03")
    assert figures(before)["6990"] == (0, 0, 700, 700)
    last_year(host, "999.00")
    after = sheet(host, "2025-03")
    assert after.frame.equals(before.frame)
    assert after.groups.equals(before.groups)
    assert after.last_year == before.last_year == LastYear(date(2024, 1, 1), "2024-03", date(2024, 1, 1), MARCH_2024)
    assert figures(sheet(host, "2025-06"))["4010"] == (0, 10_000, 0, 99_900), "what is open follows"
    assert "6990" not in figures(sheet(host, "2025-06"))


def test_a_locked_period_that_stood_alone_stands_alone(host: Host) -> None:
    lock_period(host, open_effective(host, "1/2024"), "2024-01", reason="Granskat")
    path = host.store.folder.path.parent / "first.se"
    path.write_bytes(sie(voucher(1, "5.00", "20230115"), year=("20230101", "20231231"), opening=[]))
    asyncio.run(import_file(host, path, Placing(1)))
    assert sheet(host, "2024-01", 2024).last_year is None
    assert sheet(host, "2024-02", 2024).last_year is not None


def test_last_years_books_are_read_once_for_what_is_kept(host: Host) -> None:
    kept: dict[Hashable, object] = {}
    read: list[int] = []

    def keep(what: tuple[Hashable, ...], make: Callable[[], T], size: Callable[[T], int]) -> T:
        if what not in kept:
            kept[what] = make()
        return kept[what]  # type: ignore[return-value]

    def load(snapshot: Snapshot) -> Ledger:
        read.append(snapshot.year_start.year)
        return host.store.snapshots.load(1, snapshot.id)

    books = open_effective(host, "1/2025")
    first = result_of(host, books, "2025-03", keep=keep, load=load)
    assert figures(result_of(host, books, "2025-03", keep=keep, load=load)) == figures(first)
    assert read == [2024]
    last_year(host, "90.00")
    assert figures(result_of(host, books, "2025-03", keep=keep, load=load))["4010"][2] == 9_000
