from collections.abc import Iterator
from pathlib import Path

import pytest

from closing_host.closing.entries import Status
from closing_host.engagements.host import Host
from entry_books import add, held, small_books

from .conftest import Closing


@pytest.fixture
def host(closing: Closing, tmp_path: Path) -> Iterator[Host]:
    with small_books(tmp_path) as opened:
        add(opened)
        add(opened, status=Status.UNKNOWN)
        yield opened


def test_a_file_is_written_and_then_marked(host: Host, closing: Closing) -> None:
    said = closing("export", "file", "1")
    assert said.code == 0
    assert "bokslut-2025-12-31.si: 1 closing entry" in said.words
    assert "Left out, because nobody knows yet whether they were booked: V2." in said.words
    assert "closing export mark 1" in said.words
    assert b'"V1 Upplupna l\x94ner"' in Path("bokslut-2025-12-31.si").read_bytes()
    assert held(host)["V1"].status is Status.READY
    marked = closing("export", "mark", "1")
    assert "Marked as transferred by the file of" in marked.words
    assert held(host)["V1"].status is Status.TRANSFERRED
    again = closing("export", "mark", "1")
    assert (again.code, "V1 are marked as transferred already" in again.words) == (1, True)


def test_the_place_is_chosen_and_nothing_is_overwritten(host: Host, closing: Closing) -> None:
    Path("out").mkdir()
    assert closing("export", "file", "1", "--to", "out").code == 0
    assert closing("export", "file", "1", "--to", "v.si", "--entries", "V1").code == 0
    assert Path("out/bokslut-2025-12-31.si").read_bytes() == Path("v.si").read_bytes()
    said = closing("export", "file", "1", "--to", "v.si")
    assert (said.code, "v.si is there already" in said.words) == (5, True)


def test_json_names_file_and_entries(host: Host, closing: Closing) -> None:
    data = closing("export", "file", "1", "--json").data
    assert (data["entries"], data["left_out"], data["kind"]) == (["V1"], ["V2"], "si")
    assert data["size"] == Path(data["file"]).stat().st_size
    assert closing("export", "mark", "1", "--json").data["entries"] == ["V1"]


def test_an_unknown_outcome_keeps_the_books_out_of_a_file(host: Host, closing: Closing) -> None:
    said = closing("export", "file", "1", "--kind", "sie4")
    assert (said.code, "Nobody knows yet whether V2 were booked" in said.words) == (1, True)
    assert list(Path().glob("*.se")) == [Path("books.se")]
