"""The cases that readers of SIE most often get wrong (sie.md 6.2), each as one small voucher."""

from datetime import date
from typing import Any

import pytest

from closing_host.api.ledger import Ledger
from closing_host.sie import read
from sie_text import HEAD, codes, objects, rows

PLAIN = '#VER A 1 20250115 "Text"\n{\n#TRANS 1930 {} 100.00\n#TRANS 3001 {} -100.00\n}\n'


def row(text: str) -> str:
    return f'#VER A 1 20250115 "Text"\n{{\n{text}\n#TRANS 3001 {{}} -100.00\n}}\n'


def book(records: str, encoding: str = "cp437") -> Ledger:
    return read((HEAD + records).replace("\n", "\r\n").encode(encoding))


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "plain": (PLAIN, {}),
    "blank lines in the block": (PLAIN.replace("{\n", "{\n\n \t\n"), {}),
    "no text": (PLAIN.replace(' "Text"', ""), {}),
    "unknown label": ("#MOMSKOD 1930 10\n" + PLAIN, {}),
    "extra fields": (
        row('#TRANS 1930 {} 100.00 20250116 "a" 1 "AB" later "still later"'),
        {"text": "a", "date": date(2025, 1, 16)},
    ),
    "hash in a text": (row('#TRANS 1930 {} 100.00 "" "nr #1"'), {"text": "nr #1"}),
    "ctrl-Z at the end": (PLAIN + "\x1a", {}),
    "ctrl-Z behind the last brace": (PLAIN[:-1] + "\x1a", {}),
    "tabs between fields": (row("\t#TRANS\t1930\t{}\t100.00\t\t20250116"), {"date": date(2025, 1, 16)}),
    "several blanks and { }": (row("  #TRANS   1930  { }     100.00   "), {}),
    "text after an empty date": (row('#TRANS 1930 {} 100.00 "" "text"'), {"text": "text"}),
    "text without quotes": (row('#TRANS 1930 {} 100.00 "" text'), {"text": "text"}),
    "escaped quote inside": (row(r'#TRANS 1930 {} 100.00 "" "den \"gula\" bilen"'), {"text": 'den "gula" bilen'}),
    "escaped quote last": (row(r'#TRANS 1930 {} 100.00 "" "bilen \"Volvo\""'), {"text": 'bilen "Volvo"'}),
    "lone backslash": (row(r'#TRANS 1930 {} 100.00 "" "C:\x\\y 1820\A012"'), {"text": r"C:\x\\y 1820\A012"}),
    "brace in a text": (row('#TRANS 1930 {} 100.00 "" "a } b { c"'), {"text": "a } b { c"}),
    "object list": (row('#TRANS 1930 {1 "10"} 100.00'), {"objects": [(1, "10")]}),
    "two objects": (row('#TRANS 1930 {"1" "10" 6 P1} 100.00'), {"objects": [(1, "10"), (6, "P1")]}),
    "object code with a brace": (row('#TRANS 1930 {1 "A}1"} 100.00'), {"objects": [(1, "A}1")]}),
    "quoted account and amount": (row('#TRANS "1930" {} "100.00"'), {}),
    "amount without leading zero": (row("#TRANS 1930 {} .50"), {"amount": 50}),
    "amount beyond 2^53 öre": (row("#TRANS 1930 {} 90071992547409.93"), {"amount": 9007199254740993}),
    "amount without decimals": (row("#TRANS 1930 {} -7"), {"amount": -700}),
    "amount with one decimal": (row("#TRANS 1930 {} 7.5"), {"amount": 750}),
    "lower-case labels": (PLAIN.replace("#VER", "#ver").replace("#TRANS", "#trans"), {}),
    "{ line missing": (PLAIN.replace("{\n", ""), {}),
    "{ on the #VER line": (PLAIN.replace('"Text"\n{', '"Text" {'), {}),
    "} missing before the next #VER": (PLAIN.replace("}\n", "") + PLAIN, {"vouchers": 2}),
}


@pytest.mark.parametrize(("records", "expected"), CASES.values(), ids=CASES)
def test_first_row_is_read_right(records: str, expected: dict[str, Any]) -> None:
    read_ = book(records)
    first = read_.rows.row(0, named=True)
    wanted = {"account": "1930", "kind": "booked", "amount": 10000, "text": "", "date": None} | expected
    assert read_.vouchers.height == wanted.pop("vouchers", 1)
    assert objects(read_)[0] == wanted.pop("objects", [])
    assert {name: first[name] for name in wanted} == wanted
    assert rows(read_, "account")[:2] == ["1930", "3001"]
    assert read_.findings.filter(read_.findings["severity"] == "error").is_empty()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\r\r\n"], ids=repr)
def test_any_line_end_is_read(end: str) -> None:
    read_ = read((HEAD + PLAIN).replace("\n", end).encode("cp437"))
    assert rows(read_, "account", "amount") == [("1930", 10000), ("3001", -10000)]
    assert codes(read_) == []


@pytest.mark.parametrize("last", ["", "\n", "\r\n", " ", "\x1a", "\x00\x00"], ids=repr)
def test_any_end_of_file_is_read(last: str) -> None:
    read_ = read((HEAD + PLAIN).rstrip("\n").encode("cp437") + last.encode())
    assert read_.rows.height == 2
    assert codes(read_) == []


@pytest.mark.parametrize("encoding", ["cp437", "utf-8", "utf-8-sig", "cp1252"])
def test_encoding_is_found_whatever_format_says(encoding: str) -> None:
    read_ = book(PLAIN.replace("Text", "Årsavgift för båten Émile"), encoding)
    assert read_.vouchers["text"].to_list() == ["Årsavgift för båten Émile"]
    assert read_.provenance.encoding == encoding
    assert codes(read_) == ([] if encoding == "cp437" else ["sie-encoding-unexpected"])


CORRECTED = "#VER A 1 20250115\n{{\n#TRANS 1930 {{}} 100.00\n#RTRANS {added}\n#TRANS {twin}\n#BTRANS {struck}\n}}\n"


@pytest.mark.parametrize(
    ("added", "twin"),
    [
        ("3001 {} -100.00", "3001 {} -100.00"),
        ('3001 {} -100.00 20250301 "" "" "Eva"', '3001 {} -100.00 20250115 "Text"'),
    ],
    ids=["identical twin", "twin with another date and signature"],
)
def test_corrected_rows_count_once(added: str, twin: str) -> None:
    read_ = book(CORRECTED.format(added=added, twin=twin, struck="3001 {} -75.00"))
    assert rows(read_, "kind", "amount") == [
        ("booked", 10000),
        ("added", -10000),
        ("booked", -10000),
        ("removed", -7500),
    ]
    assert rows(read_, "row") == [0, 1, 2, 3]
    assert codes(read_) == []


def test_empty_series_and_number_are_kept_empty() -> None:
    read_ = book(PLAIN.replace("A 1", '"" ""'))
    assert read_.vouchers.select("series", "number").row(0) == ("", "")
    assert codes(read_) == ["sie-voucher-number-missing", "sie-voucher-series-missing"]
