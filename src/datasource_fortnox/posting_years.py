"""Which of Fortnox's years is meant: always stated, because without one some user's choice decides (F 5.1 rule 4)."""

from datetime import date

from closing_host.api.errors import DataError
from closing_host.api.ledger import FinancialYear
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import AnswerWrong
from datasource_fortnox.importing import all_years


async def year_id(fortnox: FortnoxClient, year: FinancialYear) -> int:
    """Fortnox's id of `year`: as imported, or looked up by its days when the books came from elsewhere (one call).

    Raises `DataError` `fortnox-year-unknown`.
    """
    if year.id.isascii() and year.id.isdigit():
        return int(year.id)
    for each in await all_years(fortnox):
        if (each.from_date, each.to_date) == (year.start, year.end):
            return each.id
    raise DataError("fortnox-year-unknown", start=year.start, end=year.end)


async def start_of(fortnox: FortnoxClient, stated: int, asked: int, year: FinancialYear) -> date:
    """The first day of the year that an answer states: `year`'s own, or looked up when it is another (one call).

    Raises `AnswerWrong` for a year that is not there.
    """
    if stated == asked:
        return year.start
    for each in await all_years(fortnox):
        if each.id == stated:
            return each.from_date
    raise AnswerWrong(resource="vouchers", record="", field="Year", reason=f"no financial year {stated}")
