"""Exporting as a user does it: dry run, choices, refusals, an import meanwhile; and into the simulated Fortnox."""

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from attachment_books import acceptance
from attachment_house import publish
from closing_host.api.errors import ClosingError, Expired
from closing_host.api.vouchers import DraftRow, SeriesTerms
from closing_host.closing.entries import ClosingEntry, EntryContent, Status, month_of
from closing_host.engagements.effective import open_effective
from closing_host.engagements.exporting import NotApproved, choices, dry_run, export, mark_unlockable, resume
from closing_host.engagements.importing import lock_key
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.storage.entries import EntryRecords
from closing_host.storage.runs import Runs
from export_firm import YEAR, Firm, Ledger, copied_firm, make_firm
from fortnox_office import WHOLE, Office
from stored_books import SetClock


@pytest.fixture(scope="module")
def firm_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("firm") / "data"
    clock = SetClock()
    make_firm(folder, Ledger(clock), clock).host.store.close()
    return folder


@pytest.fixture
def firm(firm_folder: Path, tmp_path: Path) -> Iterator[Firm]:
    with copied_firm(firm_folder, tmp_path / "data") as opened:
        yield opened


def everything(folder: Path, without: set[str]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the pace, which counts calls, and what stands beside the database."""
    with sqlite3.connect(folder / "closing.db") as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names if name not in without}
    database.close()
    return tables


def checked(firm: Firm, **options: object) -> object:
    return asyncio.run(dry_run(firm.host, 1, YEAR, **{"series": "I", **options}))  # type: ignore[arg-type]


def test_a_dry_run_writes_nothing_anywhere(firm: Firm) -> None:
    firm.add()
    folder = firm.host.store.folder.path
    before, head = everything(folder, {"pace"}), (folder / "audit.head").read_bytes()
    firm.ledger.script = []
    answer = checked(firm)
    assert answer.state == "ok"  # type: ignore[attr-defined]
    assert everything(folder, {"pace"}) == before
    assert (folder / "audit.head").read_bytes() == head
    assert (firm.ledger.sent, firm.ledger.vouchers) == ([], [])


def test_a_dry_run_tells_of_a_voucher_that_is_there_already(firm: Firm) -> None:
    entry = firm.add()
    firm.export()
    with firm.host.store.database.write() as connection:
        connection.exec_driver_sql("UPDATE closing_entry SET version = 1")
        connection.exec_driver_sql("DELETE FROM closing_entry_version WHERE version > 1")
    assert firm.entry(entry).status is Status.READY
    assert "e13-found" in {each.code for each in checked(firm).findings}  # type: ignore[attr-defined]
    firm.ledger.complete = False
    assert "e13-found" not in {each.code for each in checked(firm).findings}  # type: ignore[attr-defined]


def test_e15_accounts_that_changed_after_they_were_signed_off_want_a_tick(firm: Firm) -> None:
    period = firm.add().content.period
    publish(firm.host, acceptance().ledger())
    note_account(firm.host, open_effective(firm.host, "1/2025"), period, "2910", comment="Enligt lönelista")
    sign_off(firm.host, open_effective(firm.host, "1/2025"), period, ["2910"])
    assert checked(firm).state == "ok"  # type: ignore[attr-defined]
    firm.add()
    answer = checked(firm)
    told = [(each.code, each.parameters["accounts"]) for each in answer.findings]  # type: ignore[attr-defined]
    assert (answer.state, told) == ("tick", [("e15-changed-after-done", "2910")] * 2)  # type: ignore[attr-defined]
    with pytest.raises(NotApproved) as refused:
        firm.export(accepted_warnings=False)
    assert refused.value.code == "export-warnings"
    assert firm.ledger.sent == []


def test_a_connection_that_ran_out_is_a_finding_of_the_dry_run_and_refuses_the_export(firm: Firm) -> None:
    firm.add()
    firm.clock.advance(timedelta(days=30))
    assert checked(firm).state == "blocked"  # type: ignore[attr-defined]
    asked = len(firm.ledger.asked)
    with pytest.raises(Expired) as over:
        firm.export()
    assert (over.value.code, over.value.parameters) == ("export-connection-over", {"source": "Books"})
    assert len(firm.ledger.asked) == asked  # and no login was begun


def test_errors_keep_an_entry_and_warnings_want_a_tick(firm: Firm) -> None:
    good, bad = firm.add(), firm.add()
    firm.edit(bad, rows=(DraftRow("9999", 1), DraftRow("2910", -1)))
    view = firm.export()
    assert [each.label for each in view.vouchers] == ["V1"]
    assert (firm.entry(good).status, firm.entry(bad).status) == (Status.TRANSFERRED, Status.READY)
    with pytest.raises(NotApproved) as blocked:
        firm.export()
    assert blocked.value.code == "export-blocked"
    assert blocked.value.preflight.entries[0].findings[0].code == "e03-account-unknown"
    firm.add()
    firm.ledger.terms = {"changed_vouchers": 3}
    with pytest.raises(NotApproved) as warned:
        firm.export()
    assert warned.value.code == "export-warnings"
    assert firm.export(accepted_warnings=True).state == "COMPLETED"


def test_a_lock_date_is_a_warning_in_a_series_that_is_marked(firm: Firm) -> None:
    firm.add()
    firm.ledger.terms = {"locked_through": date(2025, 12, 31)}
    with pytest.raises(NotApproved, match="export-blocked"):
        firm.export()
    mark_unlockable(firm.host, 1, ["I"])
    with pytest.raises(NotApproved, match="export-warnings"):
        firm.export()
    assert firm.export(accepted_warnings=True).state == "COMPLETED"
    assert choices(firm.host, 1, YEAR).unlockable == {"I"}  # remembered beside the series


def test_the_last_series_is_remembered_for_each_kind(firm: Firm) -> None:
    assert choices(firm.host, 1, YEAR).series == {}
    s, v = firm.add(kind="S"), firm.add()
    assert [each.id for each in choices(firm.host, 1, YEAR).entries] == [v.id, s.id]
    firm.export(series="I", series_s="A")
    assert choices(firm.host, 1, YEAR).series == {"V": "I", "S": "A"}


def test_only_the_named_entries_go(firm: Firm) -> None:
    first, second = firm.add(), firm.add()
    firm.export(entries=[second.id])
    assert [firm.entry(each).status for each in (first, second)] == [Status.READY, Status.TRANSFERRED]
    with pytest.raises(NotApproved):
        firm.export(entries=[second.id])


def test_nothing_to_export_is_said(firm: Firm) -> None:
    with pytest.raises(ClosingError, match="export-nothing"):
        firm.export()


def test_a_series_that_is_not_manual_or_not_there_stops_before_anything_is_sent(firm: Firm) -> None:
    firm.add()
    firm.ledger.series.append(SeriesTerms("B", "Kund", manual=False))
    for series in ("B", "X", ""):
        with pytest.raises(NotApproved, match="export-blocked"):
            firm.export(series=series)
    assert firm.ledger.sent == []


def test_an_import_and_an_export_of_a_year_refuse_each_other(firm: Firm) -> None:
    firm.add()
    key = lock_key(1, YEAR)
    with firm.host.store.database.write() as connection:
        runs = Runs(connection, firm.clock)
        run = runs.create("import", by="bo", engagement_id=1, year_start=YEAR, lock_key=key)
        runs.start(run.id, owner="bo")
    with pytest.raises(ClosingError, match="run-active"):
        firm.export()
    seen = []

    def look(_: object) -> None:
        with firm.host.store.database.read() as connection:
            active = Runs(connection, firm.clock).active(key)
            seen.append(active and active.kind)

    with firm.host.store.database.write() as connection:
        Runs(connection, firm.clock).finish(run.id, "done", owner="bo")
    firm.ledger.before = look
    firm.export()
    assert seen == ["export"]


def test_an_import_that_dies_stands_in_no_exports_way(firm: Firm) -> None:
    firm.add()
    with firm.host.store.database.write() as connection:
        runs = Runs(connection, firm.clock)
        run = runs.create("import", by="bo", lock_key=lock_key(1, YEAR))
        runs.start(run.id, owner="bo")
    firm.clock.advance(timedelta(minutes=2))
    assert firm.export().state == "COMPLETED"


def test_a_frozen_batch_goes_on_when_the_import_that_came_between_is_over(firm: Firm) -> None:
    from closing_host.storage.crashpoints import crash_handler

    firm.add()
    begun: list[str] = []

    def between(name: str) -> None:
        if name == "export.after_freeze":
            with firm.host.store.database.write() as connection:
                runs = Runs(connection, firm.clock)
                begun.append(runs.create("import", by="bo", lock_key=lock_key(1, YEAR)).id)

    with crash_handler(between):
        view = firm.export()
    assert (view.state, firm.ledger.sent) == ("FROZEN", [])
    with firm.host.store.database.write() as connection:
        Runs(connection, firm.clock).cancel_queued(begun[0])
    assert firm.resume()[0].state == "COMPLETED"


def test_an_approval_belongs_to_one_engagement(firm: Firm) -> None:
    from closing_host.storage.engagements import Engagements

    firm.add()
    firm.export("click")
    with firm.host.store.database.write() as connection:
        trail = firm.trail(connection)
        Engagements(connection).create(trail, name="Annat AB", source_id="books")
    with pytest.raises(ClosingError, match="approval-used"):
        asyncio.run(export(firm.host, 2, YEAR, series="I", accepted_warnings=True, approval="click"))


# --- the simulated Fortnox


def entry_in(office: Office, amount: int = 12_000_00) -> ClosingEntry:
    day = date(2025, 12, 31)
    content = EntryContent(day, "Upplupna löner", (DraftRow("7010", amount), DraftRow("2910", -amount)), month_of(day))
    with office.host.store.database.write() as connection:
        trail = office.host.store.trail(connection, office.host.actor)
        return EntryRecords(connection, 1).add(trail, YEAR, "V", content)


def vouchers_with(office: Office, marker: str) -> list[str]:
    year = office.simulator.world.companies[WHOLE].years[3]
    return [f"{each.series} {each.number}" for each in year.vouchers.values() if marker in each.comments]


def test_into_fortnox_a_lost_answer_is_found_and_sent_once(office: Office) -> None:
    entries = [entry_in(office), entry_in(office, 500_00)]
    plan = {"fault": "N10"}
    office.simulator.world.faults.add(plan, nth=2, method="POST", path="/3/vouchers")
    answer = asyncio.run(dry_run(office.host, 1, YEAR, series="I"))
    assert {each.id for each in answer.checks if each.outcome == "could_not_run"} <= {"E11"}
    given = {"series": "I", "accepted_warnings": True, "approval": "a"}
    view = asyncio.run(export(office.host, 1, YEAR, **given))  # type: ignore[arg-type]
    assert [each.state for each in view.vouchers] == ["CONFIRMED", "AMBIGUOUS"]
    office.pass_days(180 / 86400)
    (view,) = asyncio.run(resume(office.host, 1))
    assert (view.state, [each.evidence for each in view.vouchers]) == ("COMPLETED", ["answer", "found"])
    assert [len(vouchers_with(office, each.marker)) for each in entries] == [1, 1]


def test_a_dry_run_only_reads_from_fortnox(office: Office) -> None:
    entry_in(office)
    log = office.simulator.world.log.entries
    before = len(log)
    asyncio.run(dry_run(office.host, 1, YEAR, series="I"))
    assert {each.method for each in log[before:]} == {"GET"}
