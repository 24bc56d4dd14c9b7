"""`closing source test` says what the host sees, and keeps nothing."""

from pathlib import Path

import pytest

from small_sie import sie, voucher
from source_distributions import describing, install_source

from .conftest import Closing

CASH_BOOK = describing(
    "files=Files(('.csv',), lambda head: head.startswith(b'date')), engagement=Settings, installation=Secrets, "
    "hosts=(Origin(fixed='https://api.example.se'),), rate_limit=RateLimit(5, 1.0), cannot_hold=frozenset({'objects'})",
    before=(
        "from datetime import date\nfrom pydantic import BaseModel, Field, SecretStr\n"
        "class Settings(BaseModel):\n    sheet: str = Field('1', title='Sheet')\n"
        "class Secrets(BaseModel):\n    key: SecretStr = Field(title='Key')\n    zone: str = Field(title='Zone')\n"
    ),
    after=(
        "@hookimpl\ndef import_ledger(request, context):\n"
        "    context.keep('seen.csv', request.file.path.read_bytes())\n"
        "    year = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))\n"
        "    builder = LedgerBuilder(Company(name='Bageriet'), [year])\n"
        "    builder.add_voucher('A', '1', date(2025, 3, 1))\n    builder.add_row('1910', 100)\n"
        "    builder.add_row('3010', -100)\n    return builder\n"
    ),
)


@pytest.fixture
def cash_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_source(tmp_path / "site", "cash", CASH_BOOK)
    install_source(tmp_path / "site", "broken", "raise RuntimeError('no licence found')")
    monkeypatch.syspath_prepend(tmp_path / "site")


def test_it_says_what_the_host_sees(closing: Closing, cash_book: None) -> None:
    said = closing("source", "test", "cash")
    assert said.code == 0
    for expected in (
        "Books (cash)",
        "Package source_cash 1.0",
        "Contract from 1.0, before",
        "Reads files .csv",
        "Calls https://api.example.se",
        "at most 5 calls in 1 s",
        "Cannot hold objects",
        "✓ import_ledger Import the books of a year",
        "– attachments",
        "once key Key secret required",
        "per client sheet Sheet str 1",
        "The host finds nothing wrong with it.",
    ):
        assert expected in said.words


def test_it_speaks_swedish(closing: Closing, cash_book: None) -> None:
    said = closing("--lang", "sv", "source", "test", "cash")
    assert "Importera ett års bokföring" in said.words
    assert "Värden finner inget fel på den." in said.words


def test_a_source_that_the_host_cannot_use_says_why_with_its_trace(closing: Closing, cash_book: None) -> None:
    said = closing("source", "test", "broken")
    assert said.code == 8
    assert "The host cannot use broken." in said.words
    assert "RuntimeError: no licence found" in said.words
    assert "Traceback" in said.words
    told = closing("source", "test", "broken", "--json").data
    assert [(each["stage"], each["code"]) for each in told["problems"]] == [("import", "plugin-import-failed")]
    assert closing("source", "test", "unheard-of").code == 8


def test_a_file_is_imported_in_memory_and_nothing_is_stored(closing: Closing, cash_book: None) -> None:
    Path("cash.csv").write_bytes(b"date;account\n")
    said = closing("source", "test", "cash", "cash.csv", "--json")
    read = said.data["file"]
    assert (said.code, read["recognised"], read["company"], read["kept"]) == (0, True, "Bageriet", ["seen.csv"])
    assert read["counts"]["rows"] == 2
    assert {each["id"]: each["outcome"] for each in read["controls"]}["I01"] == "passed"
    assert [each["start"] for each in read["years"]] == ["2025-01-01"]
    Path("strange.csv").write_bytes(b"x")
    shown = closing("source", "test", "cash", "strange.csv")
    assert "does not recognise this file" in shown.words
    assert "0 accounts, 1 vouchers, 2 rows" in shown.words
    assert "Nothing was stored." in shown.words
    assert closing("history", "1").code != 0
    assert list(Path().rglob("*.parquet")) == []


def test_findings_of_severity_error_give_exit_code_1(closing: Closing) -> None:
    Path("broken.se").write_bytes(sie(voucher(1)).replace(b"#TRANS 4010 {} 100.00", b"#TRANS 4010 {} 100.005"))
    said = closing("source", "test", "sie4", "broken.se")
    assert said.code == 1
    assert "100.005" in said.words


def test_a_file_that_is_not_there_and_a_source_without_files_are_told(closing: Closing) -> None:
    missing = closing("source", "test", "sie4", "nowhere.se")
    assert (missing.code, "nowhere.se" in missing.err) == (5, True)
    assert closing("source", "test", "fortnox", "nowhere.se").code == 7
