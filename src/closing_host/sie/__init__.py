"""SIE types 1-4, the Swedish interchange format of books: `read` makes a `Ledger` of a file, `write` the file."""

from closing_host.sie.reader import read
from closing_host.sie.writer import write

__all__ = ["read", "write"]
