"""`closing attachments` as a user types it, on books that were imported with their attachments."""

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from closing_host.api.authorization import Operation
from closing_host.engagements.host import Host
from closing_host.storage.audit import Actor
from datasource_fortnox.simulator import recall
from fortnox_office import WHOLE, running_simulator, time_of
from imported_office import BOOKS, Begun, begin
from small_sie import sie, voucher

from .conftest import Closing


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Begun]:
    with pytest.MonkeyPatch.context() as environment, running_simulator() as simulator:
        folder = tmp_path_factory.mktemp("imported")
        environment.setenv("CLOSING_KEY_FILE", str(folder / "key"))
        yield begin(folder, simulator)


@pytest.fixture(autouse=True)
def at_the_beginning(begun: Begun, closing: Closing, monkeypatch: pytest.MonkeyPatch) -> None:
    recall(begun.simulator.world, begun.memory)
    shutil.copytree(begun.folder / "data", "data")
    monkeypatch.setenv("CLOSING_KEY_FILE", str(begun.folder / "key"))
    monkeypatch.setattr(Host, "open", partial(Host.open, **time_of(begun.simulator)))


def pay_in_december(begun: Begun) -> None:
    with begun.simulator.world.lock:
        begun.simulator.world.companies[WHOLE].receivables.pay(103, date(2025, 12, 21))


def test_an_import_says_what_its_attachments_came_to(closing: Closing) -> None:
    said = closing("import", "--engagement", "1", "--year", "2025", "--lang", "sv")
    assert said.code == 0, said.err
    assert "Kundfordringar (1510) per 2025-12-31: öppna poster 34\u00a0625,50" in said.out
    assert "Leverantörsskulder (2440) per 2025-12-31: öppna poster 61\u00a0062,50" in said.out
    (imported,) = closing("import", "--engagement", "1", "--year", "2025", "--json").data
    assert imported["attachments"]["state"] == "made"
    assert [each["version"] for each in imported["attachments"]["versions"]] == [3, 3]


def test_an_import_whose_attachments_fail_ends_well_and_says_what_to_do(closing: Closing, begun: Begun) -> None:
    begun.simulator.world.companies[WHOLE].modules.discard("invoice")
    pay_in_december(begun)
    said = closing("import", "--engagement", "1", "--year", "2025", "--lang", "sv")
    assert said.code == 0, said.err
    assert "Bokföringen importerad. Bilagor för 1510 och 2440 kunde inte skapas: " in said.words
    assert "Försök igen: closing attachments retry 1/2025-12" in said.words
    assert "Traceback" not in said.err
    listed = closing("attachments", "list", BOOKS, "--lang", "sv")
    assert "Senaste försöket misslyckades. Försök igen" in listed.words
    assert closing("attachments", "show", BOOKS).code == 1
    refused = closing("attachments", "retry", "1/2025-12", "--json")
    assert refused.code == 3
    begun.simulator.world.companies[WHOLE].modules.add("invoice")
    made = closing("attachments", "retry", "1/2025-12", "--json")
    assert (made.code, [each["open"] for each in made.data]) == (0, ["31500.00", "61062.50"])
    (imported,) = closing("import", "--engagement", "1", "--year", "2025", "--json").data
    assert imported["attachments"]["error"] is None


def test_a_failure_is_told_to_programs_too(closing: Closing, begun: Begun) -> None:
    begun.simulator.world.companies[WHOLE].missing_rights.add("invoice")
    (imported,) = closing("import", "--engagement", "1", "--year", "2025", "--json").data
    told = imported["attachments"]
    assert (told["state"], told["accounts"], told["error"]) == ("failed", ["1510", "2440"], "fortnox-right-missing")
    assert told["message"].startswith("The books are imported. Attachments for 1510 and 2440 could not be made: ")
    assert told["run"] != imported["run"]


def test_list_shows_every_version(closing: Closing) -> None:
    listed = closing("attachments", "list", BOOKS, "--json").data
    assert listed["state"] == "made"
    assert [(each["version"], each["side"], each["difference"]) for each in listed["versions"]] == [
        (1, "receivables", "-500.00"),
        (1, "payables", "0.00"),
    ]
    assert "slutlig" in closing("attachments", "list", BOOKS, "--lang", "sv").out


def test_show_has_the_labels_of_the_product(closing: Closing) -> None:
    said = closing("attachments", "show", BOOKS, "--lang", "sv")
    assert said.code == 0
    for label in (
        "Kundfordringar (1510) per 2025-12-31",
        "Leverantörsskulder (2440) per 2025-12-31",
        "Öppna poster",
        "Ej bokförda",
        "Åldersfördelning",
        "Ej förfallet",
        "kreditposter",
        "Avstämningsbelopp",
        "Avstämningsdifferens",
        "Förklara differensen",
        "Betald efter",
        "Version 1, skapad",
    ):
        assert label in said.out, label
    assert "makulerad" in said.out


def test_show_takes_a_day_a_version_and_the_source_as_it_is_now(closing: Closing, begun: Begun) -> None:
    november = closing("attachments", "show", BOOKS, "--as-at", "2025-11-30", "--json").data[0]
    assert (november["as_at"], november["version"]["as_at"]) == ("2025-11-30", "2025-12-31")
    pay_in_december(begun)
    live = closing("attachments", "show", BOOKS, "--live", "--json").data[0]
    assert live["open"] == "31500.00"
    assert "version" not in live
    assert "Receivables (1510)" in closing("attachments", "show", BOOKS, "--live").out
    assert closing("attachments", "show", BOOKS, "--version", "1", "--json").data[0]["open"] == "34625.50"
    missing = closing("attachments", "show", BOOKS, "--version", "9", "--lang", "sv")
    assert missing.code == 1
    assert "closing attachments list" in missing.words


