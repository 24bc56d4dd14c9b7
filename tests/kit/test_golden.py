"""A golden file is written, holds, and shows what has changed."""

import re
from pathlib import Path

import pytest

from closing_host import sie
from closing_host.testing import DataSourceTests, Sample
from closing_host.testing.applying import why_not
from closing_host.testing.golden import SHOWN_LINES, Update, differences, golden_of, ledger_text
from closing_host.testing.rules import ContractBroken, rules_of
from small_sie import sie as sie_file
from small_sie import voucher

NAME = "test_books_are_as_the_golden_file_says"


def author(sample: Path) -> type[DataSourceTests]:
    class Author(DataSourceTests):
        source = "sie4"
        samples = (Sample(sample, vouchers=1),)

    return Author


def tried(cls: type[DataSourceTests], folder: Path) -> None:
    folder.mkdir()
    with cls.open(folder) as bench:
        getattr(cls(), NAME)(bench)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "2025.se"
    file.write_bytes(sie_file(voucher(1)))
    return file


def test_it_is_written_on_demand_and_compared_from_then_on(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cls = author(sample)
    rule = rules_of(cls)[NAME]
    assert "golden" in why_not(cls, rule)
    monkeypatch.setattr(Update, "wanted", True)
    assert why_not(cls, rule) == ""
    tried(cls, tmp_path / "first")
    monkeypatch.setattr(Update, "wanted", False)
    assert why_not(cls, rule) == ""
    tried(cls, tmp_path / "second")
    golden = golden_of(sample)
    golden.write_text(golden.read_text("utf-8").replace("amount=100.00", "amount=100.01", 1), "utf-8")
    with pytest.raises(ContractBroken, match=r"(?s)-.*amount=100\.01.*\+.*amount=100\.00.*--update-golden"):
        tried(cls, tmp_path / "third")


def test_the_text_says_everything_that_the_file_says(sample: Path) -> None:
    text = ledger_text(sie.read(sample))
    assert "company name='Åkes Bageri AB' organisation_number='556677-8899'" in text
    assert "year 0: 2025-01-01 – 2025-12-31" in text
    assert "account account='1930' name='Konto 1930'" in text
    assert "balance kind='IB' year=0 account='1930' amount=1000.00" in text
    assert re.search(r"^voucher series='A' number='1' date=2025-\d\d-10 text='Köp 1'$", text, re.MULTILINE)
    assert "  row kind='booked' account='4010' amount=100.00" in text
    assert "sha256" not in text


def test_objects_quantities_and_findings_stand_in_it(tmp_path: Path) -> None:
    content = sie_file(voucher(1)).replace(b"#TRANS 4010 {} 100.00", b'#TRANS 4010 {1 "10"} 100.00 20250110 "" 2.5')
    content = content.replace(b"#KONTO 1930", b'#DIM 1 "Plats"\r\n#OBJEKT 1 "10" "Norr"\r\n#KONTO 1930', 1)
    content += b"#UNHEARD 1\r\n"
    text = ledger_text(sie.read(content))
    assert "objects=1:10" in text
    assert "quantity=2.5" in text
    assert "object dimension=1 object='10' name='Norr'" in text
    assert "finding code=" in text


def test_a_long_difference_is_cut() -> None:
    shown = differences("a\n" * 200, "b\n" * 200, "x").splitlines()
    assert len(shown) == SHOWN_LINES + 1
    assert shown[-1].endswith("more lines")
    assert differences("a\n", "a\n", "x") == ""
