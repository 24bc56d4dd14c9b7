"""`read` as a whole: sources, recognition, provenance, progress, and what each table holds."""

import hashlib
import io
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from closing_host.api.errors import DataError, UnsupportedFormat
from closing_host.api.ledger import Address, Company, FinancialYear
from closing_host.sie import pieces, read
from sie_text import HEAD, HEAD_LINES, VOUCHER, codes, finding, ledger, objects, rows

WHOLE = """\
#FLAGGA 1
#PROGRAM "Prov \\"X\\"" 1.0
#FORMAT PC8
#GEN 20250131 "Åsa"
#SIETYP 4
#PROSA "En anmärkning"
#FTYP AB
#FNR "C:\\data\\x"
#ORGNR 556677-8899 1 2
#BKOD 47640
#ADRESS "Ada" "Gatan 1" "123 45 Ort" "012-345"
#FNAMN "Provbolaget AB"
#RAR -1 20240101 20241231
#RAR 0 20250101 20251231
#TAXAR 2026
#OMFATTN 20251231
#KPTYP EUBAS97
#VALUTA EUR
#KONTO 1930 "Bank"
#KTYP 1930 T
#SRU 1930 7281
#KONTO 3001 Försäljning
#KTYP 3001 I
#ENHET 3001 st
#SRU 3001 7410
#SRU 3001 7411
#DIM 1 "Kostnadsställe"
#UNDERDIM 21 "Grupp" 1
#OBJEKT 1 "10" "Väst"
#IB 0 1930 100.00 2.5
#UB -1 1930 100
#OIB 0 1930 {1 "10"} 1.00
#PSALDO 0 202501 3001 {} -250.50
#PBUDGET 0 202501 3001 {1 "10"} -.5 -3
#RES 0 3001 -250.5
#VER A 1 20250115 "Kontant" 20250116 "AB"
{
#TRANS 1930 {1 "10" 6 "P1"} 250.50 20250114 "rad" 1.25 "EF"
#TRANS 3001 {} -250.50
}
"""


def test_every_record_is_kept() -> None:
    book = read(WHOLE.encode("cp437"))
    assert book.company == Company(
        name="Provbolaget AB",
        organisation_number="556677-8899",
        form="AB",
        industry_code="47640",
        address=Address("Ada", "Gatan 1", "123 45 Ort", "012-345"),
        source_id="C:\\data\\x",
        acquisition_number="1",
        activity_number="2",
    )
    assert book.years == (
        FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31)),
        FinancialYear(-1, date(2024, 1, 1), date(2024, 12, 31)),
    )
    assert (book.currency, book.chart_type, book.tax_year, book.note) == ("EUR", "EUBAS97", "2026", "En anmärkning")
    assert book.covered_until == date(2025, 12, 31)
    assert book.accounts.rows() == [
        ("1930", "Bank", "T", "", ["7281"]),
        ("3001", "Försäljning", "I", "st", ["7410", "7411"]),
    ]
    assert book.dimensions.rows() == [(1, "Kostnadsställe", None), (21, "Grupp", 1)]
    assert book.objects.rows() == [(1, "10", "Väst")]
    west = [{"dimension": 1, "object": "10"}]
    assert book.balances.rows() == [
        ("IB", 0, None, "1930", [], 10000, Decimal("2.5")),
        ("UB", -1, None, "1930", [], 10000, None),
        ("OIB", 0, None, "1930", west, 100, None),
        ("PSALDO", 0, 202501, "3001", [], -25050, None),
        ("PBUDGET", 0, 202501, "3001", west, -50, Decimal(-3)),
        ("RES", 0, None, "3001", [], -25050, None),
    ]
    assert book.vouchers.rows() == [(0, "A", "1", date(2025, 1, 15), "Kontant", date(2025, 1, 16), "AB", 36)]
    assert book.rows.row(0)[:5] == (0, 0, "booked", "1930", 25050)
    assert objects(book) == [[(1, "10"), (6, "P1")], []]
    assert book.rows.row(0)[6:] == (date(2025, 1, 14), "rad", Decimal("1.25"), "EF", 38)
    assert book.rows.row(1) == (0, 1, "booked", "3001", -25050, [], None, "", None, "", 39)
    assert codes(book) == ["sie-read-before"]


