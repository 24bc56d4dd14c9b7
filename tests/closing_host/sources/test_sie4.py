import ast
import asyncio
import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from closing_host import sie
from closing_host.api.context import FileRequest, ImportRequest, SourceFile
from closing_host.api.errors import DataError, UnsupportedFormat
from closing_host.api.ledger import Company, FinancialYear, Ledger
from closing_host.api.vouchers import DraftRow, VoucherDraft
from closing_host.sources import sie4
from closing_host.sources.context import HostContext, running_context
from closing_host.sources.facade import DataSource
from closing_host.sources.loading import Patience, load
from plugins import CONNECTION, loaded
from sie_samples import MISSING, sample_files
from small_sie import sie as small_file
from small_sie import voucher
from source_distributions import GROUP

YEAR = FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))
BATCH = b"""#FLAGGA 0
#SIETYP 4
#FNAMN "Bageriet"
{year}#VER "" "" 20250310 "Faktura"
{
#TRANS 1930 {} 1.00
}
"""


@pytest.fixture
def context(tmp_path: Path) -> Iterator[HostContext]:
    with running_context("sie4", clock=lambda: datetime(2026, 3, 1, 12, tzinfo=UTC), inside=tmp_path) as running:
        yield running


@pytest.fixture
def source() -> DataSource:
    return loaded(sie4, sie4.describe_source())


def imported(source: DataSource, context: HostContext, path: Path, **options: Any) -> Ledger:
    request = ImportRequest(file=SourceFile(path.name, path), **options)
    return asyncio.run(source.import_ledger(request, CONNECTION, context))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes, str], Path]:
    def written(content: bytes, name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return written


def test_it_imports_only_what_any_source_may() -> None:
    modules = set()
    for node in ast.walk(ast.parse(inspect.getsource(sie4))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules |= {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Import):
            modules |= {each.name for each in node.names}
    own = {name for name in modules if name.startswith("closing_host")}
    assert own
    assert {name for name in own if not name.startswith(("closing_host.api.", "closing_host.sie"))} == set()


def test_it_passes_as_any_source_does() -> None:
    from importlib.metadata import EntryPoint

    from closing_host.sources.loading import Found

    found = Found(EntryPoint("sie4", "closing_host.sources.sie4", GROUP), "closing-host", "1.0")
    answer = load(found, Patience())
    assert isinstance(answer, DataSource), answer
    assert answer.operations == {"import_ledger", "export_file"}
    assert answer.info.cannot_hold == set()


def test_a_file_becomes_a_ledger(source: DataSource, context: HostContext, file: Callable[[bytes, str], Path]) -> None:
    ledger = imported(source, context, file(small_file(voucher(1), voucher(2)), "books.se"))
    assert ledger.company.name == "Åkes Bageri AB"
    assert ledger.vouchers.height == 2
    assert dict(context.kept) == {}  # the host has the file


def test_the_chosen_encoding_overrules_the_bytes(
    source: DataSource, context: HostContext, file: Callable[[bytes, str], Path]
) -> None:
    path = file(small_file(company="Åkes", encoding="cp437"), "books.se")
    assert imported(source, context, path, encoding="cp1252").company.name != "Åkes"
    assert imported(source, context, path).company.name == "Åkes"


def test_reading_reports_its_progress(source: DataSource, tmp_path: Path, file: Callable[[bytes, str], Path]) -> None:
    path = file(small_file(voucher(1)), "books.se")
    seen: list[tuple[int, int | None]] = []
    with running_context(
        "sie4", progress=lambda _, done, total: seen.append((done, total)), inside=tmp_path
    ) as context:
        imported(source, context, path)
    assert seen[-1] == (path.stat().st_size, path.stat().st_size)


def test_without_a_file_there_is_nothing_to_read(source: DataSource, context: HostContext) -> None:
    with pytest.raises(DataError) as caught:
        asyncio.run(source.import_ledger(ImportRequest(), CONNECTION, context))
    assert caught.value.code == "file-not-given"


@pytest.mark.parametrize(("name", "year"), [("BATCH.SI", b"#RAR 0 20250101 20251231\r\n"), ("batch.se", b"")])
def test_a_batch_of_vouchers_is_nobodys_books(
    name: str, year: bytes, source: DataSource, context: HostContext, file: Callable[[bytes, str], Path]
) -> None:
    with pytest.raises(DataError) as caught:
        imported(source, context, file(BATCH.replace(b"{year}", year), name))
    assert caught.value.code == "sie-vouchers-only"
    assert caught.value.parameters == {"file": name, "vouchers": 1}


def test_books_without_balances_are_books_when_they_say_whose_year(
    source: DataSource, context: HostContext, file: Callable[[bytes, str], Path]
) -> None:
    content = BATCH.replace(b"{year}", b"#RAR 0 20250101 20251231\r\n")
    assert imported(source, context, file(content, "books.se")).vouchers.height == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b'<?xml version="1.0"?><Sie xmlns="http://www.sie.se/sie5">', "sie-5-unsupported"),
        (b"PK\x03\x04 something else", "sie-not-recognised"),
    ],
)
def test_another_format_is_told(
    content: bytes, code: str, source: DataSource, context: HostContext, file: Callable[[bytes, str], Path]
) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        imported(source, context, file(content, "books.se"))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "head",
    [
        b"#FLAGGA 0\r\n#PROGRAM",
        b"\xef\xbb\xbf#FLAGGA 0",
        "#FLAGGA 0".encode("utf-16"),
        "#FLAGGA 0".encode("utf-16-be"),
        b"\n\n \t#flagga 0",
        b"#PROGRAM x\r#FORMAT PC8\r",
        b'<?xml version="1.0"?>\n<Sie xmlns="http://www.sie.se/sie5">',
        b'<SieEntry xmlns="http://www.sie.se/sie5">',
    ],
)
def test_sie_is_recognised(head: bytes) -> None:
    assert sie4.recognises(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"#!/bin/sh\n",
        b"# Heading\n",
        b"#define VER 1",
        b"#VERBOSE",
        b"konto;#VER",
        b"%PDF-1.7",
        b"<html>",
        b"<?xml ?>",
    ],
)
def test_other_files_are_not(head: bytes) -> None:
    assert not sie4.recognises(head)


