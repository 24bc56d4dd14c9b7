import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import Cell
from openpyxl.utils.escape import unescape

from closing_host.api.ledger import OBJECTS
from closing_host.documents import write_xlsx, xlsx

CREATED = datetime(2025, 12, 31, 12, 0, tzinfo=UTC)


def written(sheets: Mapping[str, pl.DataFrame]) -> bytes:
    file = io.BytesIO()
    write_xlsx(sheets, file, created=CREATED)
    return file.getvalue()


def read_back(frame: pl.DataFrame) -> list[list[Cell]]:
    book = openpyxl.load_workbook(io.BytesIO(written({"x": frame})))
    return [list(row) for row in book["x"].iter_rows()]


def one(series: pl.Series) -> Cell:
    return read_back(series.to_frame("x"))[1][0]


@pytest.mark.parametrize(
    ("ore", "kronor"), [(5, 0.05), (-50, -0.5), (123456, 1234.56), (999999999999999, 9999999999999.99)]
)
def test_money_is_a_number_with_a_format(ore: int, kronor: float) -> None:
    cell = one(pl.Series([ore], dtype=pl.Int64))
    assert (cell.data_type, cell.value, cell.number_format) == ("n", kronor, "#,##0.00")


def test_money_stands_in_the_file_digit_by_digit() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(written({"x": pl.DataFrame({"x": [999999999999998]})}))).read(
        "xl/worksheets/sheet1.xml"
    )
    assert b"<v>9999999999999.98</v>" in sheet


def test_amount_that_a_spreadsheet_cannot_hold_exactly_is_text() -> None:
    cell = one(pl.Series([10**15 + 1], dtype=pl.Int64))
    assert (cell.data_type, cell.value) == ("s", "10000000000000.01")


def test_dates_are_dates() -> None:
    cell = one(pl.Series([date(2025, 1, 31)]))
    assert (cell.value, cell.number_format) == (datetime(2025, 1, 31), "yyyy-mm-dd")  # noqa: DTZ001
    assert one(pl.Series([date(1899, 1, 31)])).value == "1899-01-31"


def test_numbers_truths_and_quantities_keep_their_kind() -> None:
    assert one(pl.Series([7], dtype=pl.UInt32)).value == 7
    assert one(pl.Series([True])).value is True
    assert one(pl.Series([Decimal("1.25")], dtype=pl.Decimal(38, 6))).value == 1.25
    assert one(pl.Series([0.5])).value == 0.5
    assert one(pl.Series([float("nan")])).value == "nan"


def test_objects_are_readable_text() -> None:
    pairs = [{"dimension": 1, "object": "10"}, {"dimension": 6, "object": "P1"}]
    assert one(pl.Series([pairs], dtype=OBJECTS)).value == "1:10 6:P1"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "{=1}", "http://x.se", "'a", "1930", "<r><t>x</t></r>", "_x0041_"]
)
def test_text_is_a_string_and_no_formula_link_or_number(text: str) -> None:
    cell = one(pl.Series([text]))
    assert cell.data_type == "s"
    assert cell.hyperlink is None
    assert unescape(str(cell.value)).strip() == text


_ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
_TEXTS = st.lists(_ANY | st.sampled_from(["=", "<r>", "</r>", "&", "\ufffe"]), max_size=4).map("".join)


@settings(deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=20))
def test_any_text_comes_back_as_text(texts: list[str]) -> None:
    rows = read_back(pl.DataFrame({"x": texts, "end": "end"}))[1:]
    for text, (cell, _) in zip(texts, rows, strict=True):
        assert cell.data_type == ("s" if text else "n")  # openpyxl says "n" of an empty cell
        rich = text.startswith("<r>") and text.endswith("</r>")
        assert unescape(cell.value or "") == (f"{text} " if rich else text)


def test_text_too_long_for_a_cell_is_cut_where_it_shows() -> None:
    value = one(pl.Series(["🙂" * 20_000])).value
    assert isinstance(value, str)
    assert value.endswith("🙂 […]")
    assert len(value.encode("utf-16-le")) // 2 <= 32_767


def test_table_of_too_many_rows_goes_on_in_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 4)
    book = openpyxl.load_workbook(io.BytesIO(written({"rows": pl.DataFrame({"x": list("abcdefg")})})))
    assert book.sheetnames == ["rows", "rows (2)", "rows (3)"]
    values = [[cell.value for cell in sheet["A"]] for sheet in book.worksheets]
    assert values == [["x", "a", "b", "c"], ["x", "d", "e", "f"], ["x", "g"]]


def test_sheet_names_are_made_legal_and_different() -> None:
    empty = pl.DataFrame({"x": [1]})
    names = ["a/b", "A b", "'", "å" * 40, "å" * 35]
    book = openpyxl.load_workbook(io.BytesIO(written(dict.fromkeys(names, empty))))
    assert book.sheetnames == ["a b", "A b (2)", "table", "å" * 31, "å" * 27 + " (2)"]


def test_empty_table_has_its_header() -> None:
    assert [[cell.value for cell in row] for row in read_back(pl.DataFrame({"a": [], "b": []}))] == [["a", "b"]]


def test_bytes_are_the_same_twice_and_hold_the_given_date() -> None:
    sheets = {"x": pl.DataFrame({"x": ["å", "b"], "y": [1, 2]})}
    assert written(sheets) == written(sheets)
    assert openpyxl.load_workbook(io.BytesIO(written(sheets))).properties.created == CREATED.replace(tzinfo=None)
