"""The second part of an import: whatever becomes of it, the books stay, and *Försök igen* makes it alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from closing_host.api.errors import (
    CapabilityMissing,
    ClosingError,
    DataError,
    PermissionMissing,
    PluginFault,
    TemporaryError,
)
from closing_host.api.subledger import OpenItem, OpenItems, Side
from closing_host.engagements import attachment_making
from closing_host.engagements.attachment_choices import choose_accounts, write_note
from closing_host.engagements.attachment_making import after_import, retry_attachments
from closing_host.engagements.attachments import attachment_history, open_attachments
from closing_host.engagements.books import open_books
from closing_host.engagements.effective import open_effective
from closing_host.engagements.importing import Placing, import_connected, import_file
from closing_host.engagements.period_locking import lock_period
from closing_host.engagements.register import new_engagement
from closing_host.engagements.setup import choose_period
from closing_host.runs.runner import sweep
from closing_host.storage.attachments import AttachmentVersion
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.runs import Runs
from closing_host.storage.verify import verify
from closing_host.transfers.attachments import AttachmentsOutcome
from closing_host.transfers.importing import Imported
from datasource_fortnox import plugin
from datasource_fortnox.auth import SCOPES
from datasource_fortnox.simulator.company import Company
from fortnox_office import NO_INVOICING, Office
from imported_office import BOOKS, YEAR_START, company, runs_of
from small_sie import sie, voucher


def change_the_books(office: Office) -> None:
    """So that the next import brings a new snapshot."""
    with office.simulator.world.lock:
        company(office).receivables.pay(103, date(2025, 12, 21))


def imported(office: Office) -> tuple[Imported, AttachmentsOutcome]:
    (made,) = office.imported(1, "2025")
    assert made.attachments is not None
    return made, made.attachments


def retried(office: Office, books: str = BOOKS) -> tuple[AttachmentVersion, ...]:
    return asyncio.run(retry_attachments(office.host, books))


def assert_books_stand_alone(office: Office, brought: Imported, code: str) -> None:
    """The new books are shown and whole, the run of the import ended well, and the second part says why it failed."""
    assert open_books(office.host, BOOKS).snapshot.id == brought.published.snapshot.id
    assert brought.published.changed
    second, first = runs_of(office)[:2]
    assert (first.kind, first.state, first.id) == ("import", "done", brought.run_id)
    assert (second.kind, second.state, second.error_code) == ("attachments", "failed", code)
    history = attachment_history(office.host, BOOKS)
    assert history.state == "failed"
    newest = [each for each in history.versions if each.version == 2]
    assert [(each.side, each.error_code, each.run_id) for each in newest] == [
        ("receivables", code, second.id),
        ("payables", code, second.id),
    ]
    with pytest.raises(ClosingError, match="attachments-not-made"):
        open_attachments(office.host, BOOKS)
    assert open_attachments(office.host, BOOKS, version=1)[0].made.reconciliation.open == 3_462_550
    assert verify(office.host.store).problems == ()


def lose_licence(of: Company) -> None:
    of.modules.discard("invoice")


def lose_right(of: Company) -> None:
    of.missing_rights.add("supplierinvoice")


@pytest.mark.parametrize(
    ("closed", "code"),
    [(lose_licence, "fortnox-licence-missing"), (lose_right, "fortnox-right-missing")],
    ids=["licence", "one side's right"],
)
def test_a_closed_sub_ledger_refuses_both_sides_and_leaves_the_books(
    office: Office, closed: Callable[[Company], None], code: str
) -> None:
    change_the_books(office)
    with office.simulator.world.lock:
        closed(company(office))
    brought, outcome = imported(office)
    assert (outcome.state, outcome.accounts) == ("failed", ("1510", "2440"))
    assert isinstance(outcome.error, PermissionMissing)
    assert outcome.error.operation == "attachments"
    assert_books_stand_alone(office, brought, code)


def test_a_scope_that_was_not_granted_fails_the_second_part_alone(office: Office) -> None:
    granted = {each for part in SCOPES.values() for each in part} - {"payment"}
    reduced = {"fault": "K10", "value": " ".join(sorted(granted))}
    office.simulator.world.faults.add(reduced, path="/oauth-v1/token")
    view = office.connect(1)
    assert view.account is not None
    assert set(view.account.missing) == {"attachments"}
    change_the_books(office)
    brought, outcome = imported(office)
    assert isinstance(outcome.error, PermissionMissing)
    assert_books_stand_alone(office, brought, "fortnox-scope-missing")


FAULTS = ("N4", "N12", "N15", "N20", "N21", "N22", "N23")
MORE_FAULTS = ("N5", "N6", "N10", "N11", "N16", "N17", "N18", "N19")
LISTS = ("invoices", "invoicepayments", "supplierinvoices", "supplierinvoicepayments", "predefinedaccounts")


def second_part_alone(office: Office, fault: str, path: str) -> None:
    """The fault stays from the second call on; the first is the check before the import."""
    office.simulator.world.faults.add(fault, path=f"/3/{path}", nth=list(range(2, 99)))


@pytest.mark.parametrize("fault", [*FAULTS, *(pytest.param(each, marks=pytest.mark.soak) for each in MORE_FAULTS)])
def test_a_fault_that_stays_fails_the_second_part_alone_and_retry_makes_it(office: Office, fault: str) -> None:
    change_the_books(office)
    second_part_alone(office, fault, LISTS[int(fault[1:]) % len(LISTS)])
    brought, outcome = imported(office)
    assert outcome.error is not None
    assert outcome.error.run == runs_of(office)[0].id
    assert_books_stand_alone(office, brought, outcome.error.code)
    office.simulator.world.faults.clear()
    office.pass_days(0.01)
    made = retried(office)
    assert [(each.version, each.snapshot_id) for each in made] == [(3, brought.published.snapshot.id)] * 2
    assert attachment_history(office.host, BOOKS).state == "made"
    assert open_attachments(office.host, BOOKS)[0].made.reconciliation.open == 3_462_550 - 312_550
    assert [run.kind for run in runs_of(office)[:2]] == ["attachments", "attachments"], "only that part was made again"


@pytest.mark.parametrize("fault", ["N4", "N17"])
def test_a_fault_that_passes_is_overcome(office: Office, fault: str) -> None:
    for path in LISTS:
        office.simulator.world.faults.add(fault, path=f"/3/{path}", nth=2)
    _, outcome = imported(office)
    assert outcome.state == "made"


def test_a_login_that_is_withdrawn_between_the_parts_fails_the_second_alone(office: Office) -> None:
    change_the_books(office)
    second_part_alone(office, "N22", "invoices")
    office.simulator.world.faults.add("K6", path="/oauth-v1/token")
    brought, outcome = imported(office)
    assert outcome.error is not None
    assert_books_stand_alone(office, brought, outcome.error.code)


def test_an_answer_without_any_side_fails_the_second_part_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*given: object) -> dict[str, object]:
        return {}

    monkeypatch.setattr(plugin, "sub_ledgers", nothing)
    change_the_books(office)
    brought, _ = imported(office)
    assert_books_stand_alone(office, brought, "attachments-nothing-stated")


def test_a_fault_of_our_own_is_told_and_fails_the_second_part_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*given: object, **named: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(attachment_making, "attachment_of", broken)
    change_the_books(office)
    brought, outcome = imported(office)
    assert outcome.error is not None
    assert (outcome.error.code, outcome.error.detail) == ("unexpected-fault", "ZeroDivisionError")
    assert open_books(office.host, BOOKS).snapshot.id == brought.published.snapshot.id
    assert runs_of(office)[0].state == "failed"
    assert "ZeroDivisionError" in caplog.text
    assert attachment_history(office.host, BOOKS).state == "missing"
    monkeypatch.undo()
    assert retried(office)[0].version == 2


def test_a_cancellation_of_the_second_part_keeps_the_books(office: Office) -> None:
    change_the_books(office)

    def watch(stage: str, done: int, total: int | None) -> None:
        if runs_of(office)[0].kind == "attachments" and len(runs_of(office)) == 4:
            raise asyncio.CancelledError

    async def work() -> None:
        async for _ in import_connected(office.host, 1, years=["2025"], watch=watch):
            raise AssertionError("nothing is yielded")

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())
    second, first = runs_of(office)[:2]
    assert (second.kind, second.state, first.kind, first.state) == ("attachments", "cancelled", "import", "done")
    assert open_books(office.host, BOOKS).snapshot.id == 2
    assert attachment_history(office.host, BOOKS).state == "missing"
    assert retried(office)[0].snapshot_id == 2


class Crash(BaseException):
    """The program stops here."""


@pytest.mark.parametrize("point", ["import.after_commit", "attachments.before_commit"])
def test_after_a_crash_between_the_parts_the_books_are_there_and_retry_makes_the_rest(
    office: Office, point: str
) -> None:
    change_the_books(office)

    def crash(passed: str) -> None:
        if passed == point:
            raise Crash(passed)

    with crash_handler(crash), pytest.raises(Crash):
        imported(office)
    assert open_books(office.host, BOOKS).snapshot.id == 2
    assert attachment_history(office.host, BOOKS).state == "missing"
    assert [(each.version, each.snapshot_id) for each in retried(office)] == [(2, 2), (2, 2)]
    assert verify(office.host.store).problems == ()


def test_while_one_making_runs_another_is_refused(office: Office) -> None:
    with office.host.store.database.write() as connection:
        runs = Runs(connection, office.host.store.clock)
        other = runs.create("attachments", by="bo", lock_key=f"attachments:1:{YEAR_START}")
        runs.start(other.id, owner="elsewhere")
    with pytest.raises(ClosingError, match="run-active") as refused:
        retried(office)
    assert refused.value.parameters["run"] == other.id
    change_the_books(office)
    brought, outcome = imported(office)
    assert outcome.error is not None
    assert outcome.error.code == "run-active"
    assert open_books(office.host, BOOKS).snapshot.id == brought.published.snapshot.id
    office.pass_days(1)  # the other process is gone: its run is declared interrupted at the next start
    assert sweep(office.host.store) == 1
    assert retried(office)[0].snapshot_id == brought.published.snapshot.id


def test_a_company_connected_without_sub_ledger_says_so_calmly(office: Office) -> None:
    other = new_engagement(office.host, "Utan", organisation_number="559900-1004", source_id="fortnox")
    office.host.connections.set_without(other.id, frozenset({"attachments"}), office.host.actor)
    office.connect(other.id, NO_INVOICING)
    (brought,) = office.imported(other.id, "2025")
    assert brought.attachments == AttachmentsOutcome("without", ("1510", "2440"))
    assert [run.kind for run in runs_of(office)][:1] == ["attachments"], "no run was begun for it"
    history = attachment_history(office.host, f"{other.id}/2025")
    assert (history.state, history.versions) == ("without", ())
    with pytest.raises(CapabilityMissing, match="attachments-without"):
        retried(office, f"{other.id}/2025")


def test_a_year_that_is_locked_to_its_end_gets_no_new_version(office: Office) -> None:
    """A locked period's attachment never changes (P 7.4.1); *Årsavslut* has the last period's day."""
    choose_period(office.host, 1, "year")
    lock_period(office.host, open_effective(office.host, BOOKS), "2025-12", reason="Klart")
    assert retried(office)[0].version == 2
    lock_period(office.host, open_effective(office.host, BOOKS), "year-end", reason="Klart")
    with pytest.raises(ClosingError, match="attachments-locked"):
        retried(office)
    (brought,) = office.imported(1, "2025")
    assert brought.attachments is not None
    assert (brought.attachments.state, brought.attachments.versions) == ("locked", ())


def test_retry_is_for_the_current_books(office: Office) -> None:
    change_the_books(office)
    office.imported(1, "2025")
    with pytest.raises(ClosingError, match="attachments-not-current"):
        retried(office, f"{BOOKS}@1")


def test_a_plugin_that_breaks_is_told_as_such(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*given: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(plugin, "sub_ledgers", broken)
    change_the_books(office)
    brought, outcome = imported(office)
    assert isinstance(outcome.error, PluginFault)
    assert_books_stand_alone(office, brought, "plugin-fault")


def test_a_source_that_states_open_items_of_one_side_gets_a_version_of_that_side(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = (OpenItem("101", "1", "Ångström", date(2025, 10, 15), date(2025, 11, 14), 750_000),)

    async def stated(*given: object) -> dict[Side, OpenItems]:
        return {"receivables": OpenItems("receivables", ("1510",), date(2025, 12, 31), items)}

    monkeypatch.setattr(plugin, "sub_ledgers", stated)
    _, outcome = imported(office)
    (made,) = outcome.versions
    assert (made.version, made.side, made.open, made.difference, made.final) == (
        2,
        "receivables",
        750_000,
        3_412_550 - 750_000,
        True,
    )
    (opened,) = open_attachments(office.host, BOOKS)
    assert not opened.made.detailed
    assert opened.made.explanation.amounts["g"] == made.difference
    write_note(office.host, BOOKS, "receivables", "101", "Saldobesked begärt")
    assert open_attachments(office.host, BOOKS)[0].notes == {"101": "Saldobesked begärt"}
    with pytest.raises(DataError, match="attachment-other-day"):
        open_attachments(office.host, BOOKS, as_at=date(2025, 11, 30))


def test_an_import_that_another_crowds_out_keeps_its_books(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*given: object) -> object:
        raise TemporaryError("database-busy")

    monkeypatch.setattr(attachment_making, "known_accounts", busy)
    change_the_books(office)
    brought, outcome = imported(office)
    assert (outcome.state, outcome.accounts) == ("failed", ("1510", "2440"))
    assert open_books(office.host, BOOKS).snapshot.id == brought.published.snapshot.id


def test_books_from_a_file_have_no_attachments_and_say_so(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "books.se"
    path.write_bytes(sie(voucher(1), organisation_number="559900-1004"))
    brought = asyncio.run(import_file(office.host, path, Placing(create=True)))
    assert brought.attachments is None
    books = str(brought.engagement.id)
    assert attachment_history(office.host, books).state == "not-offered"
    with pytest.raises(CapabilityMissing, match="attachments-not-offered"):
        retried(office, books)
    with pytest.raises(DataError, match="document-unknown"):
        write_note(office.host, books, "receivables", "1", "?")
    assert asyncio.run(choose_accounts(office.host, books, "receivables", ["1930"])) == (), "nothing to make anew"
    with pytest.raises(ClosingError, match="attachments-not-made"):
        open_attachments(office.host, books)


def test_a_connected_source_without_sub_ledgers_is_imported_from_as_before(office: Office) -> None:
    (brought,) = office.imported(1, "2025")

    async def again() -> Imported:
        async with office.host.connections.open(1) as opened:
            hooks = {name: hook for name, hook in opened.source.hooks.items() if name != "attachments"}
            less = replace(opened, source=replace(opened.source, hooks=hooks))
            return await after_import(office.host, less, replace(brought, attachments=None), None)

    assert asyncio.run(again()).attachments is None
    assert attachment_history(office.host, BOOKS).versions[0].version == 2


def test_a_version_that_failed_cannot_be_opened(office: Office) -> None:
    lose_right(company(office))
    imported(office)
    with pytest.raises(ClosingError, match="attachment-version-failed"):
        open_attachments(office.host, BOOKS, version=2)
    assert open_attachments(office.host, BOOKS)[0].record.version == 1, "of the same books, so it still holds"
    assert attachment_history(office.host, BOOKS).state == "failed"
