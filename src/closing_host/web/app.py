"""The application: every route there is, behind the checks that hold for all."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from closing_host.api.errors import ClosingError
from closing_host.engagements.source_choices import login_origins
from closing_host.web.call import Call
from closing_host.web.faults import told
from closing_host.web.house import House
from closing_host.web.routes import Page, session_of
from closing_host.web.security.headers import Headers
from closing_host.web.security.hosts import Hosts, allowed_hosts
from closing_host.web.security.origin_check import OriginCheck
from closing_host.web.views import (
    analysis,
    attached_files,
    attachment,
    attachments,
    books,
    clients,
    compare,
    entries,
    entry_editing,
    export_dialog,
    exporting,
    files,
    guide,
    health,
    help,
    history,
    importing,
    login,
    overview,
    own_attachments,
    period_locking,
    reconciliation,
    reports,
    results,
    session,
    setup,
    source,
    system_entries,
    vouchers,
)

PAGES: Final[tuple[Page, ...]] = (
    *clients.PAGES,
    *guide.PAGES,
    *setup.PAGES,
    *login.PAGES,
    *importing.PAGES,
    *files.PAGES,
    *source.PAGES,
    *overview.PAGES,
    *books.PAGES,
    *vouchers.PAGES,
    *compare.PAGES,
    *reconciliation.PAGES,
    *period_locking.PAGES,
    *results.PAGES,
    *analysis.PAGES,
    *entry_editing.PAGES,
    *system_entries.PAGES,
    *entries.PAGES,
    *export_dialog.PAGES,
    *exporting.PAGES,
    *history.PAGES,
    *reports.PAGES,
    *attachments.PAGES,
    *own_attachments.PAGES,
    *attached_files.PAGES,
    *attachment.PAGES,
    *help.PAGES,
    *session.PAGES,
    *health.PAGES,
)

STATIC: Final = Path(__file__).parent / "static"


def build(house: House) -> Starlette:
    """The application of one process. Its lifespan begins and closes the house's work."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        house.work.begin()
        house.exports.begin()
        try:
            yield
        finally:
            house.makings.close()
            house.exports.close()
            house.work.close()

    return Starlette(
        routes=[*(page.route(house) for page in PAGES), Mount("/static", StaticFiles(directory=STATIC))],
        middleware=[
            Middleware(Headers, form_targets=lambda: login_origins(house.host)),
            Middleware(Hosts, origin=house.origin, allowed=allowed_hosts(house.origin)),
            Middleware(OriginCheck, origin=house.origin),
        ],
        exception_handlers={HTTPException: _no_page(house)},
        lifespan=lifespan,
    )


def _no_page(house: House) -> Callable[[Request, Exception], Response]:
    """An address that there is not, or a method that it does not take, in words."""

    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        call = Call(house, request, session_of(house, request))
        return told(call, ClosingError("page-missing"), status)

    return answer
