"""`closing entries` from the command line, and effective figures in the reading commands."""

import asyncio
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from closing_host.closing.entries import Status, Transferred
from closing_host.engagements.host import Host
from closing_host.engagements.importing import Placing, import_file
from closing_host.storage.audit import Actor
from closing_host.storage.entries import EntryRecords
from small_sie import sie, voucher

from .conftest import Closing

ACCRUED = ("--text", "Upplupna löner", "--row", "7010=12 000,00", "--row", "2910=-12000.00")
OPENING = [("1930", "62000.00"), ("2910", "-50000.00"), ("2081", "-12000.00"), ("7010", "0.00")]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the books' file, and a data folder that holds them."""
    folder = tmp_path_factory.mktemp("imported")
    (folder / "books.se").write_bytes(sie(voucher(1), opening=OPENING))
    with Host.open(folder / "data", Actor("asa")) as host:
        asyncio.run(import_file(host, folder / "books.se", Placing(create=True)))
    return folder


@pytest.fixture(autouse=True)
def books(closing: Closing, imported: Path) -> None:
    shutil.copytree(imported, Path.cwd(), dirs_exist_ok=True)


def test_an_entry_is_made_and_its_effect_is_shown(closing: Closing) -> None:
    said = closing("entries", "add", "1", *ACCRUED)
    assert said.code == 0
    assert "V1 Upplupna löner: Not transferred." in said.words
    assert "2910 Konto 2910 -50,000.00 -12,000.00 -62,000.00" in said.words


def test_states_are_said_in_the_words_of_the_product(closing: Closing) -> None:
    closing("entries", "add", "1", *ACCRUED)
    assert "Ej överförd" in closing("entries", "list", "1", "--lang", "sv").words
    done = closing("entries", "not-for-transfer", "1", "V1", "--reason", "görs av kunden", "--lang", "sv")
    assert "Ej aktuell för överföring: görs av kunden" in done.words
    assert closing("entries", "delete", "1", "V1", "--json").data["status_text"] == "Deleted"
    assert "Borttagen" in closing("entries", "list", "1", "--deleted", "--lang", "sv").words


def test_a_day_gives_the_month_and_no_day_the_year_end(closing: Closing) -> None:
    assert closing("entries", "add", "1", *ACCRUED, "--json").data["period"] == "year-end"
    month = closing("entries", "add", "1", *ACCRUED, "--date", "2025-11-30", "--json").data
    assert (month["date"], month["period"]) == ("2025-11-30", "2025-11")
    both = closing("entries", "add", "1", *ACCRUED, "--date", "2025-11-30", "--year-end")
    assert both.code == 5
    assert "2025-12-31" in both.err


def test_what_is_wrong_is_said_with_a_way_out(closing: Closing) -> None:
    said = closing("entries", "add", "1", "--text", "x", "--row", "7011=5", "--row", "2910=-5")
    assert said.code == 5
    assert "no account 7011" in said.words
    assert "7010 Konto 7010" in said.words
    assert closing("entries", "add", "1", "--text", "x", "--row", "7010").code == 5


def test_an_entry_is_changed_deleted_and_brought_back(closing: Closing) -> None:
    closing("entries", "add", "1", *ACCRUED)
    edited = closing("entries", "edit", "1", "v1", "--text", "Löner", "--date", "2025-12-31", "--json").data
    assert (edited["text"], edited["period"], edited["rows"][0]["amount"]) == ("Löner", "2025-12", "12000.00")
    assert closing("entries", "edit", "1", "V1", "--year-end", "--json").data["period"] == "year-end"
    closing("entries", "delete", "1", "V1")
    assert closing("entries", "list", "1", "--json").data == []
    assert closing("entries", "restore", "1", "V1", "--json").data["status"] == "ready"


def test_a_draft_says_what_it_lacks_until_it_is_ready(closing: Closing) -> None:
    closing("entries", "add", "1", "--row", "7010=5", "--draft")
    said = closing("entries", "show", "1", "V1")
    assert "Draft" in said.words
    assert "The entry has no text." in said.words
    assert [each["code"] for each in closing("entries", "show", "1", "V1", "--json").data["wanting"]] == [
        "entry-text-missing",
        "entry-rows-missing",
        "entry-unbalanced",
    ]
    assert closing("entries", "edit", "1", "V1", "--ready").code == 5
    ready = closing("entries", "edit", "1", "V1", "--ready", "--text", "x", "--row", "7010=5", "--row", "2910=-5")
    assert "V1 x: Not transferred." in ready.words
    assert "x: Draft" in closing("entries", "edit", "1", "V1", "--draft").words


def test_a_reversal_is_linked_both_ways(closing: Closing) -> None:
    said = closing("entries", "add", "1", *ACCRUED, "--reverse-next")
    assert "Reversed on 2026-01-01 by V1." in said.words
    assert "The financial year 2026-01-01 – 2026-12-31 was added" in said.words
    assert closing("entries", "list", "1", "--json").data[0]["belongs_to"] == "reversed by V1 (2026-01-01)"
    (mirror,) = closing("entries", "list", "1/2026", "--json").data
    assert (mirror["text"], mirror["belongs_to"]) == ("Återföring av V1 Upplupna löner", "reverses V1 (2025-01-01)")
    assert "Reversed in the next period" in closing("entries", "show", "1", "V1").words
    assert "Reversed on" not in closing("entries", "edit", "1", "V1", "--no-reverse-next").words


