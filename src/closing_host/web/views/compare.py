"""*Jämför* and *Förändringar*: what differs between two imports, an import and the source now, a file and either.

The comparison itself is work in the background; these pages show how far it is, and afterwards what it found.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from starlette.datastructures import UploadFile
from starlette.responses import Response

from closing_host.api.errors import DataError
from closing_host.engagements.changed_since_words import changes_in_words
from closing_host.engagements.dropped import FILE_LIMIT
from closing_host.storage.engagements import EngagementYear
from closing_host.storage.runs import Run
from closing_host.storage.snapshot_records import Snapshot
from closing_host.web import reconciliation_words
from closing_host.web.call import Call
from closing_host.web.changed_since_desk import GLANCE
from closing_host.web.office import shown_name
from closing_host.web.routes import Page, Permission
from closing_host.web.years import shown_year, whole_number

LIVE: Final = "live"
"""The choice of what the source states now."""

LATEST: Final = 8
"""Earlier comparisons that are offered."""

PATIENCE: Final = 1.0
"""Seconds that *Förändringar* waits for a short comparison before it shows how far a long one is."""
LOOKED_AT_EVERY: Final = 0.05


def choose(call: Call) -> Response:
    """What to compare, and what was compared lately."""
    standing = call.desk.standing()
    imports = call.desk.imports()
    latest = call.desk.comparisons.latest(LATEST)
    current = next((each for each in imports if each.current), None)
    before = _before(imports, current) or _other(imports, current) if current is not None else None
    return call.page(
        "compare.html",
        engagement=call.desk.engagement,
        standing=standing,
        imports=imports,
        current=current,
        before=before,
        live=standing.way in ("login", "direct"),
        latest=latest,
    )


def begin(call: Call) -> Response:
    """Begin the chosen comparison; on to its page."""
    live = call.field("b") == LIVE
    file = call.form.get("file")
    if isinstance(file, UploadFile) and file.filename:
        if (file.size or 0) > FILE_LIMIT:
            name, size = shown_name(file.filename), (file.size or 0) // 2**20
            raise DataError("file-too-large", file=name, size=size, limit=FILE_LIMIT // 2**20)
        return _to(call, call.desk.comparisons.with_file(shown_name(file.filename), file.file, live=live))
    if not call.field("a"):
        raise DataError("file-not-given")
    a = call.desk.snapshot(whole_number(call.field("a")))
    if live:
        return _to(call, call.desk.comparisons.with_source(a))
    b = call.desk.snapshot(whole_number(call.field("b")))
    if a.id == b.id:
        raise DataError("comparison-of-itself")
    return _to(call, call.desk.comparisons.of_imports(a, b))


def again(call: Call) -> Response:
    """The same once more."""
    return _to(call, call.desk.comparisons.again(call.path("run")))


def show(call: Call) -> Response:
    """A comparison: how far it is, or what it found; `?part=` shows one part alone."""
    run = call.desk.comparisons.run(call.path("run"))
    return _shown(call, run, f"/engagements/{call.desk.id}/compare/{run.id}", "comparison.html")


async def changes(call: Call) -> Response:
    """*Förändringar*: first in what is signed off, then since the last import of the year."""
    shown = await asyncio.to_thread(shown_year, call)
    if not call.is_partial:
        shown |= await asyncio.to_thread(_since, call, shown["year"])
    after: Snapshot = shown["snapshot"]
    imports = await asyncio.to_thread(call.desk.imports, after.year_start)
    before = _before(imports, after)
    if before is None:
        return call.page("changes.html", run=None, before=None, sole=len(imports) == 1, **shown)
    run = await asyncio.to_thread(call.desk.comparisons.of_imports, before, after)
    for _ in range(int(PATIENCE / LOOKED_AT_EVERY)):
        if run.state not in ("queued", "running"):
            break
        await asyncio.sleep(LOOKED_AT_EVERY)
        run = await asyncio.to_thread(call.desk.comparisons.run, run.id)
    address = f"/engagements/{call.desk.id}/changes?year={after.year_end}"
    return await asyncio.to_thread(_shown, call, run, address, "changes.html", before=before, **shown)


def _since(call: Call, year: EngagementYear) -> dict[str, Any]:
    since = call.desk.changed_since(year)
    return {
        "since": since,
        "told": changes_in_words(call.words, since.found),
        "at_stake": call.desk.at_stake(year),
        "saying": reconciliation_words,
        "glance": GLANCE,
        "open_year": year.year_end,
    }


def _shown(call: Call, run: Run, address: str, template: str, **values: Any) -> Response:
    found = call.desk.comparisons.found(run) if run.state == "done" else None
    page = whole_number(call.query("page")) or 1
    current = {each.id: each for _, each in call.desk.client.years if each is not None}
    shown: dict[str, Any] = {
        "engagement": call.desk.engagement,
        "run": run,
        "found": found,
        "parts_shown": found.parts(call.query("part"), page) if found is not None else (),
        "alone": call.query("part"),
        "address": address,
        "joint": "&" if "?" in address else "?",
        # A voucher's page shows the books of now: only their vouchers can be opened.
        "open_year": current[found.b.snapshot].year_end if found and found.b.snapshot in current else None,
        **values,
    }
    return call.page("_comparison.html" if call.is_partial else template, **shown)


def _before(imports: Sequence[Snapshot], current: Snapshot) -> Snapshot | None:
    """The import of the same year before `current`; they come newest first."""
    return next((each for each in imports if each.year_start == current.year_start and each.id < current.id), None)


def _other(imports: Sequence[Snapshot], current: Snapshot) -> Snapshot | None:
    """One of the same year that is not shown, such as the one that was undone."""
    return next((each for each in imports if each.year_start == current.year_start and each.id != current.id), None)


def _to(call: Call, run: Run) -> Response:
    return call.go(f"/engagements/{call.desk.id}/compare/{run.id}")


_ENGAGEMENT: Final = "/engagements/{engagement:int}"

PAGES = (
    Page("GET", f"{_ENGAGEMENT}/changes", changes, Permission.READ),
    Page("GET", f"{_ENGAGEMENT}/compare", choose, Permission.READ),
    Page("POST", f"{_ENGAGEMENT}/compare", begin, Permission.IMPORT, body_limit=FILE_LIMIT),
    Page("GET", f"{_ENGAGEMENT}/compare/{{run}}", show, Permission.READ),
    Page("POST", f"{_ENGAGEMENT}/compare/{{run}}/again", again, Permission.IMPORT),
)
