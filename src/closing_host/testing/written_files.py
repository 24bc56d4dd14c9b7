"""The `export_file` hook: vouchers as a file for the source's program."""

from datetime import date
from typing import Final

from closing_host.api.context import FileRequest
from closing_host.api.ledger import Company, FinancialYear
from closing_host.api.vouchers import DraftRow, VoucherDraft, WrittenFile
from closing_host.testing.author import Author
from closing_host.testing.bench import Bench, Login
from closing_host.testing.rules import expect, rule

_REQUEST: Final = FileRequest(
    Company("Åkeri Öst AB", "556000-4615"),
    FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31)),
    (
        VoucherDraft(
            "BKABCDEFGHIJKLMNOP",
            date(2025, 12, 31),
            "V1 Upplupna löner",
            (DraftRow("7010", 1_200_010), DraftRow("2910", -1_200_010)),
        ),
    ),
)
_UNSAFE: Final = frozenset('/\\:*?"<>|')


class WrittenFileTests(Author):
    """Files out."""

    @rule("files", "export_file")
    def test_written_file_can_be_handed_on(self, bench: Bench) -> None:
        """A plain name, the accounts and the date in the bytes, and the same bytes for the same vouchers."""
        first, second = _written(bench), _written(bench)
        expect(
            bool(first.name.strip(". ")) and not set(first.name) & _UNSAFE and first.name.isprintable(),
            f"Your `export_file` offers the name {first.name!r}.",
            "Give a plain file name without folders.",
        )
        expect(
            all(each in first.content for each in (b"7010", b"2910")),
            "The accounts of the vouchers do not stand in what your `export_file` wrote.",
            "Write every row of every voucher; say with a finding what the format cannot hold.",
        )
        expect(
            first.content == second.content,
            "Your `export_file` wrote two different files for the same vouchers.",
            "Take the time from `context.clock`, and put no random value into the file.",
        )


def _written(bench: Bench) -> WrittenFile:
    file: WrittenFile = bench.run(bench.call("export_file", _REQUEST, Login(bench.connection)))
    return file
