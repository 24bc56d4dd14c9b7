import pytest

from closing_host.documents.printable import CUT, LONGEST, MISSING, breakable, cut, printable, shown
from closing_host.documents.report import Column, Line, Report, Table
from pdf_text import MADE_AT, pdf_bytes, read_pdf


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Åkeri & Söner", "Åkeri & Söner"),
        ("a\tb\r\nc\u2028d\u3000e", "a b  c d e"),
        ("A\u030a", "Å"),
        ("x\x00\x1b\u202e\u2066y", f"x{MISSING * 4}y"),
        ("漢🙂\u0301\ue000\u05d0", MISSING * 5),
        (" 1\u00a0234,50 ", "1\u00a0234,50"),
        ("", ""),
    ],
)
def test_text_is_one_line_of_what_the_fonts_show(text: str, said: str) -> None:
    assert printable(text) == said


def test_what_is_let_through_stays() -> None:
    every = shown().replace(" ", "")
    assert len(every) > 1000
    kept = printable(every)
    assert MISSING not in kept.replace(MISSING, "", 1)


def test_every_character_let_through_can_be_set() -> None:
    """In each style that the layout uses: the typesetter refuses what a font lacks."""
    every = shown().strip()
    texts = [every[at : at + 60] for at in range(0, len(every), 60)]
    lines = [Line(kind, (text,)) for text in texts for kind in ("row", "group", "note", "sum")]
    table = Table("x", (Column("x", share=1),), tuple(lines))
    made = Report(every[:40], "o", "sv", ((every[60:120], "v"),), (table,), "f", "{n}", "{n}", "c", MADE_AT)
    printed = read_pdf(pdf_bytes(made)).text
    assert "ŁłŃńŅņŇň" in printed
    assert "ЀЁЂЃЄЅІЇ" in printed


def test_numbers_break_and_words_do_not() -> None:
    assert breakable("1234567890123") == "123456\u200b789012\u200b3"
    assert breakable("Fastighetsförvaltning AB 123") == "Fastighetsförvaltning AB 123"
    assert breakable("x" * 41).count("\u200b") == 6
    assert breakable("1\u00a0234\u00a0567\u00a0890,00") == "1\u00a0234\u00a0567\u00a0890,00"


def test_what_is_too_long_to_be_set_is_cut_and_says_so() -> None:
    assert cut("x" * LONGEST) == "x" * LONGEST
    assert cut("x" * (LONGEST + 1)) == "x" * (LONGEST - len(CUT)) + CUT
