"""The conformance kit's test of the source, and what is its own: where it says that a line is wrong."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

import csv_ledger
from closing_host.api.context import ImportRequest, SourceFile
from closing_host.api.errors import DataError
from closing_host.testing import DataSourceTests, Sample

BOOKS = Path(__file__).parent / "samples" / "books.csv"
HEAD = "company;Ängs & Åkers Snickeri AB;559812-3452;2025-01-01;2025-12-31"


class TestCsvLedger(DataSourceTests):
    """Everything that the contract promises."""

    source: ClassVar[object] = csv_ledger
    samples = (
        Sample(
            BOOKS,
            vouchers=3,
            sums={"1930": 4_249_50, "1510": 0, "3001": -12_500_00},
            opening={"1930": 50_000_00, "2081": -50_000_00},
            texts=("Försäljning till Öst & Väst", "Bord i ek; två stolar"),
        ),
    )

    def write_file(self, vouchers: int) -> bytes:
        """A year of rents."""
        lines = [HEAD, "account;1930;Företagskonto", "account;5010;Lokalhyra"]
        for number in range(1, vouchers + 1):
            lines += [f"voucher;A;{number};2025-01-07;Hyra", "row;5010;1,25", "row;1930;-1,25"]
        return "\r\n".join(lines).encode()


def imported(folder: Path, *lines: str, encoding: str = "utf-8") -> Any:
    """The books of these lines, in `encoding`."""
    path = folder / "upload"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    context: Any = SimpleNamespace(progress=lambda stage, done, total: None)
    return csv_ledger.import_ledger(ImportRequest(file=SourceFile("böcker.csv", path)), context)


@pytest.mark.parametrize(
    ("lines", "code", "line", "column"),
    [
        ((), "csv-ledger-company-first", 1, 1),
        (("account;1930;Bank",), "csv-ledger-company-first", 1, 1),
        (("company;Bolaget;559812-3452;2025-01-01;31 dec",), "csv-ledger-date-wrong", 1, 5),
        ((HEAD, "", "account;1930;Bank;;;", "opening;1930;1,005"), "csv-ledger-amount-wrong", 4, 3),
        ((HEAD, "voucher;A;1;2025-02-30;Hyra"), "csv-ledger-date-wrong", 2, 4),
        ((HEAD, "row;1930;100"), "csv-ledger-line-unknown", 2, 1),
        ((HEAD, "budget;1930;100"), "csv-ledger-line-unknown", 2, 1),
        ((HEAD, "account;1930;Bank;a;b;c"), "csv-ledger-line-unknown", 2, 1),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_cell(
    lines: tuple[str, ...], code: str, line: int, column: int, tmp_path: Path
) -> None:
    """And nothing is imported."""
    with pytest.raises(DataError) as refused:
        imported(tmp_path, *lines)
    place = [refused.value.parameters[name] for name in ("file", "line", "column")]
    assert (refused.value.code, place) == (code, ["böcker.csv", line, column])


def test_another_encoding_is_told_instead_of_guessed(tmp_path: Path) -> None:
    """The user can choose it."""
    with pytest.raises(DataError, match="csv-ledger-unreadable"):
        imported(tmp_path, HEAD, encoding="cp1252")
