"""Recognition at import, from the source's answer to the balances that are shown (P 7.6.5, 7.6.7)."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from closing_host.api.errors import ClosingError, DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import YEAR_END, ClosingEntry, EntryContent, Status
from closing_host.closing.standing import Moved, Standing
from closing_host.closing.system_entries import Choices
from closing_host.engagements.effective import open_effective
from closing_host.engagements.entry_year import EntryYear, open_entry_year
from closing_host.engagements.exporting import export
from closing_host.engagements.importing import Placing, import_file
from closing_host.engagements.recognising import accept_books, export_again, make_current, reverse_double
from closing_host.engagements.reconciled_accounts import note_account, sign_off
from closing_host.engagements.reconciling import read_sheet
from closing_host.engagements.register import new_engagement
from closing_host.engagements.setup import confirm_company
from closing_host.engagements.system_entries import choose
from closing_host.engagements.system_making import make
from closing_host.ledgers.balances import trial_balance
from closing_host.storage.audit import events
from closing_host.storage.crashpoints import crash_handler
from closing_host.storage.entries import EntryRecords
from closing_host.transfers import recognising
from closing_host.transfers.importing import Imported
from datasource_fortnox.simulator import remember
from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.edits import apply
from datasource_fortnox.simulator.sie_export import SieRequest
from datasource_fortnox.simulator.sie_export import export as sie_of
from fortnox_office import NO_INVOICING, Office, installation, open_office, running_simulator
from imported_office import BOOKS, YEAR_START, Begun, gone_back

END = date(2025, 12, 31)
ROWS = (DraftRow("7010", 1_200_000), DraftRow("2910", -1_200_000))


def company(office: Office) -> Company:
    return office.simulator.world.companies[NO_INVOICING]


def edit(office: Office, op: str, **arguments: Any) -> Any:
    """Something that a person does in Fortnox."""
    year = company(office).year_of(END)
    assert year is not None
    return apply(office.simulator.world, {"op": op, "tenant": NO_INVOICING, "year": year.id, **arguments})


def rows(amount: int) -> list[dict[str, int]]:
    return [{"account": 7010, "amount": amount}, {"account": 2910, "amount": -amount}]


def shown(office: Office, account: str = "2910") -> int:
    """The closing balance that the user sees: the books with the entries that count."""
    frame = trial_balance(open_effective(office.host, BOOKS).ledger, by="year").filter(pl.col("account") == account)
    return int(frame["closing"][-1]) if frame.height else 0


def add(office: Office, text: str = "Upplupna löner") -> ClosingEntry:
    with office.host.store.database.write() as connection:
        trail = office.host.store.trail(connection, office.host.actor)
        content = EntryContent(END, text, ROWS, YEAR_END)
        return EntryRecords(connection, 1).add(trail, YEAR_START, "V", content)


def entry(office: Office, label: str = "V1") -> ClosingEntry:
    with office.host.store.database.read() as connection:
        return EntryRecords(connection, 1).by_label(YEAR_START, label)


def exported(office: Office, approval: str = "a") -> None:
    work = export(office.host, 1, YEAR_START, series="I", accepted_warnings=True, approval=approval)
    asyncio.run(work)


def imported(office: Office) -> Imported:
    (one,) = office.imported(1, "2025")
    return one


def codes(of: Imported) -> list[str]:
    return [finding.code for each in of.recognised for finding in each.findings]


@pytest.fixture(scope="module")
def beginnings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Begun, Begun]]:
    """Account 2910 closes at -50 000,00 and the next voucher of series I is 14; then V1 of 12 000,00 is booked as that
    voucher and not imported yet. A company without invoicing, so that an import is its books alone."""
    folder = tmp_path_factory.mktemp("recognising")
    with pytest.MonkeyPatch.context() as environment, running_simulator() as simulator:
        environment.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        with open_office(folder / "first" / "data", simulator) as office:
            through_proxy = installation(simulator, api_address=simulator.proxy_url)
            office.host.connections.save_installation("fortnox", through_proxy, office.host.actor)
            new_engagement(office.host, "Exempel", source_id="fortnox")
            office.host.connections.set_without(1, frozenset({"attachments"}), office.host.actor)
            office.connect(1, NO_INVOICING)
            year = company(office).year_of(END)
            assert year is not None
            year.series["I"].next_number = 14
            amount = 5_000_000 + year.closing(2910)
            edit(office, "add_voucher", series="A", date="2025-12-30", text="Löner", rows=rows(amount))
            imported(office)
            assert shown(office) == -5_000_000
        first = Begun(folder / "first", remember(simulator.world), simulator)
        with gone_back(first, folder / "second" / "data") as office:
            add(office)
            exported(office)
        yield first, Begun(folder / "second", remember(simulator.world), simulator)


@pytest.fixture
def at_fifty(beginnings: tuple[Begun, Begun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(beginnings[0].folder.parent / "key"))
    with gone_back(beginnings[0], tmp_path / "data") as office:
        yield office


@pytest.fixture
def sent(beginnings: tuple[Begun, Begun], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("CLOSING_KEY_FILE", str(beginnings[0].folder.parent / "key"))
    with gone_back(beginnings[1], tmp_path / "data") as office:
        yield office


def test_the_example_of_the_specification_to_the_ore(at_fifty: Office) -> None:
    """P 7.6.7."""
    office = at_fifty
    add(office)
    assert shown(office) == -6_200_000
    exported(office)
    at = entry(office).transferred
    assert at is not None
    assert (at.series, at.number, entry(office).status) == ("I", "14", Status.TRANSFERRED)
    assert shown(office) == -6_200_000, "V1 counts, the snapshot lacks I 14"

    assert codes(imported(office)) == ["recognised-excluded"]
    assert (entry(office).status, shown(office)) == (Status.EXCLUDED, -6_200_000)

    edit(office, "edit_voucher", series="I", number=14, rows=rows(1_100_000))
    changed = imported(office)
    assert (entry(office).status, shown(office)) == (Status.CHANGED, -6_100_000)
    (told,) = changed.recognised
    assert told.difference is not None
    assert set(told.difference.gone) == set(ROWS)

    edit(office, "delete_voucher", series="I", number=14)
    assert codes(imported(office)) == ["recognised-missing"]
    assert (entry(office).status, shown(office)) == (Status.MISSING, -6_200_000)

    edit(
        office, "add_voucher", series="I", number=14, date="2025-12-31", text="V1 Upplupna löner", rows=rows(1_200_000)
    )
    assert codes(imported(office)) == ["recognised-back"]
    assert (entry(office).status, shown(office)) == (Status.EXCLUDED, -6_200_000)


def test_a_system_entry_is_exported_and_recognised_and_its_rule_adds_nothing(at_fifty: Office) -> None:
    """P 7.5.3: the delta rule through export and import, and a further entry when the books have moved."""
    office = at_fifty

    def year() -> EntryYear:
        return open_entry_year(office.host, BOOKS)

    confirm_company(office.host, 1, form="AB")
    choose(office.host, year(), Choices(income_tax=False))
    (result,) = make(office.host, year()).standings
    before = shown(office, "2099")
    assert before == -sum(row.amount for row in entry(office, "S1").content.rows if row.account == "8999") != 0
    exported(office)
    assert entry(office, "S1").status is Status.TRANSFERRED
    assert make(office.host, year()).standings[0].state == "booked"
    assert codes(imported(office)) == ["recognised-excluded"]
    assert make(office.host, year()).standings[0].state == "booked"
    assert [each.label for each in year().own] == ["S1"]
    assert shown(office, "2099") == before

    edit(office, "add_voucher", series="A", date="2025-12-31", text="Hyra", rows=rows(300_000))
    imported(office)
    assert [each.label for each in year().own] == ["S1", "S2"], "made by the import itself"
    assert shown(office, "2099") == before + 300_000
    assert result.rule == "S-e"


def test_p_7_6_7_the_account_follows_the_example_too(at_fifty: Office) -> None:
    """What was signed off in December and in *Årsavslut* stays *Klar* for as long as nothing but the way changed."""
    office = at_fifty
    add(office)
    for key, typed in (("2025-12", -5_000_000), (YEAR_END, -6_200_000)):
        books = open_effective(office.host, BOOKS)
        note_account(office.host, books, key, "2910", typed=typed)
        sign_off(office.host, books, key, ["2910"])
    klar = (Standing.DONE, -5_000_000, Standing.DONE, -6_200_000, ())
    assert standing(office) == klar
    exported(office)
    assert standing(office) == klar
    imported(office)
    assert standing(office) == klar

    edit(office, "edit_voucher", series="I", number=14, rows=rows(1_100_000))
    imported(office)
    moved = (Moved("closing", -6_200_000, -6_100_000),)
    assert standing(office) == (*klar[:2], Standing.CHANGED, -6_100_000, moved)

    edit(office, "delete_voucher", series="I", number=14)
    assert codes(imported(office)) == ["recognised-missing"]
    assert standing(office) == klar, "V1 counts again, with a warning"


def standing(office: Office) -> tuple[object, ...]:
    """Of account 2910 in December and in *Årsavslut*."""
    december, year_end = (read_sheet(office.host, BOOKS, key).line("2910") for key in ("2025-12", YEAR_END))
    assert december is not None
    assert year_end is not None
    return december.standing, december.closing, year_end.standing, year_end.closing, year_end.moved


def test_unchanged_books_are_recognised_as_well(sent: Office) -> None:
    with sent.host.store.database.read() as connection:
        records = EntryRecords(connection, 1)
        marker = records.by_label(YEAR_START, "V1").marker
    imported(sent)
    again = imported(sent)
    assert (again.published.changed, again.recognised) == (False, ())
    with sent.host.store.database.write() as connection:  # as a backup of the database alone would have it
        trail = sent.host.store.trail(connection, sent.host.actor)
        EntryRecords(connection, 1).set_status(trail, entry(sent).id, Status.TRANSFERRED, by="import", seen=False)
    assert shown(sent) == -7_400_000, "doubled, until the next import"
    once_more = imported(sent)
    assert (once_more.published.changed, codes(once_more)) == (False, ["recognised-excluded"])
    assert (shown(sent), entry(sent).marker) == (-6_200_000, marker)


def test_every_move_stands_in_the_trail_with_its_run(sent: Office) -> None:
    run = imported(sent).run_id
    with sent.host.store.database.read() as connection:
        moved = [each for each in events(connection) if each.action == "entry.status" and each.run_id == run]
    assert [each.object for each in moved] == [f"entry:{entry(sent).id}"]


def test_a_renumbered_voucher_is_adopted(sent: Office) -> None:
    edit(sent, "renumber_voucher", series="I", number=14, to_number=20)
    assert codes(imported(sent)) == ["recognised-renumbered", "recognised-excluded"]
    at = entry(sent).transferred
    assert at is not None
    assert (at.number, at.evidence, shown(sent)) == ("20", "import", -6_200_000)
    assert imported(sent).recognised == ()


def test_a_renumbered_and_changed_voucher_is_found_by_its_marker(sent: Office) -> None:
    edit(sent, "renumber_voucher", series="I", number=14, to_number=20)
    edit(sent, "edit_voucher", series="I", number=20, rows=rows(1_000_000), text="Lön")
    edit(sent, "add_voucher", series="I", number=14, date="2025-12-31", text="Hyra", rows=rows(300_000))
    imported(sent)
    assert (entry(sent).status, shown(sent)) == (Status.CHANGED, -6_300_000)


def booked_twice(office: Office) -> None:
    edit(
        office,
        "add_voucher",
        series="I",
        date="2025-12-31",
        text="V1 Upplupna löner",
        rows=rows(1_200_000),
        comments=entry(office).marker,
    )


def test_a_double_is_told_in_red_and_a_person_accepts_it_for_good(sent: Office) -> None:
    booked_twice(sent)
    double = imported(sent)
    assert [finding.severity for each in double.recognised for finding in each.findings] == ["error"]
    assert (entry(sent).status, entry(sent).reason, shown(sent)) == (Status.DOUBLE, "I 14, I 15", -7_400_000)
    assert codes(imported(sent)) == ["recognised-double"], "each time, until somebody decides"
    with pytest.raises(DataError, match="entry-in-books-twice"):
        export_again(sent.host, 1, entry(sent).id)
    accept_books(sent.host, 1, entry(sent).id)
    assert (entry(sent).status, imported(sent).recognised) == (Status.EXCLUDED, ())
    booked_twice(sent)
    assert codes(imported(sent)) == ["recognised-double"]


def test_a_double_is_reversed_by_an_entry_of_its_own(sent: Office) -> None:
    booked_twice(sent)
    imported(sent)
    kept, (reversing,) = reverse_double(sent.host, 1, entry(sent).id)
    assert (kept.status, reversing.label, reversing.status) == (Status.EXCLUDED, "V2", Status.READY)
    assert reversing.content.text == "Rättelse av I 15"
    assert shown(sent) == -6_200_000
    exported(sent, "b")
    assert codes(imported(sent)) == ["recognised-excluded"]
    assert shown(sent) == -6_200_000


def test_a_double_of_which_one_was_taken_away_is_single_again(sent: Office) -> None:
    booked_twice(sent)
    imported(sent)
    edit(sent, "delete_voucher", series="I", number=15)
    imported(sent)
    assert (entry(sent).status, shown(sent)) == (Status.EXCLUDED, -6_200_000)


def test_missing_is_exported_again_under_a_new_marker_and_number(sent: Office) -> None:
    imported(sent)
    edit(sent, "delete_voucher", series="I", number=14)
    imported(sent)
    first = entry(sent).marker
    again = export_again(sent.host, 1, entry(sent).id)
    assert (again.label, again.status, again.marker != first) == ("V1-2", Status.READY, True)
    exported(sent, "b")
    assert codes(imported(sent)) == ["recognised-excluded"]
    assert shown(sent) == -6_200_000


def test_another_voucher_under_the_number_is_not_taken_for_the_entry(sent: Office) -> None:
    edit(sent, "delete_voucher", series="I", number=14)
    edit(sent, "add_voucher", series="I", number=14, date="2025-12-31", text="Hyra", rows=rows(300_000))
    assert codes(imported(sent)) == ["recognised-unsure"]
    assert shown(sent) == -6_500_000, "it was never seen, so it counts until a person decides"
    with pytest.raises(DataError, match="entry-not-double"):
        reverse_double(sent.host, 1, entry(sent).id)
    assert entry(sent).status is Status.DOUBLE, "a refusal changes nothing"
    accept_books(sent.host, 1, entry(sent).id)
    imported(sent)
    assert (entry(sent).status, shown(sent)) == (Status.CHANGED, -5_300_000)


def test_what_is_not_double_cannot_be_settled(sent: Office) -> None:
    for settle in (accept_books, reverse_double):
        with pytest.raises(DataError, match="entry-not-double"):
            settle(sent.host, 1, entry(sent).id)
    with pytest.raises(ClosingError, match="entry-transition-refused"):
        export_again(sent.host, 1, entry(sent).id)


def test_a_doubt_of_which_no_import_has_shown_anything_waits_for_one(sent: Office) -> None:
    with sent.host.store.database.write() as connection:
        trail = sent.host.store.trail(connection, sent.host.actor)
        records = EntryRecords(connection, 1)
        records.set_status(trail, entry(sent).id, Status.DOUBLE, by="export", reason="export-unsure")
    with pytest.raises(DataError, match="entry-double-not-imported"):
        accept_books(sent.host, 1, entry(sent).id)


def test_undoing_an_import_counts_what_the_older_books_lack(sent: Office) -> None:
    before = open_effective(sent.host, BOOKS).books.snapshot
    imported(sent)
    after = open_effective(sent.host, BOOKS).books.snapshot
    undone = make_current(sent.host, 1, before.id)
    assert undone.snapshot.current
    assert [each.outcome for each in undone.recognised] == ["open"]
    assert (entry(sent).status, shown(sent)) == (Status.TRANSFERRED, -6_200_000)
    redone = make_current(sent.host, 1, after.id)
    assert [each.outcome for each in redone.recognised] == ["excluded"]
    assert (entry(sent).status, shown(sent)) == (Status.EXCLUDED, -6_200_000)


def test_a_restored_backup_that_knows_of_no_export_recognises_by_the_marker(at_fifty: Office) -> None:
    """T B21: the entry is ready again, the books hold it."""
    made = add(at_fifty)
    edit(
        at_fifty,
        "add_voucher",
        series="I",
        date="2025-12-31",
        text="V1 Upplupna löner",
        rows=rows(1_200_000),
        comments=made.marker,
    )
    assert codes(imported(at_fifty)) == ["recognised-after-all"]
    assert (entry(at_fifty).status, shown(at_fifty)) == (Status.EXCLUDED, -6_200_000)


def test_a_restored_backup_that_knows_the_series_finds_what_was_changed_since(sent: Office) -> None:
    """Neither label nor content is left in the books; the marker is."""
    imported(sent)
    again = add(sent, "Hyra")
    edit(sent, "add_voucher", series="I", date="2025-12-31", text="Bil", rows=rows(700_000), comments=again.marker)
    assert codes(imported(sent)) == ["recognised-changed"]
    assert (entry(sent, "V2").status, shown(sent)) == (Status.CHANGED, -6_900_000)


def test_a_file_of_the_same_books_is_recognised_without_asking(sent: Office, tmp_path: Path) -> None:
    year = company(sent).year_of(END)
    assert year is not None
    path = tmp_path / "books.se"
    path.write_bytes(sie_of(company(sent), year, SieRequest(), sent.simulator.world.switches).encode("cp437"))
    edit(sent, "delete_voucher", series="I", number=14)
    done = asyncio.run(import_file(sent.host, path, Placing(1)))
    assert codes(done) == ["recognised-excluded"]
    assert (entry(sent).status, shown(sent)) == (Status.EXCLUDED, -6_200_000)


def nobody_answers(office: Office) -> None:
    """The list of vouchers fails from its second call on; the first is the count that proves the books whole."""
    office.simulator.world.faults.add("N20", method="GET", path="/3/vouchers", nth=list(range(2, 99)))


def test_when_the_source_cannot_be_asked_the_import_stands_and_nothing_is_claimed(sent: Office) -> None:
    imported(sent)
    edit(sent, "delete_voucher", series="I", number=14)
    nobody_answers(sent)
    brought = imported(sent)
    assert brought.published.changed
    assert brought.not_asked is not None
    assert [each.outcome for each in brought.recognised] == ["open"]
    assert (entry(sent).status, shown(sent)) == (Status.TRANSFERRED, -6_200_000)
    sent.simulator.world.faults.clear()
    again = imported(sent)
    assert (again.not_asked, codes(again)) == (None, ["recognised-missing"])


def test_what_the_books_settle_is_not_asked_for(sent: Office) -> None:
    nobody_answers(sent)
    assert imported(sent).not_asked is None


def test_a_lost_answer_is_settled_by_the_import(at_fifty: Office) -> None:
    add(at_fifty)
    at_fifty.simulator.world.faults.add("N10", method="POST", path="/3/vouchers", nth=1)
    exported(at_fifty)
    assert entry(at_fifty).status is Status.UNKNOWN
    assert shown(at_fifty) == -6_200_000
    assert codes(imported(at_fifty)) == ["recognised-excluded"]
    assert (entry(at_fifty).status, shown(at_fifty)) == (Status.EXCLUDED, -6_200_000)


def test_a_lost_answer_of_what_never_came_stays_unknown_and_counts(at_fifty: Office) -> None:
    add(at_fifty)
    at_fifty.simulator.world.faults.add("N4", method="POST", path="/3/vouchers", nth=1)
    exported(at_fifty)
    assert imported(at_fifty).recognised == ()
    assert (entry(at_fifty).status, shown(at_fifty)) == (Status.UNKNOWN, -6_200_000)


def test_a_lost_answer_that_nobody_can_ask_for_is_recognised_by_label_and_content(at_fifty: Office) -> None:
    add(at_fifty)
    at_fifty.simulator.world.faults.add("N10", method="POST", path="/3/vouchers", nth=1)
    exported(at_fifty)
    nobody_answers(at_fifty)
    assert codes(imported(at_fifty)) == ["recognised-after-all"]
    assert (entry(at_fifty).status, shown(at_fifty)) == (Status.EXCLUDED, -6_200_000)


def test_more_series_than_one_import_asks_about_leave_the_rest_open(
    sent: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recognising, "MOST_SERIES", 0)
    edit(sent, "delete_voucher", series="I", number=14)
    brought = imported(sent)
    assert brought.not_asked is not None
    assert (brought.not_asked.code, codes(brought)) == ("recognition-many-series", ["recognised-open"])


class Crash(BaseException):
    """The process dies."""


@pytest.mark.parametrize("point", ["entry.before_write", "entry.after_event", "import.before_commit"])
def test_an_import_that_dies_moves_neither_books_nor_entries(sent: Office, point: str) -> None:
    def die(name: str) -> None:
        if name == point:
            raise Crash

    before = open_effective(sent.host, BOOKS).books.snapshot
    with crash_handler(die), pytest.raises(Crash):
        imported(sent)
    assert open_effective(sent.host, BOOKS).books.snapshot == before
    assert (entry(sent).status, shown(sent)) == (Status.TRANSFERRED, -6_200_000)
    assert codes(imported(sent)) == ["recognised-excluded"]
    assert shown(sent) == -6_200_000


def test_a_voucher_that_lost_its_marker_is_known_by_number_or_label(sent: Office) -> None:
    """T B18."""
    edit(sent, "edit_voucher", series="I", number=14, comments="")
    assert codes(imported(sent)) == ["recognised-excluded"]
    edit(sent, "edit_voucher", series="I", number=14, rows=rows(1_100_000))
    assert codes(imported(sent)) == ["recognised-changed"]
    edit(sent, "edit_voucher", series="I", number=14, rows=rows(1_200_000))
    edit(sent, "renumber_voucher", series="I", number=14, to_number=20)
    assert codes(imported(sent)) == ["recognised-renumbered", "recognised-excluded"]