def test_provenance_says_where_the_ledger_came_from() -> None:
    data = WHOLE.encode("cp437")
    said = read(data).provenance
    assert (said.program, said.program_version) == ('Prov "X"', "1.0")
    assert (said.generated_on, said.generated_by, said.read_before) == (date(2025, 1, 31), "Åsa", True)
    assert (said.format, said.encoding, said.checksum) == ("SIE 4E", "cp437", "")
    assert (said.sha256, said.size) == (hashlib.sha256(data).hexdigest(), len(data))


@pytest.mark.parametrize(
    ("sie_type", "records", "expected"),
    [
        ("1", "#UB 0 1930 1\n", "SIE 1"),
        ("2", "", "SIE 2"),
        ("3", VOUCHER, "SIE 3"),
        ("4", "#IB 0 1930 1\n" + VOUCHER, "SIE 4E"),
        ("4", VOUCHER, "SIE 4I"),
        ("4", "", "SIE 4E"),
        ('"4"', VOUCHER, "SIE 4I"),
        ("", "#UB 0 1930 1\n", "SIE 1"),
        ("", VOUCHER, "SIE 4I"),
    ],
)
def test_type_is_as_stated_and_4e_or_4i_by_content(sie_type: str, records: str, expected: str) -> None:
    stated = f"#SIETYP {sie_type}\n" if sie_type else ""
    assert ledger(records, head=HEAD.replace("#SIETYP 4\n", stated)).provenance.format == expected


def test_unknown_type_is_told_and_judged_by_content() -> None:
    book = ledger(VOUCHER, head=HEAD.replace("#SIETYP 4", "#SIETYP 5"))
    assert book.provenance.format == "SIE 4I"
    assert finding(book, "sie-type-unknown")["parameters"] == {"value": "5"}


def test_reads_a_path_bytes_and_files(tmp_path: Path) -> None:
    data = (HEAD + VOUCHER).encode()
    path = tmp_path / "bok.se"
    path.write_bytes(data)
    books = [read(path), read(str(path)), read(data), read(io.BytesIO(data))]
    with path.open("rb") as file:
        books.append(read(file))
    assert {book.provenance.sha256 for book in books} == {hashlib.sha256(data).hexdigest()}
    assert [book.rows.height for book in books] == [2] * 5


def test_file_is_read_from_where_it_stands() -> None:
    file = io.BytesIO(b"something else\n" + (HEAD + VOUCHER).encode())
    file.seek(15)
    book = read(file)
    assert book.rows.height == 2
    assert book.provenance.size == len(HEAD + VOUCHER)


class Stream(io.BytesIO):
    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def test_stream_that_cannot_seek_is_read() -> None:
    assert read(Stream((HEAD + VOUCHER).encode())).rows.height == 2


def test_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "none.se")


@pytest.mark.parametrize(
    "data",
    [
        b'<?xml version="1.0"?>\n<Sie xmlns="http://www.sie.se/sie5">',
        b"\xef\xbb\xbf\r\n <Sie>",
        '<?xml version="1.0" encoding="utf-16"?><Sie/>'.encode("utf-16"),
    ],
)
def test_sie_5_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(UnsupportedFormat) as raised:
        read(data)
    assert raised.value.code == "sie-5-unsupported"


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b"a,b\n1,2\n", b"%PDF-1.7\n\x00\xff", b"x #FLAGGA 0", b"# no label", b"#1"]
)
def test_what_is_no_sie_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedFormat) as raised:
        read(data)
    assert raised.value.code == "sie-not-recognised"


def test_blank_megabytes_are_refused_at_once() -> None:
    for blank in (b"\n", b"\r\n", b" ", b"\t\n", b"{\n"):
        started = time.process_time()
        with pytest.raises(UnsupportedFormat):
            read(blank * 2**20)
        assert time.process_time() - started < 2


