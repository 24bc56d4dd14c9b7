"""Whether the process lives, and whether it can work: for whoever watches it. They tell nothing else."""

from starlette.responses import PlainTextResponse, Response

from closing_host.api.errors import ClosingError
from closing_host.storage.tables import REVISION
from closing_host.storage.upgrade import revision_of
from closing_host.web.call import Call
from closing_host.web.routes import Page, Permission


def alive(call: Call) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


def ready(call: Call) -> Response:
    """The database answers at the right revision, and the data folder can be written."""
    store = call.house.host.store
    problems = []
    try:
        if revision_of(store.database) != REVISION:
            problems.append("database")
    except ClosingError:
        problems.append("database")
    try:
        probe = store.folder.tmp / "ready"
        probe.write_bytes(b"")
        probe.unlink(missing_ok=True)
    except OSError:
        problems.append("folder")
    return PlainTextResponse(" ".join(problems) or "ok", 503 if problems else 200)


PAGES = (
    Page("GET", "/healthz", alive, Permission.NOBODY),
    Page("GET", "/readyz", ready, Permission.NOBODY),
)
