"""One financial year from Fortnox: three calls, of which one is the year itself as SIE type 4 (F 4).

The books may change while they are read. The number of vouchers is asked for after the file, and when the two do not
agree both are read once more; what then still disagrees is told, or refused when the file's own sums show that
something is missing.
"""

import asyncio
from dataclasses import dataclass, replace
from typing import Any, Final

from closing_host import sie
from closing_host.api.context import Connection, Context, ImportRequest
from closing_host.api.errors import DataError, WrongCompany
from closing_host.api.ledger import Company, FinancialYear, Finding, Ledger
from datasource_fortnox import models
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.completeness import follows, require_whole
from datasource_fortnox.paging import Listing

_READINGS: Final = 2


@dataclass(frozen=True, slots=True)
class _Read:
    content: bytes
    ledger: Ledger
    expected: int | None

    @property
    def counted(self) -> bool:
        return self.expected in (None, self.ledger.vouchers.height)


async def years_of(fortnox: FortnoxClient, connection: Connection) -> tuple[Company, list[FinancialYear]]:
    """The connected company and its financial years, newest first; the newest has index 0."""
    company = await connected_company(fortnox, connection)
    found = sorted(await all_years(fortnox), key=lambda year: year.from_date, reverse=True)
    return company, [FinancialYear(-n, year.from_date, year.to_date, str(year.id)) for n, year in enumerate(found)]


async def import_year(
    fortnox: FortnoxClient, request: ImportRequest, connection: Connection, context: Context
) -> Ledger:
    """The asked year with what its file says of the year before; the file is kept as it came.

    Raises `WrongCompany` before anything is read when the login reaches another company, and `DataError` when the
    file is cut off, lacks vouchers, or is not that of the asked company and year.
    """
    if request.year is None:
        raise DataError("fortnox-year-not-asked")
    company = await connected_company(fortnox, connection)
    year = request.year if request.year.id else await _with_id(fortnox, request.year)
    for _ in range(_READINGS):
        read = await _read(fortnox, int(year.id), request.encoding, context)
        if read.counted:
            break
    ledger = read.ledger
    _require_year(ledger, year)
    _require_company(ledger, company)
    if not read.counted:
        place: dict[str, Any] = {"expected": read.expected, "found": ledger.vouchers.height, "year": year.id}
        if not follows(ledger):
            raise DataError("fortnox-sie-incomplete", **place)
        ledger = ledger.with_findings([Finding("fortnox-voucher-count", "warning", parameters=place)])
    context.keep(f"fortnox-{year.start:%Y%m%d}-{year.end:%Y%m%d}.se", read.content)
    years = tuple(replace(each, id=year.id) if each.index == 0 else each for each in ledger.years)
    return replace(ledger, company=_completed(ledger.company, company), years=years)


async def connected_company(fortnox: FortnoxClient, connection: Connection) -> Company:
    """The company that the token reaches. Raises `WrongCompany` when it is not the connected one (T A7)."""
    found = await fortnox.company_information()
    number = str(found.database_number)
    if connection.account is not None and connection.account.id != number:
        expected = connection.account
        raise WrongCompany(
            "fortnox-other-company", expected=expected.name, number=expected.id, found=found.company_name, other=number
        )
    return Company(found.company_name, found.organization_number, source_id=number)


async def all_years(fortnox: FortnoxClient) -> tuple[models.FinancialYear, ...]:
    """Every financial year. Raises `DataError` when the list changed each time that it was read."""
    listing: Listing[models.FinancialYear] = await fortnox.financial_years()
    if not listing.complete:
        raise DataError("fortnox-list-unstable", resource="financialyears")
    return listing.items


async def _with_id(fortnox: FortnoxClient, asked: FinancialYear) -> FinancialYear:
    for year in await all_years(fortnox):
        if (year.from_date, year.to_date) == (asked.start, asked.end):
            return replace(asked, id=str(year.id))
    raise DataError("fortnox-year-unknown", start=asked.start, end=asked.end)


async def _read(fortnox: FortnoxClient, year: int, encoding: str | None, context: Context) -> _Read:
    content = await fortnox.sie(year, received=lambda size: context.progress("fetch", size, None))
    require_whole(content)
    ledger = await asyncio.to_thread(
        sie.read, content, encoding=encoding, progress=lambda done, total: context.progress("read", done, total)
    )
    return _Read(content, ledger, await fortnox.voucher_count(year))


def _require_year(ledger: Ledger, asked: FinancialYear) -> None:
    got = ledger.year
    if got is None or (got.start, got.end) != (asked.start, asked.end):
        stated = f"{got.start}/{got.end}" if got else ""
        raise DataError("fortnox-other-year", asked=f"{asked.start}/{asked.end}", found=stated)


def _require_company(ledger: Ledger, company: Company) -> None:
    stated, own = _digits(ledger.company.organisation_number), _digits(company.organisation_number)
    if stated and own and stated != own:
        raise DataError(
            "fortnox-company-differs",
            file=ledger.company.organisation_number,
            source=company.organisation_number,
        )


def _completed(stated: Company, own: Company) -> Company:
    """The file's company, with name and number from the company information where the file has none (F 4.3)."""
    return replace(
        stated,
        name=stated.name or own.name,
        organisation_number=stated.organisation_number or own.organisation_number,
        source_id=stated.source_id or own.source_id,
    )


def _digits(number: str) -> str:
    digits = "".join(each for each in number if each.isdigit())
    return digits[2:] if len(digits) == 12 else digits
