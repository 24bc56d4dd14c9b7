"""Attachments stored at import, through the installed source over real HTTP: opening, versions, what changed."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.closing import Attachment
from closing_host.engagements.attachment_choices import LONGEST_NOTE, choose_accounts, write_note
from closing_host.engagements.attachments import attachment_changes, attachment_history, open_attachments
from closing_host.engagements.books import open_books
from closing_host.storage.audit import events
from closing_host.storage.backup import backup
from closing_host.storage.restore import restore
from closing_host.storage.sweep import GRACE, sweep
from closing_host.storage.verify import verify
from fortnox_office import Office
from imported_office import BOOKS, company, runs_of
from subledger_days import held_open


def test_the_acceptance_example_is_stored_and_opened_to_the_ore(office: Office) -> None:
    """P 7.4's example: Σ 34 625,50, the buckets, -500,00 explained by A 77."""
    customers, suppliers = open_attachments(office.host, BOOKS)
    made = customers.made
    assert (made.side, made.as_at, made.final) == ("receivables", date(2025, 12, 31), True)
    assert (made.reconciliation.open, made.reconciliation.ledger) == (3_462_550, 3_412_550)
    assert made.ageing["amount"].to_list() == [2_500_000, -100_000, 750_000, 0, 312_550]
    assert {letter: amount for letter, amount in made.explanation.amounts.items() if amount} == {"a": -50_000}
    assert made.explanation.rows.select("series", "number").rows() == [("A", "77")]
    record = customers.record
    assert (record.version, record.open, record.ledger, record.difference) == (1, 3_462_550, 3_412_550, -50_000)
    assert (record.fingerprint, record.made_by) == (open_books(office.host, BOOKS).snapshot.fingerprint, "asa")
    assert (suppliers.record.side, suppliers.made.reconciliation.difference) == ("payables", 0)


def test_any_day_of_the_year_can_be_opened_and_is_what_the_source_had_open_then(office: Office) -> None:
    for day in (date(2025, 1, 1), date(2025, 6, 30), date(2025, 11, 30), date(2025, 12, 31)):
        for each in open_attachments(office.host, BOOKS, as_at=day):
            items = dict(each.made.items.select("document", "open").rows())
            assert items == held_open(company(office), each.made.side, day)
    with pytest.raises(DataError, match="attachment-outside-year"):
        open_attachments(office.host, BOOKS, as_at=date(2026, 1, 1))


def test_the_same_books_again_get_a_new_version_and_no_new_snapshot(office: Office) -> None:
    (again,) = office.imported(1, "2025")
    assert not again.published.changed
    assert again.attachments is not None
    assert [each.version for each in again.attachments.versions] == [2, 2]
    history = attachment_history(office.host, BOOKS)
    assert [(each.version, each.side) for each in history.versions] == [
        (2, "receivables"),
        (2, "payables"),
        (1, "receivables"),
        (1, "payables"),
    ]
    assert {each.snapshot_id for each in history.versions} == {again.published.snapshot.id}
    assert [each.items.height for each in attachment_changes(office.host, BOOKS)] == [0, 0]


def test_payments_that_arrive_are_a_new_version_and_the_diff_names_them(office: Office) -> None:
    with office.simulator.world.lock:
        company(office).receivables.pay(101, date(2025, 12, 20), 100_000)
        company(office).receivables.pay(103, date(2025, 12, 21))
    (imported,) = office.imported(1, "2025")
    assert imported.published.changed
    customers, suppliers = attachment_changes(office.host, BOOKS)
    assert (customers.before.record.version, customers.after.record.version) == (1, 2)
    assert customers.before.record.snapshot_id != customers.after.record.snapshot_id
    assert customers.items.select("change", "document", "open_before", "open_after").rows() == [
        ("changed", "101", 750_000, 650_000),
        ("gone", "103", 312_550, None),
    ]
    assert suppliers.items.height == 0
    (first, _) = open_attachments(office.host, BOOKS, version=1)
    assert (first.made.reconciliation.open, first.record.open) == (3_462_550, 3_462_550), "the old one is kept"
    (back, _) = attachment_changes(office.host, BOOKS, 2, 1)
    assert back.items["change"].to_list() == ["changed", "added"]