@pytest.mark.skipif(not sample_files(), reason=MISSING)
def test_every_sample_is_recognised() -> None:
    unknown = []
    for path in sample_files():
        with path.open("rb") as file:
            if not sie4.recognises(file.read(4096)):
                unknown.append(path.name)
    assert unknown == []


def test_vouchers_become_an_si_file(source: DataSource, context: HostContext) -> None:
    rows = (DraftRow("7010", 1200000, ((1, "10"),), "Lön"), DraftRow("2910", -1200000))
    drafts = (
        VoucherDraft("BKAAAAAAAAAAAAAAAA", YEAR.end, "V1 Upplupna löner", rows),
        VoucherDraft("BKBBBBBBBBBBBBBBBB", YEAR.end, "S1 Skatt", (DraftRow("8910", 5), DraftRow("2512", -5))),
    )
    request = FileRequest(Company(name="Åkes Bageri AB", organisation_number="556677-8899"), YEAR, drafts)
    written = asyncio.run(source.export_file(request, CONNECTION, context))
    assert written.name == "bokslut-2025-12-31.si"
    assert written.findings == ()
    lines = written.content.decode("cp437").split("\r\n")
    assert lines[0] == "#FLAGGA 0"
    assert {"#GEN 20260301", "#SIETYP 4", '#FNAMN "Åkes Bageri AB"', "#ORGNR 556677-8899"} <= set(lines)
    start = lines.index('#VER "" "" 20251231 "V1 Upplupna löner"')
    assert lines[start + 1 : start + 5] == [
        "{",
        '#TRANS 7010 {1 "10"} 12000.00 "" "Lön"',
        "#TRANS 2910 {} -12000.00",
        "}",
    ]
    again = sie.read(written.content)
    assert again.rows["amount"].to_list() == [1200000, -1200000, 5, -5]
    assert again.provenance.format == "SIE 4I"


def test_a_text_too_long_for_receivers_is_cut_and_told(source: DataSource, context: HostContext) -> None:
    text = "V1 " + "x" * 60
    draft = VoucherDraft("BKAAAAAAAAAAAAAAAA", YEAR.end, text, (DraftRow("7010", 1), DraftRow("2910", -1)))
    written = asyncio.run(source.export_file(FileRequest(Company(name="B"), YEAR, (draft,)), CONNECTION, context))
    assert sie.read(written.content).vouchers["text"].to_list() == [text[:50]]
    assert [finding.text for finding in written.findings if finding.severity == "warning"] == [text]
