"""A builder for one company's year, to which each test adds what it is about."""

from collections.abc import Callable
from datetime import date

import pytest

from closing_host.api.ledger import Company, FinancialYear, LedgerBuilder

COMPANY = Company(name="Exempel AB", organisation_number="556677-8899")

NewBuilder = Callable[..., LedgerBuilder]


@pytest.fixture
def new_builder() -> NewBuilder:
    def make(
        start: date | None = date(2025, 1, 1),
        end: date | None = date(2025, 12, 31),
        *,
        company: Company = COMPANY,
        chart: bool = True,
    ) -> LedgerBuilder:
        years = [] if start is None or end is None else [FinancialYear(0, start, end)]
        builder = LedgerBuilder(company, years)
        if chart:
            builder.add_account("1510", "Kundfordringar", type="T")
            builder.add_account("1930", "Bank", type="T")
            builder.add_account("2099", "Årets resultat", type="S")
            builder.add_account("3010", "Försäljning", type="I")
        return builder

    return make
