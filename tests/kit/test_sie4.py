"""The built-in source of SIE files keeps the contract."""

from closing_host.testing import DataSourceTests, Sample
from kit.sie_books import BOOKS, sie_file


class TestSie4(DataSourceTests):
    source = "sie4"
    samples = (
        Sample(sie_file(), "2025.se", **BOOKS),
        Sample(sie_file(encoding="utf-8"), "2025-utf8.se", **BOOKS),
    )

    def write_file(self, vouchers: int) -> bytes:
        return sie_file(vouchers)
