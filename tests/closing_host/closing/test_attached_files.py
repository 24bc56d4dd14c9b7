import zipfile
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attachable import DOCX, SAMPLES, archive
from closing_host.api.errors import DataError
from closing_host.closing import attached_files
from closing_host.closing.attached_files import FILE_TYPES, kept_name, recognise, saved_name

OFFICE: Final = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}


def refused(name: str, content: bytes) -> str:
    with pytest.raises(DataError) as caught:
        recognise(name, content)
    return caught.value.code


@pytest.mark.parametrize("suffix", SAMPLES)
def test_each_type_is_recognised(suffix: str) -> None:
    found = recognise(f"Intyg.{suffix[1:].upper()}", SAMPLES[suffix])
    assert suffix in found.suffixes


def test_there_is_a_sample_of_each_type() -> None:
    assert all(set(each.suffixes) & SAMPLES.keys() for each in FILE_TYPES)


@pytest.mark.parametrize("named", SAMPLES)
@pytest.mark.parametrize("held", SAMPLES)
def test_name_and_content_must_agree(named: str, held: str) -> None:
    text = {".csv", ".txt"}
    plain = {".csv", ".txt", ".xml", ".se"}  # each of them is also a text
    if named == held or (named in text and held in plain):
        recognise(f"a{named}", SAMPLES[held])
    else:
        assert refused(f"a{named}", SAMPLES[held]) == "attached-file-content"


@pytest.mark.parametrize(
    "name",
    [
        *("a.exe", "a.html", "a.htm", "a.svg", "a.js", "a.xlsm", "a.docm", "a.zip", "a.gz", "a.eml", "a.xls"),
        *("a.bat", "a.lnk", "a", "pdf", ".pdf.", "a.pdf.exe", "a.pdf ", "a.pdf\0.exe", "a.php", "a.7z", "a.msi"),
    ],
)
def test_other_kinds_are_refused_whatever_they_hold(name: str) -> None:
    assert refused(name, SAMPLES[".pdf"]) == "attached-file-type"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a.csv", b"  <HTML>"),
        ("a.xml", b"<svg onload=alert(1)>"),
        ("a.xml", b"plain"),
        ("a.txt", b"a\x00b"),
        ("a.csv", b"MZ\x90\x00\x03"),
        ("a.txt", b"\xff\xfea"),
        ("a.txt", b"%PDF-1.7"),
        ("a.pdf", b" %PDF-1.7"),
        ("a.se", b"#FNAMN x"),
        ("a.png", b"\x89PNG"),
        ("a.jpg", b"GIF89a"),
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.xlsx", archive({"a.txt": b"x"})),
        ("a.docx", archive(OFFICE)),
        ("a.xlsx", archive({**OFFICE, "xl/vbaProject.bin": b"x"})),
        ("a.xlsx", archive({**OFFICE, "XL/VBAPROJECT.BIN": b"x"})),
        ("a.xlsx", archive({**OFFICE, "../../evil": b"x"})),
        ("a.xlsx", archive({**OFFICE, "/etc/passwd": b"x"})),
        ("a.xlsx", archive({**OFFICE, "xl\\..\\..\\evil": b"x"})),
        ("a.xlsx", DOCX[:-10]),
    ],
)
def test_what_pretends_is_refused(name: str, content: bytes) -> None:
    assert refused(name, content) == "attached-file-content"


OUTSIDE = (
    *("../x", "../../x", "xl/../../x", "/x", "/etc/cron.d/x", "..", "xl/..", "a/../b", "../", "./../x"),
    *("..\\x", "C:\\x", "xl\\x", "\\\\host\\x", "xl/../..", "../../../../../../etc/passwd", "//x"),
    *("vbaProject.bin", "xl/vbaProject.bin", "word/vbaProjectSignature.bin"),
)


@pytest.mark.parametrize("member", OUTSIDE)
@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_no_archive_reaches_outside_or_brings_macros(suffix: str, member: str) -> None:
    plain = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>", "word/document.xml": b"<w/>"}
    recognise(f"a{suffix}", archive(plain))
    assert refused(f"a{suffix}", archive({**plain, member: b"x"})) == "attached-file-content"


def test_text_in_utf_16_is_text() -> None:
    assert recognise("a.txt", "\ufeffå".encode("utf-16-le")).name == "TXT"


def test_archive_with_too_many_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_files, "MOST_MEMBERS", 20)
    many = {**OFFICE, **{f"xl/{n}": b"" for n in range(19)}}
    assert refused("a.xlsx", archive(many)) == "attached-file-content"


def test_archive_that_unpacks_to_too_much_is_refused_without_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_files, "MOST_UNPACKED", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    bomb = {**OFFICE, "xl/sheet1.xml": b"0" * 2_000_000}
    assert refused("a.xlsx", b"PK\x03\x04") == "attached-file-content"
    monkeypatch.undo()
    monkeypatch.setattr(attached_files, "MOST_UNPACKED", 1_000_000)
    packed = archive(bomb)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert len(packed) < 10_000
    assert refused("a.xlsx", packed) == "attached-file-content"


def test_empty_and_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused("a.pdf", b"") == "attached-file-empty"
    monkeypatch.setattr(attached_files, "MOST_BYTES", 5)
    assert refused("a.pdf", b"%PDF-1") == "attached-file-large"
    recognise("a.pdf", b"%PDF-")


PARTS = (
    *("..", "/", "\\", "CON", "nul", "com1.x", "a:b", "\0", "\u202e", "å", " ", "."),
    *("<script>", "C:", "~", "%2e", "\n", "'"),
)
NAMES = [f"{first}{second}.pdf" for first in PARTS for second in (*PARTS, "x" * 300)]


def test_no_name_reaches_outside_or_confuses_a_system() -> None:
    assert len(NAMES) > 300
    for name in NAMES:
        safe = saved_name(name, ".pdf")
        assert safe.endswith(".pdf")
        assert not set(safe) & set('/\\<>:"|?*\0\n\u202e')
        assert safe.split(".")[0].lower() not in ("", "con", "nul", "com1")
        assert not safe.startswith((".", " "))
        assert len(safe.encode()) <= 154


@settings(deadline=None)
@given(st.text(max_size=400), st.sampled_from([".pdf", ".xlsx"]))
def test_any_name_becomes_a_name(name: str, suffix: str) -> None:
    safe = saved_name(name, suffix)
    assert safe.endswith(suffix)
    assert len(safe) > len(suffix)
    assert safe == saved_name(safe, suffix)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Intyg åäö.pdf", "Intyg åäö.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Åsa\\a.pdf", "a.pdf"),
        ("a\udcff.pdf", "a?.pdf"),
        ("", "?"),
        ("x" * 600 + ".pdf", "x" * 496 + ".pdf"),
    ],
)
def test_the_original_name_is_kept_as_text(name: str, kept: str) -> None:
    assert kept_name(name) == kept


def test_a_saved_name_is_readable() -> None:
    assert saved_name("Intyg från Åsa, 2025-12-31.PDF", ".pdf") == "Intyg från Åsa, 2025-12-31.pdf"
