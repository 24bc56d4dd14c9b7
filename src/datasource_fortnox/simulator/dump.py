"""The whole ledger as plain data, for tests that compare it with what a client believes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from datasource_fortnox.simulator.company import Company
from datasource_fortnox.simulator.ledger import FinancialYear
from datasource_fortnox.simulator.subledger import SubLedger

__all__ = ["company_dump", "subledger_dump", "year_dump"]


def year_dump(year: FinancialYear) -> dict[str, Any]:
    """A year with accounts, series and vouchers; amounts are integer öre."""
    return {
        "id": year.id,
        "from": year.start.isoformat(),
        "to": year.end.isoformat(),
        "method": year.method,
        "accounts": [_plain(asdict(account)) for _, account in sorted(year.accounts.items())],
        "series": [asdict(series) for _, series in sorted(year.series.items())],
        "vouchers": [_plain(asdict(voucher)) for voucher in year.in_order()],
    }


def subledger_dump(ledger: SubLedger) -> dict[str, Any]:
    """Documents with their open SEK öre as of now, and payments."""
    documents = [
        {**_plain(asdict(document)), "total": document.total, "open": ledger.open(document)}
        for _, document in sorted(ledger.documents.items())
    ]
    return {"documents": documents, "payments": [_plain(asdict(p)) for _, p in sorted(ledger.payments.items())]}


def company_dump(company: Company, year: int | None = None) -> dict[str, Any]:
    """One company whole, or one of its years."""
    years = [found for key, found in sorted(company.years.items()) if year in {None, key}]
    return {
        "tenant": company.tenant,
        "name": company.name,
        "organisation_number": company.organisation_number,
        "locked_through": company.locked_through.isoformat() if company.locked_through else None,
        "not_held": company.not_held,
        "years": [year_dump(found) for found in years],
        "receivables": subledger_dump(company.receivables),
        "payables": subledger_dump(company.payables),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