def test_history_says_who_changed_what(closing: Closing, monkeypatch: pytest.MonkeyPatch) -> None:
    closing("entries", "add", "1", *ACCRUED)
    monkeypatch.setenv("CLOSING_USER", "bo")
    closing("entries", "edit", "1", "V1", "--text", "Löner")
    data = closing("entries", "show", "1", "V1", "--json").data
    assert [(each["by"], each["version"], each["text"]) for each in data["history"]] == [
        ("asa", 1, "Upplupna löner"),
        ("bo", 2, "Löner"),
    ]


def test_a_difference_is_booked_away(closing: Closing) -> None:
    said = closing("entries", "add", "1", "--from-difference", "2910=-62000", "--json").data
    assert [(row["account"], row["amount"]) for row in said["rows"]] == [("2910", "-12000.00"), ("7010", "12000.00")]
    assert said["text"] == "2910 Konto 2910"
    asked = closing("entries", "add", "1", "--from-difference", "1930=0")
    assert "--counter ACCOUNT" in asked.words
    chosen = closing("entries", "add", "1", "--from-difference", "1930=0", "--counter", "7010", "--text", "Kassa")
    assert chosen.code == 0


def test_rows_come_from_one_place(closing: Closing) -> None:
    assert closing("entries", "add", "1", *ACCRUED, "--from-difference", "2910=0").code == 5


def test_an_attachment_that_is_not_there_is_said(closing: Closing) -> None:
    said = closing("entries", "add", "1", "--from-attachment", "receivables", "1", "--json")
    assert json.loads(said.err)["error"] == "attachments-not-made"


def test_the_list_as_csv_has_a_line_for_each_row(closing: Closing) -> None:
    closing("entries", "add", "1", *ACCRUED)
    assert closing("entries", "list", "1", "--csv", "entries.csv").code == 0
    lines = Path("entries.csv").read_text("utf-8").splitlines()
    assert lines[1].startswith("V1,2025-12-31,year-end,Upplupna löner,Not transferred,")
    assert [line.split(",")[8] for line in lines[1:]] == ["12000.00", "-12000.00"]
    assert closing("entries", "list", "1", "--csv", "entries.csv").code == 5


def test_no_entries_yet(closing: Closing) -> None:
    assert "closing entries add" in closing("entries", "list", "1").words


def test_only_what_is_booked_is_corrected(closing: Closing) -> None:
    closing("entries", "add", "1", *ACCRUED)
    said = closing("entries", "correct", "1", "V1")
    assert said.code == 5
    assert "not booked in the source" in said.words


def test_where_it_was_booked_and_what_to_do_is_shown(closing: Closing) -> None:
    closing("entries", "add", "1", *ACCRUED)
    with Host.open(Path("data"), Actor("asa")) as host, host.store.database.write() as connection:
        records, trail = EntryRecords(connection, 1), host.store.trail(connection, host.actor)
        place = Transferred("I", "14", datetime(2026, 2, 1, 9, tzinfo=UTC), "bo", "answer", changed=True)
        records.set_status(trail, 1, Status.SENDING, by="export")
        records.set_status(trail, 1, Status.TRANSFERRED, by="export", transferred=place)
        records.set_status(trail, 1, Status.MISSING, by="import", seen=True)
    said = closing("entries", "show", "1", "V1", "--lang", "sv").words
    assert "Överförd - saknas i SIE" in said
    assert "I 14" in said
    assert "bokförde den annorlunda än den skickades" in said
    assert "Exportera den igen" in said
    (listed,) = closing("entries", "list", "1", "--json").data
    assert (listed["booked"]["series"], listed["booked"]["number"], listed["counts"]) == ("I", "14", True)


def test_why_the_source_refused_is_shown(closing: Closing) -> None:
    closing("entries", "add", "1", *ACCRUED)
    with Host.open(Path("data"), Actor("asa")) as host, host.store.database.write() as connection:
        records, trail = EntryRecords(connection, 1), host.store.trail(connection, host.actor)
        records.set_status(trail, 1, Status.SENDING, by="export")
        records.set_status(trail, 1, Status.FAILED, by="export", reason="entry-text-missing")
    said = closing("entries", "show", "1", "V1").words
    assert "Failed" in said
    assert "The entry has no text." in said


class TestEffectiveFigures:
    @pytest.fixture(autouse=True)
    def entries(self, closing: Closing, books: None) -> None:
        closing("entries", "add", "1", *ACCRUED)

    def test_balances_count_entries_and_say_so(self, closing: Closing) -> None:
        said = closing("balances", "1")
        assert "-62,000.00" in said.out
        assert "With closing entries V1. The books alone: --without-entries." in said.words
        alone = closing("balances", "1", "--without-entries")
        assert "-50,000.00" in alone.out
        assert "entries" not in alone.words

    def test_json_holds_the_figures_alone(self, closing: Closing) -> None:
        said = closing("balances", "1", "--json")
        assert {row["account"]: row["closing"] for row in said.data}["2910"] == "-62000.00"
        assert "V1" in said.err

    def test_an_account_lists_the_entry(self, closing: Closing) -> None:
        data = closing("ledger", "2910", "1", "--json").data
        assert [(row["number"], row["amount"], row["balance"]) for row in data["rows"]] == [
            ("V1", "-12000.00", "-62000.00")
        ]
        assert closing("ledger", "2910", "1", "--without-entries", "--json").data["rows"] == []

    def test_vouchers_list_the_entry(self, closing: Closing) -> None:
        assert [each["number"] for each in closing("vouchers", "1", "--json").data] == ["1", "V1"]
        assert len(closing("vouchers", "1", "--without-entries", "--json").data) == 1

    def test_comparisons_stay_on_the_books_alone(self, closing: Closing) -> None:
        assert closing("compare", "books.se", "1").code == 0
