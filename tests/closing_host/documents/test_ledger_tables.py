from datetime import date

from closing_host.api.ledger import TABLES, Address, Company, FinancialYear, LedgerBuilder
from closing_host.documents import ledger_tables


def test_company_and_years_stand_before_the_ledgers_own_tables() -> None:
    company = Company(name="Exempel AB", organisation_number="556677-8899", address=Address(street="Gatan 1"))
    ledger = LedgerBuilder(company, [FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))]).build()
    tables = ledger_tables(ledger)
    assert tuple(tables) == ("company", "years", *TABLES)
    assert tables["company"].rows() == [
        ("name", "Exempel AB"),
        ("organisation number", "556677-8899"),
        ("address street", "Gatan 1"),
        ("currency", "SEK"),
        ("source size", "0"),
        ("source read before", "False"),
    ]
    assert tables["years"].rows() == [(0, date(2025, 1, 1), date(2025, 12, 31), "")]
