"""*Export*: the way out for closing entries, into the source or into a file, and what became of each export."""

import asyncio
import io
from typing import Any, Final

from starlette.responses import Response

from closing_host.api.errors import ClosingError, DataError
from closing_host.storage.journal_records import VoucherState
from closing_host.storage.written_files import FileKind
from closing_host.web.call import Call
from closing_host.web.download import saved
from closing_host.web.entry_lines import line_of
from closing_host.web.export_desk import ExportDesk
from closing_host.web.export_words import BatchLine, batch_line, settling
from closing_host.web.live import followed
from closing_host.web.routes import Page, Permission
from closing_host.web.views.entries import desk_of, frame, source_name

THIRTY_DAYS: Final = "thirty-days"
"""The name of the paragraph about the 30 days in a source's help."""


def exports(call: Call) -> Response:
    """The view: what can be exported, why not, the files, and the year's exports so far."""
    if all(snapshot is None for _, snapshot in call.desk.client.years):
        return call.page("entries_none.html", engagement=call.desk.engagement)
    return shown(call, None)


def shown(call: Call, problem: ClosingError | None, status: int = 200) -> Response:
    """The view with what stopped something that was asked from it."""
    desk, exporting = desk_of(call), export_desk(call)
    standing = exporting.standing
    return call.page(
        "export.html",
        status,
        standing=standing,
        lines=[line_of(desk, each, call.words, standing.source_name) for each in standing.entries],
        exports=[
            batch_line(each, call.words, call.source_name(each.source_id), call.desk.now) for each in standing.batches
        ],
        problem=problem,
        marked=_labels(call, "marked"),
        help=_help(call),
        **frame(call, desk),
    )


def export_desk(call: Call) -> ExportDesk:
    """The year that the address states: the one closed now by default."""
    return call.desk.exports(call.desk.year(call.query("year")[:10]))


def refused(call: Call, error: ClosingError) -> Response:
    """The view again, with why it was not done."""
    return shown(call, error, 422 if isinstance(error, DataError) else 409)


async def file(call: Call) -> Response:
    """*SI-fil* or *SIE4-fil* to save. It marks nothing."""
    kind: FileKind = "sie4" if call.field("kind") == "sie4" else "si"
    try:
        made, content = await export_desk(call).file(kind)
    except ClosingError as error:
        return await asyncio.to_thread(refused, call, error)
    return saved(io.BytesIO(content), made.name)


def ask_mark(call: Call) -> Response:
    """*Markera som överförd*: which file, and which entries were in it."""
    desk = desk_of(call)
    written = export_desk(call).standing.file
    keys = written.entries if written is not None else {}
    lines = [line_of(desk, each, call.words, source_name(call)) for each in desk.listed.own if each.id in keys]
    return call.page("export_mark.html", file=written, lines=lines, **frame(call, desk))


def mark(call: Call) -> Response:
    """The program has read the file."""
    try:
        done = export_desk(call).mark()
    except ClosingError as error:
        return refused(call, error)
    labels = ".".join(each.label for each in done.entries)
    return call.go(f"{_view_of(call)}&marked={labels}")


def batch(call: Call) -> Response:
    """One export: each entry's outcome, live while it is under way."""
    return call.page("export_batch.html", **frame(call, desk_of(call)), **_now(call))


def events(call: Call) -> Response:
    """The same part of the page each time that it changes, as server-sent events, until the export is at rest."""
    around = frame(call, desk_of(call))

    def look() -> tuple[str, bool]:
        now = _now(call)
        return call.rendered("_export_batch.html", **around, **now), bool(now["settling"])

    return followed(look)


def _now(call: Call) -> dict[str, Any]:
    found, now = call.desk.export(call.number("batch")), call.desk.now
    line: BatchLine = batch_line(found, call.words, call.source_name(found.source_id), now)
    again = any(each.state in (VoucherState.NOT_SENT, VoucherState.REJECTED) for each in found.vouchers)
    return {"line": line, "again": again and not found.active, "settling": settling(found, now)}


def _help(call: Call) -> str:
    """Where the source's own help tells of the 30 days; "" when it does not."""
    source_id = call.desk.engagement.source_id
    told = call.office.source_help(source_id, call.words.language)
    there = told is not None and f"{{#{THIRTY_DAYS}}}" in told
    return f"/help/sources/{source_id}#{THIRTY_DAYS}" if there else ""


def _labels(call: Call, name: str) -> list[str]:
    """Labels of entries in the address; nothing else can stand there."""
    return [each for each in call.query(name)[:500].split(".") if each[:1] in ("V", "S") and len(each) < 12]


def _view_of(call: Call) -> str:
    year = export_desk(call).year
    return f"/engagements/{call.desk.id}/export?year={year.year_end.isoformat()}"


_EXPORT: Final = "/engagements/{engagement:int}/export"

PAGES = (
    Page("GET", _EXPORT, exports, Permission.READ),
    Page("POST", f"{_EXPORT}/file", file, Permission.EXPORT),
    Page("GET", f"{_EXPORT}/mark", ask_mark, Permission.READ),
    Page("POST", f"{_EXPORT}/mark", mark, Permission.EXPORT),
    Page("GET", f"{_EXPORT}/{{batch:int}}", batch, Permission.READ),
    Page("GET", f"{_EXPORT}/{{batch:int}}/events", events, Permission.READ),
)
