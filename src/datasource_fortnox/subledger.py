"""Receivables and payables from Fortnox, as facts: every document and payment that a financial year needs (F 6.5).

Fortnox knows what is open now and nothing of any other day. So documents and payments are delivered whole, with their
vouchers, and the host computes any day. What is asked, in which order and how often: docs/fortnox/attachments.md.
"""

from collections.abc import Mapping
from itertools import count
from typing import Final

from closing_host.api.context import AttachmentsRequest, Connection, Context
from closing_host.api.errors import DataError, PermissionMissing
from closing_host.api.subledger import Side, SubLedger
from datasource_fortnox.client import FortnoxClient
from datasource_fortnox.errors import NotPermitted
from datasource_fortnox.importing import all_years, connected_company
from datasource_fortnox.subledger_details import Details
from datasource_fortnox.subledger_lists import SIDES, Lists, SideCalls, read_lists, whole
from datasource_fortnox.subledger_side import SideMaker, Terms

_PREDEFINED: Final[Mapping[Side, str]] = {"receivables": "CUSTCLAIM", "payables": "SUPDEBT"}


async def sub_ledgers(
    fortnox: FortnoxClient, request: AttachmentsRequest, connection: Connection, context: Context
) -> dict[Side, SubLedger]:
    """Both sides, complete from the asked year's first day.

    Raises `WrongCompany` before anything is read; `PermissionMissing("attachments")`, whatever resource is closed;
    `DataError` for a year that Fortnox does not have, accounts that it does not state, and lists that never rest.
    """
    try:
        return await _sub_ledgers(fortnox, request, connection, context)
    except NotPermitted as error:
        raise NotPermitted(error.code, "attachments", detail=error.detail, **_others(error)) from error


async def _sub_ledgers(
    fortnox: FortnoxClient, request: AttachmentsRequest, connection: Connection, context: Context
) -> dict[Side, SubLedger]:
    await connected_company(fortnox, connection)
    found = await all_years(fortnox)
    asked = [year for year in found if (year.from_date, year.to_date) == (request.year.start, request.year.end)]
    if not asked:
        raise DataError("fortnox-year-unknown", start=request.year.start, end=request.year.end)
    accounts = await _control_accounts(fortnox, request)
    years = {year.id: year.from_date for year in found}
    later = tuple(year.id for year in found if year.to_date >= request.year.start)
    lists = await read_lists(fortnox, later, context.clock)
    _tell_of_strays(lists, context)
    numbers = count(1)

    def told() -> None:
        context.progress("fetch", next(numbers), None)

    cash = asked[0].accounting_method == "CASH"
    made = {}
    for side in SIDES:
        terms = Terms(request.year, request.through, accounts[side], years, frozenset(later), cash)
        made[side] = await SideMaker(Details(fortnox, SideCalls(fortnox, side), told), side, lists, terms).made()
    return made


def _tell_of_strays(lists: Lists, context: Context) -> None:
    """Payments without invoice reduce nothing; the host shows their vouchers as belonging to no document."""
    for side, read in lists.sides.items():
        stray = [each.number for each in read.payments.values() if each.document not in read.invoices]
        if stray:
            context.log.warning("%d payments of %s name no invoice: %s", len(stray), side, ", ".join(stray[:20]))


async def _control_accounts(fortnox: FortnoxClient, request: AttachmentsRequest) -> Mapping[Side, tuple[str, ...]]:
    """The user's choice, else what Fortnox books on by itself (F 5.5)."""
    chosen = {side: accounts for side, accounts in request.control_accounts.items() if accounts}
    missing = [side for side in SIDES if side not in chosen]
    if not missing:
        return chosen
    listing = whole(await fortnox.predefined_accounts(), "predefinedaccounts")
    stated = {each.name: each.account for each in listing}
    for side in missing:
        account = stated.get(_PREDEFINED[side])
        if account is None:
            raise DataError("fortnox-control-account-missing", name=_PREDEFINED[side])
        chosen[side] = (str(account),)
    return chosen


def _others(error: PermissionMissing) -> dict[str, object]:
    return {name: value for name, value in error.parameters.items() if name != "operation"}