def test_undoing_an_import_shows_the_attachments_of_the_books_that_are_shown(office: Office) -> None:
    first = open_books(office.host, BOOKS).snapshot
    with office.simulator.world.lock:
        company(office).receivables.pay(103, date(2025, 12, 21))
    office.imported(1, "2025")
    assert open_attachments(office.host, BOOKS)[0].record.version == 2
    office.host.store.snapshots.make_current(1, first.id, actor=office.host.actor)
    assert open_attachments(office.host, BOOKS)[0].record.version == 1
    assert open_attachments(office.host, f"{BOOKS}@{first.id + 1}")[0].record.version == 2


def test_an_import_in_february_tells_the_december_that_one_on_new_years_eve_told(office: Office) -> None:
    """The stored path of issue 4: only what was paid after the day is new, and that the day is final."""
    clock, world = office.simulator.world.clock, company(office)
    day = date(2025, 12, 31)
    with office.simulator.world.lock:
        for number in [number for number, each in world.receivables.payments.items() if each.date > day]:
            world.receivables.remove_payment(number)
        for number in [number for number, each in world.payables.payments.items() if each.date > day]:
            world.payables.remove_payment(number)
        world.receivables.documents.pop(105)
    clock.set("2025-12-31T18:00:00+00:00")
    office.connect(1)
    office.imported(1, "2025")
    early = open_attachments(office.host, BOOKS)
    clock.set("2026-02-14T09:00:00+00:00")
    office.connect(1)
    with office.simulator.world.lock:
        world.receivables.pay(102, date(2026, 1, 8))
        world.receivables.pay(101, date(2026, 2, 2), 100_000)
        world.payables.pay(24, date(2026, 1, 2))
    office.imported(1, "2025")
    late = open_attachments(office.host, BOOKS)
    assert [each.record.version for each in late] == [3, 3]
    assert [each.items.height for each in attachment_changes(office.host, BOOKS)] == [0, 0]
    assert [told(each.made) for each in late] == [told(each.made) for each in early]
    assert dict(late[0].made.items.select("document", "paid_after").rows())["102"] == 2_500_000
    assert not any(early[0].made.items["paid_after"])
    assert [each.record.final for each in (*early, *late)] == [True] * 4


def told(made: Attachment) -> tuple[object, ...]:
    """What an attachment says of its day."""
    after = ("paid_after", "paid_after_on", "written_off_after")
    return (
        made.items.drop(after).rows(),
        made.ageing.rows(),
        made.reconciliation.ledger,
        made.reconciliation.open,
        made.explanation.amounts,
        made.explanation.rows.rows(),
    )


def test_before_the_year_is_over_its_last_day_is_not_final(office: Office) -> None:
    office.imported(1, "2026")
    customers, suppliers = open_attachments(office.host, "1/2026")
    assert (customers.made.as_at, customers.made.final, customers.record.final) == (date(2026, 12, 31), False, False)
    today = office.host.store.clock().date()
    assert open_attachments(office.host, "1/2026", as_at=today)[0].made.final
    assert suppliers.made.findings[0].code == "attachment-not-final"


def test_notes_stay_with_the_invoice_through_every_import_and_the_trail_knows_no_text(office: Office) -> None:
    write_note(office.host, BOOKS, "receivables", "101", "  Ring Ångström i mars ")
    write_note(office.host, BOOKS, "payables", "24", "Dubbel?")
    with office.simulator.world.lock:
        company(office).receivables.pay(103, date(2025, 12, 21))
    office.imported(1, "2025")
    customers, suppliers = open_attachments(office.host, BOOKS)
    assert (customers.record.version, customers.notes) == (2, {"101": "Ring Ångström i mars"})
    assert suppliers.notes == {"24": "Dubbel?"}
    write_note(office.host, BOOKS, "receivables", "101", "Betald i mars")
    write_note(office.host, BOOKS, "payables", "24", "")
    write_note(office.host, BOOKS, "payables", "24", "")
    customers, suppliers = open_attachments(office.host, BOOKS, version=1)
    assert (customers.notes, suppliers.notes) == ({"101": "Betald i mars"}, {})
    with office.host.store.database.read() as connection:
        told = [each for each in events(connection, limit=500) if each.action == "attachment.noted"]
    assert len(told) == 4, "removing what is not there is no event"
    assert all("mars" not in f"{each}" and "Dubbel" not in f"{each}" for each in told)
    assert told[-1].before_hash == ""
    assert told[1].before_hash == told[-1].after_hash != ""


