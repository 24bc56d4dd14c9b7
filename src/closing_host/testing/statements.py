"""What an author states of the books that a test imports: the witness that the import is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Books:
    """Facts of one financial year, taken from anywhere but the source under test (a report, a count by hand, the fake
    server's own data).

    `start` and `end`: the year; a fake server states them, for a file they may be left out. `vouchers`: how many.
    `sums`: for some or all accounts, the sum of the year's booked rows. `opening`: opening balances of some or all
    accounts. Both are integer öre, debit positive. `texts`: texts that stand in the books (names of accounts, texts of
    vouchers or rows); one of them with å, ä or ö.
    """

    start: date | None = None
    end: date | None = None
    vouchers: int
    sums: Mapping[str, int] = field(default_factory=dict)
    opening: Mapping[str, int] = field(default_factory=dict)
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Sample(Books):
    """A file that the source reads well, with the facts of its books.

    `file` is a path or the bytes. `name`: what the user calls it; by default the path's name, or `sample` with the
    first suffix that the source declares.
    """

    file: Path | bytes = field(kw_only=False)
    name: str = field(default="", kw_only=False)

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.file if isinstance(self.file, bytes) else self.file.read_bytes()
