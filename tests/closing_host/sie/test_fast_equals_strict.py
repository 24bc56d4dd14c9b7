"""The columnar and the line-by-line reading give the same ledger: on real files, and on made-up ones."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from closing_host.sie import lines, patterns, pieces
from closing_host.sie.object_lists import ObjectLists
from closing_host.sie.reader import read_ledger
from sie_samples import MISSING, sample_files
from sie_text import HEAD


def same(data: bytes) -> None:
    columnar, strict = read_ledger(data), read_ledger(data, line_by_line=True)
    for table, frame in columnar.tables.items():
        assert_frame_equal(frame, strict.tables[table])
    for part in ("company", "years", "provenance", "currency", "note", "covered_until"):
        assert getattr(columnar, part) == getattr(strict, part)


@pytest.mark.parametrize("path", sample_files() or [None], ids=lambda path: path.name if path else "none")
def test_real_files(path: Path | None) -> None:
    if path is None:
        pytest.skip(MISSING)
    same(path.read_bytes())


BLANK = st.sampled_from(["", " ", " ", " ", "\t", "  ", " \t"])
WORD = st.text('aåÖ1 \\"{}#\t-.\x01é', max_size=6)
FIELD = st.one_of(
    st.sampled_from(["", '""', "A", "1930", '"1930"', "3001", "19", "DIFF", "0", "-1", "x", "}", "{", '"', "\\"]),
    st.sampled_from(["20250115", '"20250115"', "20250230", "2025-01-15", "18991231", "202501", "202513", "25"]),
    st.sampled_from(["100.00", "-0.5", ".50", "1.005", "5,25", "+5", '"7"', "9" * 14, "100000000000000.01", "1 000"]),
    st.sampled_from(["{}", "{ }", '{1 "10"}', '{"1" "A}1" 6 P1}', "{1 10 6}", "{A 1}", "{1\t10}", '{1 "a\\"b"}', "{1"]),
    WORD.map(lambda text: '"' + text.replace('"', '\\"') + '"'),
    WORD,
)
LABEL = st.one_of(
    st.sampled_from(["#TRANS", "#TRANS", "#TRANS", "#RTRANS", "#BTRANS", "#trans", "#VER", "#VER", "#ver", "{", "}"]),
    st.sampled_from(["#IB", "#UB", "#RES", "#OIB", "#OUB", "#PSALDO", "#PBUDGET", "#KONTO", "#SRU"]),
    st.sampled_from(["#VERX", "#", "", "fri text"]),
)


@st.composite
def wild_line(draw: st.DrawFn) -> str:
    """Anything that looks a little like a record."""
    parts = [draw(BLANK), draw(LABEL)]
    for _ in range(draw(st.integers(0, 8))):
        parts += [draw(BLANK), draw(FIELD)]
    return "".join([*parts, draw(BLANK)])


DATE = st.sampled_from(["20250115", '"20250115"', "20251231", "20250230"])
OBJECTS = st.sampled_from(["{}", "{ }", '{1 "10"}', '{"1" "10" "6" "P1"}', "{6 P1}", '{1 "A}1"}', "{1 10 6}"])
AMOUNT = st.sampled_from(["100.00", "-100", "0", "-0.5", "0.05", "1.", "12345678901.99", "1.005"])
TEXT = st.one_of(
    st.sampled_from(['""', "Faktura", '"Åsa & Co"', r'"den \"gula\""', r'"C:\x\\y"', r'"slut\""', r'"C:\"']),
    WORD.map(lambda text: '"' + text.replace('"', '\\"') + '"'),
)
QUANTITY = st.sampled_from(['""', "5", "-2.5", "0.123456", "0.1234567"])
ROW = [
    st.sampled_from(["1930", "3001", '"2440"', "19"]),
    OBJECTS,
    AMOUNT,
    st.one_of(DATE, st.just('""')),
    TEXT,
    QUANTITY,
    TEXT,
]
VER = [
    st.sampled_from(["A", '""', "LEV1"]),
    st.sampled_from(["1", '""']),
    DATE,
    TEXT,
    st.one_of(DATE, st.just('""')),
    TEXT,
]
YEAR = st.sampled_from(["0", "-1"])
ACCOUNT = st.sampled_from(["1930", '"3001"'])
PERIOD = st.sampled_from(["202501", "202513"])
RECORDS = {
    "#TRANS": (ROW, 3),
    "#BTRANS": (ROW, 3),
    "#RTRANS": (ROW, 3),
    "#VER": (VER, 3),
    "#IB": ([YEAR, ACCOUNT, AMOUNT, QUANTITY], 3),
    "#OUB": ([YEAR, ACCOUNT, OBJECTS, AMOUNT, QUANTITY], 4),
    "#PSALDO": ([YEAR, PERIOD, ACCOUNT, OBJECTS, AMOUNT, QUANTITY], 5),
}


@st.composite
def tame_line(draw: st.DrawFn) -> str:
    """A record as programs write them, with now and then a value that must be told about."""
    label = draw(st.sampled_from(sorted(RECORDS)))
    fields, needed = RECORDS[label]
    chosen = fields[: draw(st.integers(needed, len(fields)))]
    return draw(st.sampled_from(["", "\t", "  "])) + " ".join([label, *(draw(field) for field in chosen)])


def text_of(lines_: list[str], end: str) -> bytes:
    return (HEAD + "#VER A 1 20250101\n{\n" + "\n".join(lines_)).replace("\n", end).encode("utf-8")


@pytest.mark.parametrize(
    "line",
    [
        '#TRANS 1930 {1 "a"b" }"} 5',
        '#TRANS 1930 {1 "a" } 5 "" "b"',
        '#TRANS 1930 {1 "a""b"} 5',
        '#TRANS 1930 {1 a"b} 5',
        "#TRAN\u017f 1930 {} 5",
    ],
)
def test_lines_that_try_the_seams(line: str) -> None:
    same(text_of([line], "\n"))


@settings(max_examples=120, deadline=None)
@given(lines_=st.lists(st.one_of(wild_line(), tame_line()), max_size=25), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_made_up_texts(lines_: list[str], end: str) -> None:
    same(text_of(lines_, end))


@settings(max_examples=30, deadline=None)
@given(lines_=st.lists(tame_line(), min_size=5, max_size=25), size=st.integers(20, 400))
def test_made_up_texts_in_small_pieces(lines_: list[str], size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "PIECE", size)
        same(text_of(lines_, "\n"))


def read_by_pattern(text: str) -> int:
    frame = lines.split(text.encode())
    placed = frame.with_columns(pl.lit(0, pl.UInt32).alias("voucher"))
    lists = ObjectLists()
    parts = (patterns.vouchers(frame), patterns.rows(placed, lists), patterns.balances(frame, lists))
    return sum(read.height for read, _ in parts)


@pytest.mark.parametrize(
    "text",
    [
        "#TRANS 1930 {} 100.00",
        '\t#RTRANS  "1930" { } -100 20250115 "den \\"gula\\" C:\\x" -2.5 "Eva"  ',
        '#BTRANS 193001{"1" "10" 6 P1}.5'.replace(".5", "0.5"),
        '#TRANS 1930 {1 "A}1"} 0 "" "" "" ""',
        '#VER A 1 20250115 "Text" 20250116 Eva',
        '#VER "" "" "20250115"',
        "#IB 0 1930 100.00 2.5",
        "#OUB -1 1930 {1 10} -100",
        "#PSALDO 0 202501 3001 {} -250.50",
    ],
)
def test_ordinary_lines_take_the_columnar_path(text: str) -> None:
    assert read_by_pattern(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        "#TRANS 19 {} 100.00",
        "#TRANS 1930 {} 1.005",
        "#TRANS 1930 {1 10 6} 1",
        "#TRANS 1930 {} 1 20250230",
        '#TRANS 1930 {} 1 "" "a"b',
        '#TRANS 1930 {} 1 "" "a\\"',
        '#TRANS 1930 {} 1 "" "" "" "" extra',
        "#VER A 1 20250230",
        '#VER A 1 20250115 "x" {',
        "#PSALDO 0 202513 3001 {} 1",
    ],
)
def test_whatever_must_be_told_about_is_left_for_the_strict_reading(text: str) -> None:
    assert read_by_pattern(text) == 0
