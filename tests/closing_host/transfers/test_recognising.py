"""What an import asks a source about closing entries; the rest is proved on the simulator (engagements)."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from booked_entries import ledger
from closing_host.api.context import FindRequest
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import FinancialYear
from closing_host.api.source import SourceInfo
from closing_host.api.vouchers import FoundVouchers
from closing_host.closing.entries import Status, Transferred
from closing_host.engagements.host import Host
from closing_host.sources.wire import Wire
from closing_host.storage.entries import EntryRecords
from closing_host.transfers.connections import OpenConnection
from closing_host.transfers.recognising import Asked, ask
from entry_books import YEAR, add, small_books
from made_entries import NOW
from plugins import CONNECTION, loaded

YEAR_2025 = FinancialYear(0, YEAR, date(2025, 12, 31))


class Silent:
    """A source that books once by itself, so that it need not be asked."""

    @hookimpl
    def describe_source(self) -> SourceInfo:
        return SourceInfo(name="Books")


class Listing(Silent):
    """A source that finds nothing, `complete` or not."""

    def __init__(self, *, complete: bool = True) -> None:
        self.complete = complete
        self.asked: list[FindRequest] = []

    @hookimpl
    def find_vouchers(self, request: FindRequest) -> FoundVouchers:
        self.asked.append(request)
        return FoundVouchers((), 7, self.complete)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    """V1 and V2 went to series I and J; V3 is ready."""
    with small_books(tmp_path) as opened:
        for series in ("I", "J"):
            made = add(opened)
            at = Transferred(series, "14", NOW, "asa", "answer")
            with opened.store.database.write() as connection:
                trail, records = opened.store.trail(connection, opened.actor), EntryRecords(connection, 1)
                records.set_status(trail, made.id, Status.TRANSFERRED, by="export", transferred=at)
        add(opened)
        yield opened


def asked(host: Host, plugin: Silent) -> Asked:
    opened = OpenConnection(loaded(plugin), CONNECTION, Wire(frozenset(), clock=host.store.clock))
    return asyncio.run(ask(host.store, opened, 1, YEAR_2025, ledger(()), host.actor, sleep=asyncio.sleep))


def test_each_series_is_asked_once_for_the_markers_that_the_books_leave_open(host: Host) -> None:
    source = Listing()
    answer = asked(host, source)
    assert [(each.series, len(each.markers)) for each in source.asked] == [("I", 2), ("J", 2)]
    assert (len(answer.look.complete), answer.problem) == (2, None)


def test_an_answer_that_is_not_whole_proves_nothing(host: Host) -> None:
    answer = asked(host, Listing(complete=False))
    assert answer.problem is not None
    assert (answer.look.complete, answer.problem.code) == (frozenset(), "recognition-look-incomplete")


def test_a_source_that_cannot_be_asked_is_not(host: Host) -> None:
    answer = asked(host, Silent())
    assert (answer.look.complete, answer.problem) == (frozenset(), None)
