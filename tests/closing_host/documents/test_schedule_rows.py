import io
import time
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attachable import archive, workbook
from closing_host.api.errors import DataError
from closing_host.api.money import MAX_ORE
from closing_host.closing.schedule import MOST_ROWS, ScheduleRow
from closing_host.documents import schedule_rows
from closing_host.documents.schedule_rows import read_rows


def written(folder: Path, content: bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def pairs(path: Path) -> list[tuple[str, int]]:
    return [(row.text, row.amount) for row in read_rows(path)]


@pytest.mark.parametrize(
    "text",
    [
        "Text;Belopp\r\nRänta;1 234,50\r\nMoms;-7\r\n",
        "Ränta;1234,5\n\nMoms;-7,00\n;\n",
        'Ränta,"1 234,50"\nMoms,-7.00\n',
        "Vad\tHur mycket\nRänta\t1234.50\nMoms\t-7\n",
        "\ufeffRänta;1\u00a0234,50\nMoms;\u22127\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_csv_as_people_write_it(tmp_path: Path, text: str, encoding: str) -> None:
    plain = text if encoding == "utf-8" else text.removeprefix("\ufeff")
    plain = plain.replace("\u2212", "-") if encoding == "cp1252" else plain
    assert pairs(written(tmp_path, plain.encode(encoding))) == [("Ränta", 123_450), ("Moms", -700)]


def test_workbook_with_a_title_numbers_texts_and_dates(tmp_path: Path) -> None:
    content = workbook(
        ("Text", "Belopp"),
        ("Ränta", 1234.5),
        (None, None),
        (date(2025, 3, 1), "1 000,25"),
        (17, 3),
        ("Summa", 0.1 + 0.2),
    )
    assert pairs(written(tmp_path, content, "rows.XLSX")) == [
        ("Ränta", 123_450),
        ("2025-03-01", 100_025),
        ("17", 300),
        ("Summa", 30),
    ]


@settings(max_examples=30, deadline=None)
@given(st.integers(-(10**14), 10**14))
def test_amounts_of_a_workbook_are_exact(tmp_path_factory: pytest.TempPathFactory, ore: int) -> None:
    path = written(tmp_path_factory.mktemp("x"), workbook(("x", ore / 100)), "rows.xlsx")
    assert pairs(path) == [("x", ore)]


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (b"a;1\nb;x\n", "rows-amount", 2),
        (b"a;1,234\n", "rows-amount", None),
        (b"a;1\nb;1,234\n", "rows-amount", 2),
        (b"a;1\nb\n", "rows-amount", 2),
        (b"a\n", "rows-amount", 1),
        (b"a;1\n;2\n", "rows-textless", 2),
        (b"a;1;3\n", "rows-columns", 1),
        (b"a,1,50\n", "rows-columns", 1),
        (b"Text;Belopp\n", "rows-none", None),
        (b"\n\n", "rows-none", None),
        (b'a;"1\n', "rows-unreadable", None),
        (b"a;1\nText;Belopp\n", "rows-amount", 2),
        (f"a;{MAX_ORE}\nb;{MAX_ORE}\n".encode(), "rows-amount", 2),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, content: bytes, code: str, line: int | None) -> None:
    with pytest.raises(DataError) as caught:
        read_rows(written(tmp_path, content))
    if code == "rows-amount" and line is None:  # a first line without amount is a title, and nothing is left
        code = "rows-none"
    assert caught.value.code == code
    assert caught.value.parameters.get("line") == line


@pytest.mark.parametrize("cell", [True, float("1e300"), "abc", 0.001])
def test_a_cell_that_is_no_amount_is_told(tmp_path: Path, cell: object) -> None:
    with pytest.raises(DataError, match="rows-amount"):
        read_rows(written(tmp_path, workbook(("a", 1), ("b", cell)), "rows.xlsx"))


def test_an_amount_beside_an_empty_cell_has_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rows-textless"):
        read_rows(written(tmp_path, workbook((None, 5)), "rows.xlsx"))


def test_other_files_are_refused(tmp_path: Path) -> None:
    for name, content, code in (
        ("rows.pdf", b"%PDF-", "rows-file-type"),
        ("rows.xlsx", b"a;1", "attached-file-content"),
        ("rows.csv", b"a\0;1", "attached-file-content"),
        ("rows.csv", b"", "attached-file-empty"),
    ):
        with pytest.raises(DataError, match=code):
            read_rows(written(tmp_path, content, name))
    with pytest.raises(DataError, match="file-unreadable"):
        read_rows(tmp_path / "none.csv")


def test_large_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule_rows, "MOST_BYTES", 10)
    with pytest.raises(DataError, match="rows-file-large"):
        read_rows(written(tmp_path, b"a;1\n" * 9))


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, workbook(("a", 1)), "rows.xlsx")
    monkeypatch.setattr(schedule_rows, "MOST_UNPACKED", 1000)
    with pytest.raises(DataError, match="rows-file-large"):
        read_rows(path)


def test_a_workbook_of_nothing_but_empty_cells_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """14 kB that would take seven seconds and 700 MB."""
    with zipfile.ZipFile(io.BytesIO(workbook(("a", 1)))) as book:
        parts = {each: book.read(each) for each in book.namelist()}
    head, _, tail = parts["xl/worksheets/sheet1.xml"].partition(b"<sheetData>")
    empty = b"<sheetData><row>" + b"<c/>" * 2_000_000 + b"</row></sheetData>"
    parts["xl/worksheets/sheet1.xml"] = head + empty + tail.partition(b"</sheetData>")[2]
    began = time.process_time()
    with pytest.raises(DataError, match="rows-file-large"):
        read_rows(written(tmp_path, archive(parts), "rows.xlsx"))
    assert time.process_time() - began < 2


def test_ordinary_rows_stay_below_the_count_of_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a schedule holds, at a tenth."""
    few = MOST_ROWS // 10
    monkeypatch.setattr(schedule_rows, "MOST_TAGS", schedule_rows.MOST_TAGS // 10)
    path = written(tmp_path, workbook(*((f"Post {number}", number + 0.5) for number in range(few))), "rows.xlsx")
    assert len(read_rows(path)) == few


def test_a_workbook_that_is_none_inside_is_told(tmp_path: Path) -> None:
    content = archive({"[Content_Types].xml": b"<x", "xl/workbook.xml": b"<"}, zipfile.ZIP_STORED)
    with pytest.raises(DataError, match="rows-unreadable"):
        read_rows(written(tmp_path, content, "rows.xlsx"))


def test_a_formula_counts_by_its_stored_value_only(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="rows-amount"):  # never computed by a program, so there is no value
        read_rows(written(tmp_path, workbook(("a", 1), ("b", "=1+1")), "rows.xlsx"))


def test_rows_are_schedule_rows(tmp_path: Path) -> None:
    assert read_rows(written(tmp_path, b"a;1")) == (ScheduleRow("a", 100),)
