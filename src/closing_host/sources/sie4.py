"""The built-in data source: SIE files of type 1-4 in, SI files (4I) out. Imports what any source may, nothing else."""

import io
import re
from typing import Final

from closing_host import sie
from closing_host.api.context import Context, FileRequest, ImportRequest
from closing_host.api.errors import DataError
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Ledger, LedgerBuilder
from closing_host.api.source import Files, SourceInfo
from closing_host.api.vouchers import WrittenFile

TEXT_LIMIT: Final = 50
"""Characters of a voucher's text that every receiver takes (P 7.6.6)."""

_FEEDER: Final = "SIE 4I"
_FEEDER_SUFFIX: Final = ".si"

# Labels that stand near the top of a real file; a lone `#word` would claim scripts and notes.
_LABEL: Final = re.compile(
    rb"(?:\A|[\r\n])[ \t]*#(?:FLAGGA|KSUMMA|PROGRAM|FORMAT|GEN|SIETYP|FNAMN|ORGNR|RAR|VER)\b", re.IGNORECASE
)
_SIE_5: Final = re.compile(rb"<[^>]*sie\.se/sie5", re.IGNORECASE)


def recognises(head: bytes) -> bool:
    """SIE in any encoding; SIE 5 (XML) too, so that the user is told that and not that nobody knows the file."""
    plain = head.replace(b"\0", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe")
    return _LABEL.search(plain) is not None or _SIE_5.search(plain) is not None


@hookimpl
def describe_source() -> SourceInfo:
    """SIE can hold all that a comparison looks at."""
    return SourceInfo(
        name="SIE",
        files=Files((".se", ".si", ".sie"), recognises),
        links={"homepage": "https://sie.se/"},
        package="closing_host.sources",
    )


@hookimpl
def import_ledger(request: ImportRequest, context: Context) -> Ledger:
    """Read the file. Raises `DataError` `file-not-given`, `sie-vouchers-only`, and what `sie.read` raises."""
    if request.file is None:
        raise DataError("file-not-given")

    def progress(done: int, total: int) -> None:
        context.progress("", done, total)

    ledger = sie.read(request.file.path, encoding=request.encoding, progress=progress)
    # Type 4 with vouchers alone is the books of a program that states no balances, or a batch on its way between two
    # programs, which is nobody's books. Only the name and the year tell which (SIE 1.2).
    is_batch = ledger.year is None or request.file.name.lower().endswith(_FEEDER_SUFFIX)
    if ledger.provenance.format == _FEEDER and is_batch:
        raise DataError("sie-vouchers-only", file=request.file.name, vouchers=ledger.vouchers.height)
    return ledger


@hookimpl
def export_file(request: FileRequest, context: Context) -> WrittenFile:
    """Write an SI file: series and number left to the receiver, texts cut at what every receiver takes."""
    builder = LedgerBuilder(request.company, [])  # an SI file states no year
    for voucher in request.vouchers:
        builder.add_voucher("", "", voucher.date, voucher.text)
        for row in voucher.rows:
            builder.add_row(row.account, row.amount, objects=row.objects, text=row.text)
    target = io.BytesIO()
    written = sie.write(
        builder.build(),
        target,
        sie_type="4I",
        generated_on=context.clock().astimezone().date(),
        text_limit=TEXT_LIMIT,
    )
    return WrittenFile(f"bokslut-{request.year.end.isoformat()}.si", target.getvalue(), written.findings)
