"""`closing attachments pdf|xlsx|csv`: stored attachments as files."""

import shutil
from functools import partial
from pathlib import Path

import openpyxl
import pytest

from closing_host.documents import parts
from closing_host.engagements import attachment_documents
from pdf_text import read_pdf
from stored_attachments import attach, customers, suppliers
from stored_books import SetClock, make_world, opened, small_ledger

from .conftest import Closing

PDFS = ["kundfordringar-1510-2024-12-31.pdf", "leverantorsskulder-2440-2024-12-31.pdf"]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stored") / "data"
    make_world(path, SetClock())
    with opened(path, SetClock()) as world:
        world.publish(small_ledger(100, 200))
        attach(world, 1, customers(100, 200, paid=[2]), suppliers(70))
    return path


@pytest.fixture(autouse=True)
def data(stored: Path, closing: Closing, tmp_path: Path) -> None:
    shutil.copytree(stored, tmp_path / "data")


def test_both_sides_as_pdf_in_a_folder(closing: Closing) -> None:
    said = closing("--lang", "sv", "attachments", "pdf", "1", "--to", "out")
    assert said.code == 0, said.err
    assert said.out.split() == [f"out/{name}" for name in PDFS]
    printed = read_pdf(Path("out", PDFS[0]).read_bytes())
    assert printed.title == "Kundfordringar (1510) per 2024-12-31"
    assert "Exempel AB Organisationsnummer 556000-4615 Räkenskapsår 2024-01-01 – 2024-12-31" in printed.text
    assert "Version 1 · anna · 2026-11-22 12:00 UTC" in printed.text
    assert "7 Åkes" in printed.text


def test_the_same_attachment_gives_the_same_bytes(closing: Closing) -> None:
    for name in ("a.pdf", "b.pdf"):
        assert closing("attachments", "pdf", "1", "receivables", "--to", name).code == 0
    assert Path("a.pdf").read_bytes() == Path("b.pdf").read_bytes()


@pytest.mark.parametrize("which", ["payables", "2440"])
def test_one_side_to_a_file_in_english(closing: Closing, which: str) -> None:
    assert closing("attachments", "pdf", "1", which, "--to", "x.pdf", "--by", "age").code == 0
    printed = read_pdf(Path("x.pdf").read_bytes())
    assert printed.title == "Payables (2440) as at 2024-12-31"
    assert "1-30 days overdue 9 Bos 1" in printed.text


def test_workbook_and_csv(closing: Closing) -> None:
    assert closing("attachments", "note", "1", "receivables", "1", "=1+1").code == 0
    assert closing("attachments", "xlsx", "1", "receivables", "--to", "x.xlsx").code == 0
    sheet = openpyxl.load_workbook("x.xlsx")["Open items"]
    titles, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[titles.index("Open")] for row in rows] == [1, 2]
    assert rows[0][titles.index("Note")] == "=1+1"
    assert closing("attachments", "csv", "1", "receivables", "--to", "x.csv").code == 0
    first = Path("x.csv").read_text("utf-8").splitlines()[1]
    assert "'=1+1,2024-12-31,1," in first
    assert first.endswith(",anna,2026-11-22 12:00 UTC")


def test_nothing_is_overwritten_unless_told(closing: Closing) -> None:
    Path("out").mkdir()
    there = Path("out", "receivables-1510-2024-12-31.csv")
    there.write_text("mine")
    said = closing("attachments", "csv", "1", "--to", "out")
    assert (said.code, there.read_text()) == (5, "mine")
    assert "--force" in said.words
    assert [path.name for path in Path("out").iterdir()] == [there.name], "nothing is written when one is there"
    assert closing("attachments", "csv", "1", "--to", "out", "--force").code == 0
    assert there.read_text("utf-8").startswith("Party no.,")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pdf", "1", "--to", "x.pdf"), "several attachments"),
        (("pdf", "1", "receivables", "--to", "x.xlsx"), "not the name of a pdf file"),
        (("pdf", "1", "1930"), "no attachment 1930"),
        (("pdf", "1", "nothing"), "no attachment nothing"),
        (("pdf", "1", "--version", "9"), "9"),
        (("csv", "1", "--to", "file/out"), "could not be written"),
    ],
)
def test_what_cannot_be_written_is_told(closing: Closing, arguments: tuple[str, ...], words: str) -> None:
    Path("file").write_text("")
    said = closing("attachments", *arguments)
    assert said.code != 0
    assert words in said.words
    assert [path.name for path in Path().iterdir() if path.suffix in (".pdf", ".csv", ".xlsx")] == []


def test_an_account_is_shown_with_all_that_stands_behind_it(closing: Closing) -> None:
    assert closing("attachments", "add", "1", "1510", "--row", "Post=3").code == 0
    made, own = closing("attachments", "show", "1", "1510", "--json").data
    assert (made["side"], own["reconciled"]) == ("receivables", "3.00")
    assert "Own attachment 1" in closing("attachments", "show", "1", "1510").words
    (made,) = closing("attachments", "show", "1", "payables", "--json").data
    assert made["side"] == "payables"
    assert "no attachment 1930" in closing("attachments", "show", "1", "1930").words


def test_json_names_the_files(closing: Closing) -> None:
    data = closing("attachments", "csv", "1", "2440", "--json").data
    assert data == [{"file": "payables-2440-2024-12-31.csv", "form": "csv"}]


def test_attachments_and_own_ones_go_out_together(closing: Closing) -> None:
    assert closing("attachments", "add", "1", "1510", "--row", "Post=3").code == 0
    said = closing("attachments", "csv", "1", "--to", "out")
    assert [Path(name).name for name in said.out.split()] == [
        "receivables-1510-2024-12-31.csv",
        "payables-2440-2024-12-31.csv",
        "attachment-1510-2024-12-31.csv",
    ]


def test_many_items_become_several_files(closing: Closing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment_documents, "parts", partial(parts, most=7))
    said = closing("attachments", "pdf", "1", "receivables", "--to", "x.pdf")
    names = [Path(name).name for name in said.out.split()]
    assert names == [f"x-{n}.pdf" for n in range(1, len(names) + 1)]
    assert len(names) > 1
    for number, name in enumerate(names, 1):
        assert f"Part {number} of {len(names)}" in read_pdf(Path(name).read_bytes()).text