def test_a_note_on_an_invoice_that_nothing_states_or_that_is_too_long_is_refused(office: Office) -> None:
    with pytest.raises(DataError, match="document-unknown"):
        write_note(office.host, BOOKS, "receivables", "9999", "?")
    with pytest.raises(DataError, match="document-unknown"):
        write_note(office.host, BOOKS, "payables", "101", "kundens")
    with pytest.raises(DataError, match="note-too-long"):
        write_note(office.host, BOOKS, "receivables", "101", "x" * (LONGEST_NOTE + 1))
    assert open_attachments(office.host, BOOKS)[0].notes == {}


def test_chosen_control_accounts_make_a_version_at_once_and_are_remembered(office: Office) -> None:
    asked = len(office.simulator.world.log.entries)
    made = asyncio.run(choose_accounts(office.host, BOOKS, "receivables", ["1930", "1510", " "]))
    assert [(each.version, each.side, each.control_accounts) for each in made] == [
        (2, "receivables", ("1510", "1930")),
        (2, "payables", ("2440",)),
    ]
    assert len(office.simulator.world.log.entries) == asked, "made from what is stored"
    customers, _ = open_attachments(office.host, BOOKS)
    assert customers.made.control_accounts == ("1510", "1930")
    assert customers.record.ledger == customers.made.reconciliation.ledger != 3_412_550
    assert open_attachments(office.host, BOOKS, version=1)[0].made.control_accounts == ("1510",)


def test_the_next_import_follows_the_choice_until_it_is_taken_back(office: Office) -> None:
    asyncio.run(choose_accounts(office.host, BOOKS, "receivables", ["1510", "1930"]))
    office.imported(1, "2025")
    assert open_attachments(office.host, BOOKS)[0].record.control_accounts == ("1510", "1930")
    assert asyncio.run(choose_accounts(office.host, BOOKS, "receivables", [])) == ()
    office.imported(1, "2025")
    customers, _ = open_attachments(office.host, BOOKS)
    assert (customers.record.version, customers.record.control_accounts) == (4, ("1510",))
    with pytest.raises(DataError, match="control-account-unknown"):
        asyncio.run(choose_accounts(office.host, BOOKS, "receivables", ["1599"]))


def test_what_is_not_there_is_named(office: Office) -> None:
    with pytest.raises(ClosingError, match="attachment-version-unknown"):
        open_attachments(office.host, BOOKS, version=7)
    with pytest.raises(ClosingError, match="attachment-version-alone"):
        attachment_changes(office.host, BOOKS)


def test_sweep_backup_and_restore_keep_what_the_versions_were_made_from(office: Office, tmp_path: Path) -> None:
    store = office.host.store
    before = [told(each.made) for each in open_attachments(office.host, BOOKS)]
    office.pass_days((GRACE + timedelta(days=1)).days)
    assert sweep(store).blobs == 0
    assert backup(store, tmp_path / "b.zip").missing == ()
    restore(tmp_path / "b.zip", tmp_path / "back", actor=office.host.actor, clock=store.clock)
    with type(office.host).open(tmp_path / "back", office.host.actor, clock=store.clock) as restored:
        assert [told(each.made) for each in open_attachments(restored, BOOKS)] == before
        assert verify(restored.store).problems == ()


def test_the_second_part_is_a_run_that_names_its_version(office: Office) -> None:
    newest, before = runs_of(office)[:2]
    assert (newest.kind, newest.state, before.kind) == ("attachments", "done", "import")
    assert newest.outcome == {"snapshot": 1, "attachments": 1}
