"""The built-in source of SIE files keeps the contract."""

from pathlib import Path

from closing_host.testing import DataSourceTests, Sample
from kit.sie_books import BOOKS, sie_file

YEAR = Path(__file__).parent / "books" / "2025.se"
"""A whole year of a made-up company, with its golden file beside it."""


class TestSie4(DataSourceTests):
    source = "sie4"
    samples = (
        Sample(sie_file(), "2025.se", **BOOKS),
        Sample(sie_file(encoding="utf-8"), "2025-utf8.se", **BOOKS),
        Sample(YEAR, vouchers=202, sums={"7010": 84_000_000}, texts=("Årets resultat",)),
    )

    def write_file(self, vouchers: int) -> bytes:
        return sie_file(vouchers)
