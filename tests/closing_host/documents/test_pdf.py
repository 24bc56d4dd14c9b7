from pathlib import Path

import pytest

from closing_host.api.errors import ClosingError
from closing_host.documents import Report, pdf, write_pdf
from closing_host.documents.printable import printable
from closing_host.documents.report import Column, Line, LineKind, Points, Table
from pdf_text import MADE_AT, pdf_bytes, read_pdf

PIECES = (
    *('#eval("1+1")', "#set page(width: 1pt)", '"]', "$x^2$", "\\u{41}", "*b* _i_", "<label> @ref", "// c", "/* c"),
    *('#read("/etc/passwd")', '#image("x.png")', '#import "@preview/x:1.0.0"', "#{", "#panic()", "#sys.inputs"),
    *("{{7*7}}", "<script>alert(1)</script>", "=1+1", "%PDF-1.7", "endobj", "'; DROP TABLE x; --", "\\input{x}"),
    *("\x00\x07\x1b[31m", "\u202eabc", "\u2066x\u2069", "\ufeff", "\ud83d".encode("utf-16", "surrogatepass").hex()),
    *("```", "~", "--- –", "https://example.com", "a@b.se", "& < > ' \"", "…" * 40, "🙂" * 9, "x" * 300),
)
PAYLOADS = [f"{left}{right}" for left in PIECES for right in (*PIECES[:8], "")]


def report(*texts: str, title: str = "T") -> Report:
    kinds: tuple[LineKind, ...] = ("row", "group", "note", "sum")
    lines = tuple(Line(kinds[n % 4], (text,)) for n, text in enumerate(texts))
    table = Table(title, (Column(title, share=1),), lines, lead=title)
    facts = ((title, title),)
    return Report(
        title, title, "sv", facts, (table, Points(title, (title,))), title, "{n}/{m}", "{n}/{m}", title, MADE_AT
    )


def test_payloads_are_printed_as_they_are() -> None:
    assert len(PAYLOADS) > 300
    printed = read_pdf(pdf_bytes(report(*PAYLOADS)))
    assert printed.active == []
    together = printed.text.replace("-", "").replace(" ", "")  # a line may have been broken, with a hyphen
    for payload in PAYLOADS:
        assert printable(payload).replace("\u00a0", "").replace("-", "").replace(" ", "") in together


@pytest.mark.parametrize("payload", ['#eval("1+1")', '"] #panic() #["', "*b*", "$x$", "\\", "\x00\u202e🙂", "{n}{m}"])
def test_payload_in_every_place_is_printed(payload: str) -> None:
    printed = read_pdf(pdf_bytes(report(payload, title=payload)))
    assert printed.title == printable(payload)
    assert printed.text.count(printable(payload)) >= 7


def test_file_is_marked_for_keeping_and_has_its_fonts() -> None:
    printed = read_pdf(pdf_bytes(report("Åäö")))
    assert (printed.standard, printed.embedded, printed.active) == ("2a", True, [])


def test_bytes_are_the_same_twice() -> None:
    assert pdf_bytes(report("a", "b")) == pdf_bytes(report("a", "b"))


def test_every_page_has_its_number_and_foot() -> None:
    printed = read_pdf(pdf_bytes(report(*("row",) * 120, title="Bilaga")))
    count = len(printed.pages)
    assert count > 2
    for number, page in enumerate(printed.pages, 1):
        assert page.endswith(f"Bilaga {number}/{count}")


def test_a_fault_of_the_typesetter_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise RuntimeError('the reason')")
    monkeypatch.setattr(pdf, "_TYPESETTER", broken)
    with pytest.raises(ClosingError, match="document-failed") as caught:
        write_pdf(report("a"), tmp_path / "x.pdf")
    assert caught.value.detail == "RuntimeError: the reason"
    assert not (tmp_path / "x.pdf").exists()


def test_a_typesetter_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = tmp_path / "hanging.py"
    hanging.write_text("import time\ntime.sleep(60)")
    monkeypatch.setattr(pdf, "_TYPESETTER", hanging)
    monkeypatch.setattr(pdf, "PATIENCE", 0.2)
    with pytest.raises(ClosingError, match="document-failed"):
        write_pdf(report("a"), tmp_path / "x.pdf")
