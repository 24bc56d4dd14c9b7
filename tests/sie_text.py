"""Small SIE texts for tests, and short ways to look at what became of them."""

from typing import Any

from closing_host.api.ledger import Ledger
from closing_host.sie import read

HEAD = """\
#FLAGGA 0
#PROGRAM "Prov" 1.0
#FORMAT PC8
#GEN 20250131
#SIETYP 4
#FNAMN "Provbolaget AB"
#RAR 0 20250101 20251231
"""
HEAD_LINES = HEAD.count("\n")

VOUCHER = '#VER A 1 20250115 "Text"\n{\n#TRANS 1930 {} 100.00\n#TRANS 3001 {} -100.00\n}\n'


def ledger(records: str, *, head: str = HEAD, encoding: str = "cp437", **options: Any) -> Ledger:
    """The ledger of `head` and `records`, written in `encoding`."""
    return read((head + records).encode(encoding), **options)


def rows(book: Ledger, *columns: str) -> list[Any]:
    """Values of the rows: tuples, or plain values for one column."""
    found = book.rows.select(columns).rows()
    return [row[0] for row in found] if len(columns) == 1 else found


def objects(book: Ledger) -> list[list[tuple[int, str]]]:
    """The object list of each row."""
    return [[(each["dimension"], each["object"]) for each in row] for row in book.rows["objects"].to_list()]


def codes(book: Ledger) -> list[str]:
    """Codes of the findings, sorted by place."""
    return book.findings["code"].to_list()


def finding(book: Ledger, code: str) -> dict[str, Any]:
    """The only finding with `code`, its parameters as a dict."""
    (found,) = [each for each in book.findings.iter_rows(named=True) if each["code"] == code]
    return found | {"parameters": {each["name"]: each["value"] for each in found["parameters"]}}