def test_any_label_is_enough_to_be_read() -> None:
    book = read(b"rubbish\n \t#MOMSKOD 1\n")
    assert finding(book, "sie-label-unknown")["parameters"]["label"] == "MOMSKOD"
    assert finding(book, "sie-line-unreadable")["text"] == "rubbish"


def test_encoding_asked_for_overrules_the_bytes() -> None:
    text = VOUCHER.replace("Text", "Åsa")
    assert ledger(text, encoding="cp437").vouchers["text"][0] == "Åsa"
    assert ledger(text, encoding="cp437").provenance.encoding == "cp437"
    overruled = read((HEAD + text).encode("utf-8"), encoding="cp437")
    assert overruled.vouchers["text"][0] == "├àsa"
    assert finding(overruled, "sie-letters-garbled")["line"] == HEAD_LINES + 1


def test_unknown_encoding_is_refused() -> None:
    for encoding in ("klingon", "hex", "a\0b"):
        with pytest.raises(DataError) as raised:
            read(HEAD.encode(), encoding=encoding)
        assert raised.value.code == "sie-encoding-unknown"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_with_wide_characters_are_read(encoding: str) -> None:
    text = HEAD + VOUCHER.replace("Text", "Åsa")
    asked = encoding if encoding == "utf-32" else None
    book = read(text.encode(encoding), encoding=asked)
    assert book.vouchers["text"][0] == "Åsa"
    assert book.provenance.encoding.startswith(encoding)
    assert book.provenance.size == len(text.encode(encoding))


def test_progress_is_told_after_each_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE", 64)
    data = (HEAD + VOUCHER * 5).encode()
    told: list[tuple[int, int]] = []
    book = read(data, progress=lambda done, total: told.append((done, total)))
    assert book.rows.height == 10
    assert told[-1] == (len(data), len(data))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert [done for done, _ in told[:3]] == [64, 128, 192]


def test_what_progress_raises_passes_through() -> None:
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read((HEAD + VOUCHER).encode(), progress=cancel)


@pytest.mark.parametrize("size", [40, 64, 100, 333])
def test_pieces_do_not_show_in_the_ledger(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    records = (
        "#KSUMMA\n#KONTO 1930 Bank\n"
        + VOUCHER * 3
        + "#VER A 2 20250116\n{\n#RTRANS 1930 {} 5\n#TRANS 1930 {} 5\n}\n#TRANS 1 {} 1\n#VER B 1 20250117 {\n"
        + "#TRANS 1930 {} 7\n} #VER B 2 20250117\n#KSUMMA 1\n"
    )
    data = (HEAD + records).encode()
    whole = read(data)
    monkeypatch.setattr(pieces, "PIECE", size)
    parts = read(data)
    for table, frame in whole.tables.items():
        assert frame.equals(parts.tables[table]), table
    assert whole.provenance == parts.provenance


def test_rows_are_numbered_within_their_voucher() -> None:
    book = ledger(VOUCHER + VOUCHER)
    assert rows(book, "voucher", "row", "line") == [
        (0, 0, HEAD_LINES + 3),
        (0, 1, HEAD_LINES + 4),
        (1, 0, HEAD_LINES + 8),
        (1, 1, HEAD_LINES + 9),
    ]


def test_broken_and_long_years_are_kept() -> None:
    head = HEAD.replace("#RAR 0 20250101 20251231", "#RAR 0 20240701 20251231\n#RAR -1 20230701 20240630")
    book = ledger("", head=head)
    assert book.year == FinancialYear(0, date(2024, 7, 1), date(2025, 12, 31))
    assert codes(book) == []


def test_vouchers_without_a_year_are_read_and_told() -> None:
    head = HEAD.replace("#RAR 0 20250101 20251231\n", "")
    assert codes(ledger(VOUCHER, head=head)) == ["sie-year-unstated"]
    book = ledger("#UB 0 1930 1\n" + VOUCHER, head=head)
    assert book.year is None
    assert codes(book) == ["sie-year-missing"]
