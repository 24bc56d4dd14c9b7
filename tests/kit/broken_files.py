"""Sources of files that are wrong in one way each: `GoodFile` with one method changed."""

from closing_host.api.context import Context
from closing_host.api.ledger import Ledger, LedgerBuilder
from kit.good_file import GoodFile, SieFile


class ClosesWithTheOtherSign(GoodFile):
    def closing(self, ore: int) -> int:
        return -ore


class ClaimsEverything(GoodFile):
    def recognises(self, head: bytes) -> bool:
        return True


class ReadsAnything(GoodFile):
    def lines(self, lines: list[str], name: str) -> list[list[str]]:
        return [line.split(";") for line in lines]


class TakesBatches(SieFile):
    """Makes books of vouchers that are on their way between two programs."""


class ShoutsNames(GoodFile):
    def add(self, books: LedgerBuilder, line: list[str]) -> None:
        super().add(books, [*line[:2], line[2].upper(), *line[3:]] if line[0] == "account" else line)


class FilesIntoFolders(GoodFile):
    def file_name(self) -> str:
        return "../closing.books"


class OneBuilderForAll(GoodFile):
    latest: LedgerBuilder

    def parsed(self, lines: list[list[str]], context: Context) -> LedgerBuilder | Ledger:
        type(self).latest = LedgerBuilder(*self.heading(lines))
        for done, line in enumerate(lines[1:], 1):
            context.progress("", done, len(lines))
            self.add(self.latest, line)
        return self.latest
