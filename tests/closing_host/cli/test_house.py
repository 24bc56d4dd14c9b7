from pathlib import Path

import pytest

from small_sie import sie, voucher

from .conftest import Closing


@pytest.fixture(autouse=True)
def books(closing: Closing) -> None:
    Path("one.se").write_bytes(sie(voucher(1)))
    Path("two.se").write_bytes(sie(voucher(1), voucher(2)))


def test_a_wrong_import_is_undone(closing: Closing) -> None:
    assert closing("import", "--new", "one.se").code == 0
    assert closing("import", "two.se").code == 0
    assert closing("compare", "1", "two.se").code == 0
    said = closing("history", "1", "--use", "previous", "--json")
    assert [(each["id"], each["current"]) for each in said.data] == [(2, False), (1, True)]
    assert closing("compare", "1", "one.se").code == 0


def test_each_file_is_a_run_of_its_own_and_a_bad_one_does_not_stop_the_others(closing: Closing) -> None:
    Path("bad.se").write_bytes(b"%PDF")
    said = closing("import", "--new", "bad.se", "one.se", "--json")
    assert said.code == 5
    failed, done = said.data
    assert failed["error"] == "file-not-recognised"
    assert done["changed"]
    assert len({failed["run"], done["run"]}) == 2
    assert closing("runs", "show", failed["run"], "--json").data["state"] == "failed"
    assert [each["state"] for each in closing("runs", "list", "--json").data] == ["done", "failed"]
    assert "misslyckad" in closing("runs", "list", "--lang", "sv").out


def test_an_import_that_fails_names_its_run(closing: Closing) -> None:
    said = closing("import", "one.se")
    assert said.code == 5
    run = closing("runs", "list", "--json").data[0]["id"]
    assert run in said.err
    assert "--new" in said.words


def test_findings_and_controls_are_shown_at_import(closing: Closing) -> None:
    unbalanced = ("A", "7", "20250310", [("4010", "100.00"), ("1930", "-99.00")])
    Path("unbalanced.se").write_bytes(sie(unbalanced))
    said = closing("import", "--new", "unbalanced.se")
    assert said.code == 0
    assert "I01" in said.out


def test_engagements_are_listed_and_shown(closing: Closing) -> None:
    closing("engagement", "new", "Åkes Bageri", "-o", "556677-8899")
    closing("import", "one.se")
    assert "556677-8899" in closing("engagement", "list").out
    shown = closing("engagement", "show", "1", "--json").data
    assert shown["name"] == "Åkes Bageri"
    assert shown["years"][0]["counts"]["vouchers"] == 1
    assert "2025-01-01 – 2025-12-31" in closing("engagement", "show", "åkes").out


def test_a_lost_data_folder_comes_back_from_a_backup(closing: Closing, tmp_path: Path) -> None:
    closing("import", "--new", "one.se")
    assert closing("backup", "backup.zip").code == 0
    elsewhere = tmp_path / "elsewhere"
    assert closing("--data", elsewhere, "restore", "backup.zip").code == 0
    assert closing("--data", elsewhere, "compare", "1", "one.se").code == 0
    assert closing("--data", elsewhere, "verify").code == 0


def test_verify_names_what_is_not_as_it_was_stored(closing: Closing, tmp_path: Path) -> None:
    closing("import", "--new", "one.se")
    assert closing("verify").code == 0
    (blob,) = (each for each in (tmp_path / "data" / "blobs").rglob("*") if each.is_file())
    blob.chmod(0o600)
    blob.write_bytes(b"changed")
    said = closing("verify", "--json")
    assert said.code == 1
    assert [each["code"] for each in said.data["problems"]] == ["blob-damaged"]


def test_sources_are_listed_and_safe_mode_loads_none(closing: Closing) -> None:
    assert "sie4" in [each["id"] for each in closing("source", "list", "--json").data["sources"]]
    assert "SIE" in closing("source", "list").out
    safe = closing("--safe-mode", "source", "list")
    assert "Safe mode" in safe.out
    assert closing("--safe-mode", "source", "list", "--json").data == {"sources": [], "problems": []}


def test_books_can_be_read_in_safe_mode(closing: Closing) -> None:
    closing("import", "--new", "one.se")
    assert closing("--safe-mode", "compare", "1", "one.se").code == 0
