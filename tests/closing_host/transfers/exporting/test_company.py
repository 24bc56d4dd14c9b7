"""Nothing goes to, or is asked of, anybody but the approved company; and sources without a login (G4, B24)."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from closing_host.api.errors import ClosingError, SourceUnavailable
from closing_host.api.vouchers import NotApplied
from closing_host.closing.entries import Status
from closing_host.engagements.exporting import dry_run, export
from closing_host.sources.registry import Registry
from closing_host.storage.connection_tables import connection as table
from closing_host.storage.tables import engagement
from closing_host.transfers.exporting.desk import new_owner, take_batch
from export_firm import YEAR, Firm, answers, books_and_raises, raises

LOST = SourceUnavailable("source-silent")


def change(firm: Firm, what: Any, **values: object) -> None:
    with firm.host.store.database.write() as connection:
        connection.execute(update(what).values(**values))


def during_the_call(firm: Firm, act: Any) -> None:
    """Do something while the first voucher is sent."""
    firm.ledger.before = lambda request: act() if not firm.ledger.sent else None


@pytest.mark.parametrize("values", [{"source_id": "other"}, {"organisation_number": "5560360793"}])
def test_the_batch_stops_when_the_engagement_is_another(firm: Firm, values: dict[str, str]) -> None:
    first, second = firm.add(100), firm.add(200)
    during_the_call(firm, lambda: change(firm, engagement, **values))
    view = firm.export()
    assert (view.state, view.reason, len(firm.ledger.sent)) == ("STOPPED", "export-other-company", 1)
    assert [firm.entry(each).status for each in (first, second)] == [Status.TRANSFERRED, Status.READY]


def test_the_batch_stops_when_the_connection_is_ended_or_runs_out(firm: Firm) -> None:
    firm.add(100), firm.add(200)
    during_the_call(firm, lambda: change(firm, table, ended_at=firm.clock()))
    view = firm.export()
    assert (view.state, view.reason) == ("STOPPED", "export-connection-over")
    change(firm, table, ended_at=None)
    firm.add(300), firm.add(400)
    firm.ledger.script = [answers(NotApplied("later"))]
    during_the_call(firm, lambda: None)
    firm.ledger.before = lambda request: firm.clock.advance(timedelta(days=31))
    view = firm.export()
    assert (view.state, view.reason) == ("STOPPED", "export-connection-over")


def without_login(firm: Firm, *, idempotent: bool = False) -> Firm:
    """The firm with a source that needs none, and perhaps cannot be asked."""
    whole = firm.host.sources.source("books")
    left_out = {"authorize", *(["find_vouchers"] if idempotent else [])}
    hooks = {name: each for name, each in whole.hooks.items() if name not in left_out}
    source = replace(whole, hooks=hooks, info=replace(whole.info, idempotent=idempotent))
    return replace(firm, host=replace(firm.host, registry=Registry({"books": source})))


def test_a_source_without_login_exports_too(firm: Firm) -> None:
    firm = without_login(firm)
    firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    assert firm.export().state == "WAITING"
    (view,) = firm.later(minutes=3)
    assert (view.state, firm.journal()[0].account_id) == ("COMPLETED", firm.ledger.account.id)


def test_a_dry_run_of_a_source_that_cannot_be_asked_for_markers_says_so(firm: Firm) -> None:
    """E15 stays out too: the firm has no books, so nothing can have been signed off."""
    firm = without_login(firm, idempotent=True)
    firm.add()
    checked = asyncio.run(dry_run(firm.host, 1, YEAR, series="I"))
    assert {each.id for each in checked.checks if each.outcome == "could_not_run"} == {"E13", "E15"}
    assert checked.state == "ok"


def test_an_engagement_that_was_never_connected_is_told_so(firm: Firm) -> None:
    from closing_host.storage.engagements import EngagementRecords, Engagements

    with firm.host.store.database.write() as connection:
        trail = firm.trail(connection)
        Engagements(connection).create(trail, name="Annat AB", source_id="books", organisation_number="5560360793")
        EngagementRecords(connection, 2).add_year(trail, YEAR, YEAR.replace(month=12, day=31))
        from closing_host.api.vouchers import DraftRow
        from closing_host.closing.entries import EntryContent
        from closing_host.storage.entries import EntryRecords

        rows = (DraftRow("7010", 1), DraftRow("2910", -1))
        EntryRecords(connection, 2).add(trail, YEAR, "V", EntryContent(YEAR, "x", rows, "2025-01"))
    with pytest.raises(ClosingError) as refused:
        asyncio.run(export(firm.host, 2, YEAR, series="I", accepted_warnings=True, approval="x"))
    assert refused.value.code == "connection-not-connected"


# --- entries and leases that change meanwhile


def test_an_entry_that_changes_between_check_and_approval_is_not_approved(firm: Firm) -> None:
    from closing_host.storage.crashpoints import crash_handler

    entry = firm.add()

    def edit(name: str) -> None:
        if name == "export.before_freeze":
            firm.edit(entry, text="Annat")

    with crash_handler(edit), pytest.raises(ClosingError, match="export-entry-changed"):
        firm.export()
    assert firm.ledger.sent == []


def test_what_books_know_of_an_entry_is_not_overruled(firm: Firm) -> None:
    """An import has recognised it as excluded; the look that finds it changes the journal only."""
    entry = firm.add()
    firm.ledger.script = [books_and_raises(LOST)]
    firm.export()
    from closing_host.closing.entries import Transferred
    from closing_host.storage.entries import EntryRecords

    with firm.host.store.database.write() as connection:
        place = Transferred("I", "1", firm.clock(), "anna", "import")
        EntryRecords(connection, 1).set_status(
            firm.trail(connection), entry.id, Status.EXCLUDED, by="import", transferred=place, seen=True
        )
    (view,) = firm.later(minutes=3)
    assert (view.state, view.vouchers[0].state) == ("COMPLETED", "CONFIRMED")
    assert firm.entry(entry).status is Status.EXCLUDED


def test_a_late_booking_of_an_entry_that_is_elsewhere_by_now_is_left_to_the_import(firm: Firm) -> None:
    entry = firm.add()
    firm.ledger.script = [raises(LOST)] * 3
    firm.export()
    for _ in range(3):
        firm.later(minutes=3)
    from closing_host.storage.entries import EntryRecords

    with firm.host.store.database.write() as connection:
        EntryRecords(connection, 1).set_status(
            firm.trail(connection), entry.id, Status.NOT_FOR_TRANSFER, by="user", reason="x"
        )
    firm.ledger.book(firm.ledger.sent[0])
    (view,) = firm.later(hours=1)
    assert (view.state, view.vouchers[0].state) == ("STOPPED", "NOT_SENT")
    assert firm.entry(entry).status is Status.NOT_FOR_TRANSFER


def test_a_batch_that_somebody_took_meanwhile_is_left_alone(firm: Firm) -> None:
    """Between the decision to go on and the lease."""
    from closing_host.storage.crashpoints import crash_handler

    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    firm.clock.advance(timedelta(minutes=3))
    taken: list[object] = []

    def take(name: str) -> None:
        if name == "export.before_lease" and not taken:
            taken.append(name)
            taken.append(
                take_batch(
                    firm.host.store, firm.host.actor, firm.journal()[0], sleep=firm.host.sleep, owner=new_owner()
                )
            )

    with crash_handler(take):
        (view,) = firm.resume()
    assert (view.state, len(firm.ledger.sent)) == ("RUNNING", 1)
    assert view.held_until is not None


@pytest.mark.parametrize("point", ["export.before_rest", "export.before_sweep", "export.before_verdict"])
def test_whoever_loses_the_lease_stops_in_silence(firm: Firm, point: str) -> None:
    from closing_host.storage.crashpoints import crash_handler

    firm.add()
    firm.ledger.script = [raises(LOST)]
    firm.export()
    firm.clock.advance(timedelta(minutes=3))
    stolen: list[str] = []

    def steal(name: str) -> None:
        if name == point and not stolen:
            stolen.append(name)
            store = firm.host.store
            take_batch(store, firm.host.actor, firm.journal()[0], sleep=firm.host.sleep, owner="thief", force=True)

    with crash_handler(steal):
        firm.resume()
    assert firm.journal()[0].lease_owner == "thief"
    firm.to_rest()
    assert (firm.status().state, firm.numbers) == ("COMPLETED", ["I 1"])


def test_a_cancellation_after_the_lease_was_lost_writes_nothing(firm: Firm) -> None:
    firm.add()

    def watch(stage: str, done: int, total: int | None) -> None:
        store = firm.host.store
        take_batch(store, firm.host.actor, firm.journal()[0], sleep=firm.host.sleep, owner="thief", force=True)
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        firm.export(watch=watch)
    assert (firm.journal()[0].lease_owner, firm.status().state) == ("thief", "RUNNING")
