import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from closing_host.api.ledger import OBJECTS, SCHEMAS, empty
from closing_host.documents import write_csv

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def read_back(frame: pl.DataFrame) -> list[list[str]]:
    file = io.BytesIO()
    write_csv(frame, file)
    return list(csv.reader(io.StringIO(file.getvalue().decode("utf-8"), newline="")))


def one(series: pl.Series) -> str:
    return read_back(series.to_frame("x"))[1][0]


@pytest.mark.parametrize(
    ("ore", "kronor"),
    [(0, "0.00"), (5, "0.05"), (-50, "-0.50"), (123456, "1234.56"), (2**63 - 1, "92233720368547758.07")],
)
def test_money_is_kronor_with_two_decimals(ore: int, kronor: str) -> None:
    assert one(pl.Series([ore], dtype=pl.Int64)) == kronor


def test_dates_counts_and_nothing_are_plain() -> None:
    frame = pl.DataFrame({"d": [date(2025, 1, 31), None], "n": pl.Series([7, None], dtype=pl.UInt32)})
    assert read_back(frame) == [["d", "n"], ["2025-01-31", "7"], ["", ""]]


def test_moments_are_text_by_iso_8601() -> None:
    assert one(pl.Series([datetime(2025, 1, 31, 8, 5, tzinfo=UTC)])).startswith("2025-01-31T08:05:00")


def test_objects_and_codes_are_readable() -> None:
    pairs = [{"dimension": 1, "object": "10"}, {"dimension": 6, "object": "P1"}]
    frame = pl.DataFrame({"objects": pl.Series([pairs, []], dtype=OBJECTS), "sru": [["7251", "7252"], []]})
    assert read_back(frame) == [["objects", "sru"], ["1:10 6:P1", "7251 7252"], ["", ""]]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_a_program_would_run_is_defused(start: str) -> None:
    assert one(pl.Series([f"{start}1+1"])) == f"'{start}1+1"
    assert one(pl.Series([f"{start}1"], dtype=pl.Enum([f"{start}1"]))) == f"'{start}1"
    assert one(pl.Series([[f"{start}1", "b"]])) == f"'{start}1 b"
    assert read_back(pl.DataFrame({f"{start}1": [1]}))[0] == [f"'{start}1"]


def test_negative_numbers_are_not_defused() -> None:
    assert one(pl.Series([-1], dtype=pl.Int16)) == "-1"


@settings(deadline=None)
@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_text_comes_back_and_never_as_a_formula(texts: list[str]) -> None:
    cells = [row[0] if row else "" for row in read_back(pl.DataFrame({"x": texts, "y": "end"}))[1:]]
    assert cells == [f"'{text}" if text.startswith(FORMULA_STARTS) else text for text in texts]


def test_empty_table_has_its_header() -> None:
    assert read_back(empty("rows")) == [list(SCHEMAS["rows"])]


def test_bytes_are_the_same_twice_and_end_lines_with_crlf(tmp_path: Path) -> None:
    frame = pl.DataFrame({"x": ["å"]})
    for name in ("a.csv", "b.csv"):
        write_csv(frame, tmp_path / name)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes() == "x\r\nå\r\n".encode()


def test_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    target.write_bytes(b"old")
    with pytest.raises(pl.exceptions.PolarsError):
        write_csv(pl.DataFrame({"x": [object()]}), target)
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]
