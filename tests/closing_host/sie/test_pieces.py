import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from closing_host.sie import pieces
from closing_host.sie.pieces import Input, opened


def cut(data: bytes, size: int, monkeypatch: pytest.MonkeyPatch, longest: int = 64) -> list[bytes]:
    monkeypatch.setattr(pieces, "PIECE", size)
    monkeypatch.setattr(pieces, "LONGEST_LINE", longest)
    return list(Input(io.BytesIO(data)).pieces())


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=repr)
@pytest.mark.parametrize("size", range(3, 12))
def test_pieces_are_whole_lines(end: bytes, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = end.join([b"a", b"bc", b"", b"def", b"g", b"hijklmn", b""])
    found = cut(data, size, monkeypatch)
    assert b"".join(found) == data
    assert all(piece.endswith(end) for piece in found)


@given(data=st.text("ab\r\n", max_size=60), size=st.integers(1, 20))
def test_nothing_is_lost_and_no_crlf_is_parted(data: str, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        found = cut(data.encode(), size, patch)
    assert b"".join(found) == data.encode()
    assert b"" not in found
    if "\n" in data and "\r" not in data.replace("\r\n", ""):
        assert not any(piece.endswith(b"\r") for piece in found[:-1])


@pytest.mark.parametrize("end", [b"\n", b"\r"], ids=repr)
def test_line_without_end_is_cut_and_the_next_one_found(end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"a" + end + b"x" * 1000 + end + b"b" + end
    found = b"".join(cut(data, 50, monkeypatch, longest=64))
    lines = found.split(end)
    assert (lines[0], lines[2], lines[3]) == (b"a", b"b", b"")
    assert 64 < len(lines[1]) < 200
    assert set(lines[1]) == {ord("x")}


def test_file_of_one_endless_line_takes_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    found = cut(b"x" * 100_000, 100, monkeypatch, longest=64)
    assert sum(map(len, found)) < 300


def test_last_line_without_end_needs_no_piece_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cut(b"a\nb", 20, monkeypatch) == [b"a\nb"]
    assert cut(b"a\rb\r", 20, monkeypatch) == [b"a\rb\r"]
    assert cut(b"a\nb\nc", 4, monkeypatch) == [b"a\nb\n", b"c"]


def test_size_done_and_digest() -> None:
    file = io.BytesIO(b"skipped" + b"abc\n" * 10)
    file.seek(7)
    source = Input(file)
    assert (source.size, source.done) == (40, 0)
    assert source.head(4) == b"abc\n"
    assert list(source.pieces()) == [b"abc\n" * 10]
    assert source.done == 40
    assert source.sha256 == hashlib.sha256(b"abc\n" * 10).hexdigest()


def test_given_file_stays_open() -> None:
    file = io.BytesIO(b"abc\n")
    with opened(file) as source:
        assert source.whole() == b"abc\n"
    assert not file.closed


def test_large_files_come_in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LARGE", 40)
    monkeypatch.setattr(pieces, "SMALL_PIECE", 8)
    assert len(cut(b"abc\n" * 10, 20, monkeypatch)) == 5
    assert len(cut(b"abc\n" * 9, 20, monkeypatch)) == 2
