"""Company information, settings, financial years and the locked period (F 5.3, 5.4, 5.6)."""

from __future__ import annotations

from typing import Any

from datasource_fortnox.simulator.errors import missing
from datasource_fortnox.simulator.exchange import Reply
from datasource_fortnox.simulator.ledger import FinancialYear
from datasource_fortnox.simulator.rest import API
from datasource_fortnox.simulator.rest.call import Call
from datasource_fortnox.simulator.rest.paging import listing

__all__ = ["company_information", "company_settings", "locked_period", "me", "year", "years"]


def company_information(call: Call) -> Reply:
    """``GET /companyinformation``: DatabaseNumber as a number (D/C)."""
    company = call.company
    content = {
        "Address": company.address,
        "City": company.city,
        "CompanyName": company.name,
        "CountryCode": "SE",
        "DatabaseNumber": company.tenant,
        "OrganizationNumber": company.organisation_number,
        "VisitAddress": "",
        "VisitCity": "",
        "VisitCountryCode": "SE",
        "VisitZipCode": "",
        "ZipCode": company.zip_code,
    }
    return Reply.json({"CompanyInformation": content})


def company_settings(call: Call) -> Reply:
    """``GET /settings/company``: DatabaseNumber as a text, as the specification says (D/C)."""
    company = call.company
    content = {
        "Address": company.address,
        "City": company.city,
        "DatabaseNumber": str(company.tenant),
        "Name": company.name,
        "OrganizationNumber": company.organisation_number,
        "ZipCode": company.zip_code,
    }
    return Reply.json({"CompanySettings": content})


def me(call: Call) -> Reply:
    """``GET /me``: the connected user."""
    user = call.world.oauth.users.get(call.token.user_id)
    content = {
        "Email": user.email if user else "",
        "Id": str(call.token.user_id),
        "Locale": "sv_SE",
        "Name": user.name if user else "",
        "SysAdmin": bool(user and user.companies.get(call.company.tenant)),
    }
    return Reply.json({"MeInformation": content})


def locked_period(call: Call) -> Reply:
    """``GET /settings/lockedperiod``: everything up to and including EndDate is locked (F 5.4)."""
    locked = call.company.locked_through
    if locked is None and call.switches.locked_period_empty == "absent":
        return Reply.json({"LockedPeriod": {}})
    return Reply.json({"LockedPeriod": {"EndDate": None if locked is None else locked.isoformat()}})


def years(call: Call) -> Reply:
    """``GET /financialyears``, with ``date`` a list of none or one (F 5.3)."""
    call.allow_list("date")
    day = call.day("date")
    found = [year for year in call.company.years.values() if day is None or day in year]
    sort = {"id": lambda y: y.id, "fromdate": lambda y: y.start, "todate": lambda y: y.end}
    return listing(call, "FinancialYears", found, _shape, sort)


def year(call: Call) -> Reply:
    """``GET /financialyears/{Id}``."""
    number = call.params["id"]
    found = call.company.years.get(int(number) if number.isdigit() else -1)
    if found is None:
        raise missing("financialyear", "räkenskapsåret")
    return Reply.json({"FinancialYear": _shape(found)})


def _shape(year: FinancialYear) -> dict[str, Any]:
    return {
        "@url": f"{API}/financialyears/{year.id}",
        "Id": year.id,
        "FromDate": year.start.isoformat(),
        "ToDate": year.end.isoformat(),
        "AccountChartType": year.chart,
        "AccountingMethod": year.method,
    }