def test_figures_that_differ_from_the_stored_ones_say_so(closing: Closing) -> None:
    """As when a rule is put right after the version was made."""
    assert "rättats" not in closing("attachments", "show", BOOKS, "--lang", "sv").out
    with sqlite3.connect("data/closing.db") as database:
        database.execute("UPDATE attachment_version SET open = 1, difference = 2 WHERE side = 'payables'")
    database.close()
    said = closing("attachments", "show", BOOKS, "--lang", "sv")
    assert said.out.count("Reglerna har rättats sedan dess") == 1
    assert [each["as_recorded"] for each in closing("attachments", "show", BOOKS, "--json").data] == [True, False]
    assert closing("attachments", "show", BOOKS, "--as-at", "2025-11-30", "--json").data[1]["as_recorded"]


def test_explain_goes_down_to_the_vouchers_the_first_day_and_the_proposed_entries(closing: Closing) -> None:
    said = closing("attachments", "explain", BOOKS, "--lang", "sv")
    for label in (
        "Förklara differensen: -500,00",
        "a) Verifikationer som ingen faktura eller betalning hör till: -500,00",
        "A 77",
        "Differensen uppstod: 2025-12-31",
        "Föreslagen bokslutsverifikation: Befarade kundförluster",
        "6352",
        "återförs nästa period",
    ):
        assert label in said.words, label
    customers = closing("attachments", "explain", BOOKS, "--json").data[0]
    assert customers["differs_since"] == "2025-12-31"
    assert customers["differs_by"][0]["difference"] == "-500.00"
    proposals = [each["proposal"] for each in customers["findings"] if each["proposal"]]
    assert [row["amount"] for row in proposals[1]["rows"]] == ["2500.40", "-2500.40"]
    agreed = closing("attachments", "explain", BOOKS, "--as-at", "2025-11-30", "--lang", "sv")
    assert "stämmer överens" in agreed.words


def test_diff_names_what_changed_between_two_versions(closing: Closing, begun: Begun) -> None:
    alone = closing("attachments", "diff", BOOKS)
    assert alone.code == 1
    pay_in_december(begun)
    closing("import", "--engagement", "1", "--year", "2025", "--json")
    said = closing("attachments", "diff", BOOKS, "--lang", "sv")
    assert "Från version 1 till version 2" in said.out
    assert "borta" in said.out
    assert "34\u00a0625,50 → 31\u00a0500,00" in said.out
    assert "ingen post skiljer sig" in said.out
    changed = closing("attachments", "diff", BOOKS, "2", "1", "--json").data[0]
    assert [(each["change"], each["document"], each["open_after"]) for each in changed["items"]] == [
        ("added", "103", "3125.50")
    ]


def test_a_note_is_written_shown_and_removed(closing: Closing) -> None:
    assert "101" in closing("attachments", "note", BOOKS, "receivables", "101", "Ring Åke").out
    assert "Ring Åke" in closing("attachments", "show", BOOKS).out
    noted = closing("attachments", "show", BOOKS, "--json").data[0]["items"]
    assert [each["note"] for each in noted] == ["Ring Åke", None, None, None]
    removed = closing("attachments", "note", BOOKS, "receivables", "101", "--json")
    assert removed.data == {"side": "receivables", "document": "101", "note": ""}
    assert "Ring Åke" not in closing("attachments", "show", BOOKS).out
    assert closing("attachments", "note", BOOKS, "receivables", "9", "?").code == 5


def test_control_accounts_are_chosen(closing: Closing) -> None:
    made = closing("attachments", "accounts", BOOKS, "receivables", "1510", "1930", "--json").data
    assert made[0]["control_accounts"] == ["1510", "1930"]
    assert "Kundfordringar (1510+1930)" in closing("attachments", "show", BOOKS, "--lang", "sv").out
    assert "next import" in closing("attachments", "accounts", BOOKS, "receivables").out
    refused = closing("attachments", "accounts", BOOKS, "receivables", "9")
    assert (refused.code, "9" in refused.words) == (5, True)


def test_runs_name_the_version_that_they_made(closing: Closing) -> None:
    assert "version 1" in closing("runs", "list").out


def test_a_company_without_sub_ledger_is_told_so_calmly_until_it_has_one(closing: Closing, begun: Begun) -> None:
    def without(*operations: Operation) -> None:
        with Host.open(Path("data"), Actor("asa")) as host:
            host.connections.set_without(1, frozenset(operations), host.actor)

    without("attachments")
    pay_in_december(begun)
    said = closing("import", "--engagement", "1", "--year", "2025", "--lang", "sv")
    assert said.code == 0
    assert "Kopplat utan reskontra: inga bilagor skapas." in said.out
    assert "kunde inte" not in said.words
    assert "Kopplat utan reskontra" in closing("attachments", "list", BOOKS, "--lang", "sv").out
    assert closing("attachments", "retry", BOOKS).code == 7
    without()
    assert "Skapa dem: closing attachments retry" in closing("attachments", "list", BOOKS, "--lang", "sv").words
    assert "slutlig" in closing("attachments", "retry", BOOKS, "--lang", "sv").out


def test_books_from_a_file_say_that_there_are_none(closing: Closing) -> None:
    Path("books.se").write_bytes(sie(voucher(1), organisation_number="559900-1004"))
    assert closing("import", "books.se", "--new").code == 0
    assert "states no receivables" in closing("attachments", "list", "2").words
    assert closing("attachments", "show", "2").code == 1


def test_a_difference_from_the_years_start_says_so(closing: Closing) -> None:
    closing("attachments", "accounts", BOOKS, "receivables", "1510", "1930", "--json")
    assert "från årets början" in closing("attachments", "explain", BOOKS, "--lang", "sv").words
