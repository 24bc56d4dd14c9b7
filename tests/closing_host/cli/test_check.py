import subprocess
import sys
from pathlib import Path

from closing_host.cli.app import run
from small_sie import sie, voucher

from .conftest import Closing


def test_a_clean_file_gives_exit_code_0(closing: Closing) -> None:
    Path("clean.se").write_bytes(sie(voucher(1)))
    said = closing("check", "clean.se")
    assert said.code == 0
    assert "Åkes Bageri AB" in said.out
    assert "6 accounts" not in said.out
    assert "3 accounts, 1 vouchers, 2 rows" in said.words


def test_an_unbalanced_voucher_gives_exit_code_1_and_is_named(closing: Closing) -> None:
    unbalanced = ("A", "7", "20250310", [("4010", "100.00"), ("1930", "-99.00")])
    Path("unbalanced.se").write_bytes(sie(unbalanced))
    said = closing("check", "unbalanced.se", "--json")
    assert said.code == 1
    (report,) = said.data
    (first,) = (each for each in report["controls"] if each["id"] == "I01")
    assert first["outcome"] == "found"
    assert "A 7" in first["findings"][0]["message"]
    assert "1.00" in first["findings"][0]["message"]


def test_an_unreadable_row_is_told_by_line(closing: Closing) -> None:
    content = sie(voucher(1)).replace(b"#TRANS 4010 {} 100.00", b"#TRANS 4010 {} 100.005")
    line = content.split(b"\r\n").index(b"#TRANS 4010 {} 100.005") + 1
    Path("broken.se").write_bytes(content)
    said = closing("check", "broken.se", "--json")
    assert said.code == 1
    assert line in [each["line"] for each in said.data[0]["findings"]]


def test_a_file_that_is_no_sie_gives_exit_code_2(closing: Closing) -> None:
    Path("invoice.pdf").write_bytes(b"%PDF-1.7 \x00\x01")
    said = closing("check", "invoice.pdf")
    assert said.code == 2
    assert "invoice.pdf" in said.err


def test_a_missing_file_gives_exit_code_2(closing: Closing) -> None:
    said = closing("check", "nowhere.se")
    assert said.code == 2
    assert "nowhere.se" in said.err


def test_the_worst_file_decides_and_all_are_told(closing: Closing) -> None:
    Path("clean.se").write_bytes(sie(voucher(1)))
    said = closing("check", "nowhere.se", "clean.se", "--json")
    assert said.code == 2
    assert [each["file"] for each in said.data] == ["nowhere.se", "clean.se"]


def test_another_encoding_can_be_forced(closing: Closing) -> None:
    Path("latin.se").write_bytes(sie(voucher(1), encoding="cp1252"))
    right = closing("check", "latin.se", "--json").data[0]
    forced = closing("check", "latin.se", "--encoding", "cp437", "--json").data[0]
    assert (right["company"], right["encoding"]) == ("Åkes Bageri AB", "cp1252")
    assert forced["company"] != "Åkes Bageri AB"


def test_control_sums_are_exact(closing: Closing) -> None:
    Path("clean.se").write_bytes(sie(voucher(1, "0.10"), voucher(2, "0.20")))
    sums = {
        (each["kind"], each["year"]): each["sum"]
        for each in closing("check", "clean.se", "--json").data[0]["control_sums"]
    }
    assert sums == {("IB", 0): "0.00", ("UB", 0): "-0.30", ("RES", 0): "0.30"}


def test_the_report_is_swedish_when_asked_for(closing: Closing) -> None:
    Path("clean.se").write_bytes(sie(voucher(1)))
    said = closing("check", "clean.se", "--lang", "sv")
    assert "Räkenskapsår" in said.out
    assert "Importkontroller" in said.out
    assert "Financial year" not in said.out


def test_a_control_that_cannot_run_says_why(closing: Closing) -> None:
    Path("clean.se").write_bytes(sie(voucher(1)))
    (nine,) = (each for each in closing("check", "clean.se", "--json").data[0]["controls"] if each["id"] == "I09")
    assert nine["outcome"] == "could_not_run"
    assert nine["reason"]


def test_checking_loads_neither_database_nor_plugins_nor_network() -> None:
    program = (
        "import sys; from closing_host.cli.app import run; run(['check', 'nowhere.se']); run(['check', sys.argv[1]]);"
        "print([each for each in ('sqlalchemy', 'pluggy', 'httpx', 'pydantic', 'alembic') if each in sys.modules])"
    )
    file = Path(run.__code__.co_filename).parent / "demo_company" / "before.se"
    done = subprocess.run([sys.executable, "-c", program, file], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
