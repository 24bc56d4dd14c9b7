"""Dropped files: what each states and where it goes, shown before anything is accepted."""

import asyncio
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from closing_host.api.errors import DataError
from closing_host.engagements.dropped import FILE_LIMIT, Inspected, Said
from closing_host.engagements.setup import PERIODS, USUAL_PERIOD
from closing_host.web.call import Call
from closing_host.web.desk import Desk
from closing_host.web.routes import Page, Permission
from closing_host.web.since_told import nothing_told, since_told
from closing_host.web.views.setup import company_choices

ENCODINGS: Final = ("cp437", "cp1252", "utf-8", "latin-1", "cp850")
"""What SIE files are written in; the first is what the standard says."""

MOST_AT_ONCE: Final = 5 * FILE_LIMIT
"""Bytes of all files of one drop."""


def drop(call: Call) -> Response:
    """Take files in; on to the page that says what they are."""
    files = [each for each in call.form.getlist("file") if isinstance(each, UploadFile) and each.filename]
    if not files:
        raise DataError("file-not-given")
    engagement = next(iter(call.numbers("engagement")), None)
    batch = call.office.drop(((each.filename or "", each.file) for each in files), engagement)
    return call.go(f"/files/{batch}" if len(files) > 1 else f"/files/{batch}/0")


async def batch(call: Call) -> Response:
    """Several files in a table; a part of the page while imports run."""
    return call.page("_files.html" if call.is_partial else "files.html", **await _batch(call))


async def file(call: Call) -> Response:
    """One file: *Stämmer det?* and the import controls; afterwards what became of it."""
    inspected = await call.office.dropped_file(call.path("batch"), call.number("number"))
    return await asyncio.to_thread(_file, call, inspected)


async def read_as(call: Call) -> Response:
    """Read the file in the encoding that the user chose."""
    name, number, encoding = call.path("batch"), call.number("number"), call.field("encoding")
    call.office.read_as(name, number, encoding if encoding in ENCODINGS else "")
    return call.go(f"/files/{name}/{number}")


async def accept(call: Call) -> Response:
    """Import one file: what it states of the company is right."""
    name, number = call.path("batch"), call.number("number")
    inspected = await call.office.dropped_file(name, number)
    call.office.accept(inspected, Said(call.field("form"), call.field("framework"), call.field("period")))
    return call.go(f"/files/{name}/{number}")


async def accept_all(call: Call) -> Response:
    """Import all files of a known engagement; the others open one each only when they are looked at."""
    for inspected in await call.office.dropped(call.path("batch")):
        if inspected.place == "known":
            call.office.accept(inspected)
    return call.go(f"/files/{call.path('batch')}")


def _file(call: Call, inspected: Inspected) -> Response:
    shown: dict[str, Any] = {"file": inspected, "batch": call.path("batch"), "encodings": ENCODINGS}
    shown |= {**company_choices(), "periods": PERIODS, "usual": USUAL_PERIOD, **_since(call, inspected)}
    return call.page("_file.html" if call.is_partial else "file.html", **shown)


def _since(call: Call, inspected: Inspected) -> dict[str, Any]:
    """What the file changed in what is signed off, once it is imported."""
    run, reading = inspected.run, inspected.reading
    if run is None or run.state != "done" or run.engagement_id is None or reading is None:
        return nothing_told()
    desk = Desk(call.house, run.engagement_id)
    return since_told(call.words, desk, desk.year(str(reading.year.end)))


async def _batch(call: Call) -> dict[str, Any]:
    files = await call.office.dropped(call.path("batch"))
    active = any(each.run is not None and each.run.state in ("queued", "running") for each in files)
    waiting = sum(each.place == "known" and each.run is None for each in files)
    return {"files": files, "batch": call.path("batch"), "active": active, "waiting": waiting}


PAGES = (
    Page("POST", "/files", drop, Permission.IMPORT, body_limit=MOST_AT_ONCE),
    Page("GET", "/files/{batch}", batch, Permission.READ),
    Page("POST", "/files/{batch}", accept_all, Permission.IMPORT),
    Page("GET", "/files/{batch}/{number:int}", file, Permission.READ),
    Page("POST", "/files/{batch}/{number:int}", accept, Permission.IMPORT),
    Page("POST", "/files/{batch}/{number:int}/encoding", read_as, Permission.IMPORT),
)
