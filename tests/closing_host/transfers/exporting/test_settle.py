"""Lost answers are settled before imported books are counted (P 7.5.4)."""

import asyncio
from datetime import timedelta

from closing_host.api.errors import SourceUnavailable
from closing_host.closing.entries import Status
from closing_host.storage.crashpoints import crash_handler
from closing_host.transfers.exporting.settle import Settled, settle
from export_firm import YEAR, Firm, books_and_raises, raises

LOST = SourceUnavailable("source-silent")


def settled(firm: Firm) -> Settled:
    async def work() -> Settled:
        async with firm.host.connections.open(1) as opened:
            return await settle(firm.host.store, opened, 1, YEAR, firm.host.actor, sleep=firm.host.sleep)

    return asyncio.run(work())


def test_what_is_found_is_booked_at_once_whatever_the_clock_says(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    firm.export()
    found = settled(firm)
    assert [(each.label, each.state, each.number) for each in found.known] == [("V1", "CONFIRMED", "1")]
    assert found.unknown == ()
    assert firm.entry(entry).status is Status.TRANSFERRED
    (view,) = firm.resume()
    assert (view.state, len(firm.ledger.sent)) == ("COMPLETED", 1)


def test_what_is_not_there_is_absent_only_after_the_waiting_period(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    early = settled(firm)
    assert ([each.label for each in early.unknown], early.known) == (["V1"], ())
    assert firm.entry(entry).status is Status.UNKNOWN
    assert firm.status().next_look == firm.journal()[1][0].not_before
    firm.clock.advance(timedelta(minutes=3))
    late = settled(firm)
    assert [each.state for each in late.known] == ["PREPARED"]
    assert firm.entry(entry).status is Status.READY
    assert firm.ledger.script == []
    assert len(firm.ledger.sent) == 1  # settling sends nothing
    assert firm.resume()[0].state == "COMPLETED"


def test_a_dead_exporters_voucher_is_asked_for_before_its_lease_lapses(firm: Firm) -> None:
    class Crash(BaseException):
        pass

    def die(name: str) -> None:
        if name == "export.after_send":
            raise Crash

    entry = firm.add()
    try:
        with crash_handler(die):
            firm.export()
    except Crash:
        pass
    assert firm.entry(entry).status is Status.SENDING
    assert [each.number for each in settled(firm).known] == ["1"]
    assert firm.entry(entry).status is Status.TRANSFERRED


def test_an_error_while_settling_leaves_it_unknown(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    firm.export()
    firm.ledger.looks = [LOST]
    assert [each.label for each in settled(firm).unknown] == ["V1"]
    assert firm.entry(entry).status is Status.UNKNOWN
    (view,) = firm.later(minutes=3)
    assert view.state == "COMPLETED"


def test_nothing_on_the_way_is_nothing_to_ask(firm: Firm) -> None:
    firm.add()
    firm.export()
    looks = len(firm.ledger.found)
    assert settled(firm) == Settled()
    assert len(firm.ledger.found) == looks


def test_a_source_that_cannot_be_asked_leaves_it_unknown(firm: Firm) -> None:
    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    whole = firm.host.sources.source("books")
    from dataclasses import replace

    less = replace(whole, hooks={name: each for name, each in whole.hooks.items() if name != "find_vouchers"})

    async def work() -> Settled:
        async with firm.host.connections.open(1) as opened:
            blind = replace(opened, source=less)
            return await settle(firm.host.store, blind, 1, YEAR, firm.host.actor, sleep=firm.host.sleep)

    assert [each.label for each in asyncio.run(work()).unknown] == ["V1"]
