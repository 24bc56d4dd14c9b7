"""The Fortnox data source: its hooks, each a few lines over the module that does the work."""

from dataclasses import replace
from functools import partial
from typing import Final

from closing_host.api.authorization import AuthorizeRequest, Step
from closing_host.api.context import (
    AttachmentsRequest,
    Connection,
    Context,
    ExportRequest,
    FindRequest,
    ImportRequest,
    TermsRequest,
)
from closing_host.api.errors import SettingsError
from closing_host.api.hookspecs import hookimpl
from closing_host.api.ledger import Company, FinancialYear, Ledger
from closing_host.api.source import RateLimit, SourceInfo, from_setting
from closing_host.api.subledger import Side, SubLedger
from closing_host.api.vouchers import ExportTerms, FoundVouchers, Outcome
from datasource_fortnox import auth
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import NotPermitted
from datasource_fortnox.importing import import_year, years_of
from datasource_fortnox.posting import book
from datasource_fortnox.posting_search import find
from datasource_fortnox.posting_terms import terms
from datasource_fortnox.settings import FortnoxEngagement, FortnoxInstallation
from datasource_fortnox.subledger import sub_ledgers

CANNOT_HOLD: Final = frozenset(
    {
        "accounts.type",  # no #KTYP in any Fortnox file seen (F 5.5)
        "accounts.unit",  # no #ENHET (F 4.3)
        "accounts.sru",  # one code for each account, where SIE allows several (F 5.5)
        "dimensions",  # always cost centre and project, under fixed names
        "balances.objects",  # object balances for cost centres only, and no #OIB or #OUB (F 4.3)
        "vouchers.signature",  # #VER ends with the registration date
        "rows.date",  # #TRANS leaves the date empty
        "rows.signature",  # and ends with the quantity
    }
)
"""What Fortnox's SIE files never state (F 4.3, and the Fortnox files among the samples)."""


@hookimpl
def describe_source() -> SourceInfo:
    """Fortnox, its settings, hosts and limits."""
    return SourceInfo(
        name="Fortnox",
        installation=FortnoxInstallation,
        engagement=FortnoxEngagement,
        hosts=(from_setting("api_address"), from_setting("login_address", authorization=True)),
        rate_limit=RateLimit(25, 5.0, application=("client_id",)),
        cannot_hold=CANNOT_HOLD,
        links={"developer": "https://www.fortnox.se/developer"},
        package="datasource_fortnox",
    )


@hookimpl
async def authorize(request: AuthorizeRequest, connection: Connection, context: Context) -> Step:
    """Connect, renew, check, disconnect."""
    if isinstance(connection.settings, FortnoxEngagement) and connection.settings.without_sub_ledger:
        request = replace(request, operations=request.operations - {"attachments"})
    return await auth.flow(_installation(connection)).step(request, connection, context)


@hookimpl
async def list_years(connection: Connection, context: Context) -> tuple[Company, list[FinancialYear]]:
    """The connected company and its financial years: two calls."""
    return await years_of(_fortnox(connection, context), connection)


@hookimpl
async def import_ledger(request: ImportRequest, connection: Connection, context: Context) -> Ledger:
    """One financial year: three calls."""
    return await import_year(_fortnox(connection, context), request, connection, context)


@hookimpl
async def attachments(request: AttachmentsRequest, connection: Connection, context: Context) -> dict[Side, SubLedger]:
    """Receivables and payables: a call for 500 records, and one for each that the lists leave open."""
    if isinstance(connection.settings, FortnoxEngagement) and connection.settings.without_sub_ledger:
        raise NotPermitted("fortnox-without-sub-ledger", "attachments", detail="")
    return await sub_ledgers(_fortnox(connection, context), request, connection, context)


@hookimpl
async def export_terms(request: TermsRequest, connection: Connection, context: Context) -> ExportTerms:
    """Series, lock, accounts, objects: five lists and records, and a call for each manual series."""
    fortnox, in_text = _fortnox(connection, context), _marker_in_text(connection)
    try:
        return await terms(fortnox, request, connection, context, marker_in_text=in_text)
    except NotPermitted as error:
        raise error.of("export") from error


@hookimpl
async def export_voucher(request: ExportRequest, connection: Connection, context: Context) -> Outcome:
    """One voucher: one call."""
    return await book(_fortnox(connection, context), request, marker_in_text=_marker_in_text(connection))


@hookimpl
async def find_vouchers(request: FindRequest, connection: Connection, context: Context) -> FoundVouchers:
    """The series' list, a call for 500 vouchers, and one for each voucher that is asked for."""
    told = partial(context.progress, "look")
    try:
        return await find(_fortnox(connection, context), request, told)
    except NotPermitted as error:
        raise error.of("export") from error


def _marker_in_text(connection: Connection) -> bool:
    return isinstance(connection.settings, FortnoxEngagement) and connection.settings.marker_in_text


def _fortnox(connection: Connection, context: Context) -> FortnoxClient:
    return FortnoxClient(
        context.http,
        _installation(connection).api_address,
        told=lambda done, total: context.progress("fetch", done, total),
    )


def _installation(connection: Connection) -> FortnoxInstallation:
    if not isinstance(connection.installation, FortnoxInstallation):
        raise SettingsError({"client_id": "fortnox-not-set-up", "client_secret": "fortnox-not-set-up"})
    return connection.installation
