"""On which terms vouchers can be booked in one year: facts only, the host decides (P 7.6.3).

`1 + S + M + 1 + A + K + P` calls, and one or two more when changes are asked for: the company, pages of series, each
manual series by itself (only so does Fortnox state the next number, F 5.2), the lock, pages of accounts, cost centres
and projects. One more for a year whose books came from elsewhere.
"""

from datetime import datetime, timedelta
from typing import Final, TypeVar

from closing_host.api.context import Connection, Context, TermsRequest
from closing_host.api.errors import DataError
from closing_host.api.ledger import FinancialYear
from closing_host.api.vouchers import AccountTerms, ExportTerms, ObjectTerms, SeriesTerms
from datasource_fortnox import models
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.importing import connected_company
from datasource_fortnox.paging import Listing
from datasource_fortnox.posting_records import COMMENT_LIMIT, COST_CENTRE, PROJECT, text_limit
from datasource_fortnox.posting_years import year_id
from datasource_fortnox.swedish_time import from_on, only_from

T = TypeVar("T")

SKEW: Final = timedelta(minutes=10)
"""How far apart our clock and Fortnox's may be before a changed voucher is counted wrongly (F 3.4)."""


async def terms(
    fortnox: FortnoxClient, request: TermsRequest, connection: Connection, context: Context, *, marker_in_text: bool
) -> ExportTerms:
    """The facts as of now. Raises `WrongCompany`, and `DataError` when a list kept changing while it was read."""
    read_at = context.clock()
    company = await connected_company(fortnox, connection)
    year = await year_id(fortnox, request.year)
    return ExportTerms(
        account_id=company.source_id,
        organisation_number=company.organisation_number,
        year_start=request.year.start,
        year_end=request.year.end,
        series=await _series(fortnox, year),
        locked_through=(await fortnox.locked_period()).end_date,
        accounts=tuple(
            AccountTerms(str(each.number), each.description, each.active)
            for each in _whole(await fortnox.accounts(year), "accounts")
        ),
        objects=await _objects(fortnox, request.year),
        text_limit=text_limit(marker_in_text=marker_in_text),
        comment_limit=COMMENT_LIMIT,
        changed_vouchers=await _changed(fortnox, year, request.changed_since),
        read_at=read_at,
    )


async def _series(fortnox: FortnoxClient, year: int) -> tuple[SeriesTerms, ...]:
    found: list[SeriesTerms] = []
    for each in _whole(await fortnox.voucher_series(year), "voucherseries"):
        number = (await fortnox.series_with_next_number(year, each.code)).next_voucher_number if each.manual else None
        found.append(SeriesTerms(each.code, each.description, each.manual, number))
    return tuple(found)


async def _objects(fortnox: FortnoxClient, year: FinancialYear) -> tuple[ObjectTerms, ...]:
    centres = _whole(await fortnox.cost_centers(), "costcenters")
    projects = _whole(await fortnox.projects(), "projects")
    return (
        *(ObjectTerms(COST_CENTRE, each.code, each.description, each.active) for each in centres),
        *(ObjectTerms(PROJECT, each.project_number, each.description, _open(each, year)) for each in projects),
    )


def _open(project: models.Project, year: FinancialYear) -> bool:
    """Whether it may be booked on at all in the year: not completed, and some of its days are the year's (F 5.1)."""
    begun = project.start_date is None or project.start_date <= year.end
    ended = project.end_date is not None and project.end_date < year.start
    return begun and not ended and project.status != "COMPLETED"


async def _changed(fortnox: FortnoxClient, year: int, since: datetime | None) -> int | None:
    """How many vouchers changed since; None when all that did may have done so just before as well as after.

    Fortnox compares by its own clock, and in wall time.
    """
    if since is None:
        return None
    possible = await fortnox.voucher_count(year, modified_since=from_on(since - SKEW))
    if not possible:
        return possible
    return await fortnox.voucher_count(year, modified_since=only_from(since + SKEW)) or None


def _whole(listing: Listing[T], resource: str) -> tuple[T, ...]:
    if not listing.complete:
        raise DataError("fortnox-list-unstable", resource=resource)
    return listing.items
