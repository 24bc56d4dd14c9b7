"""An account's line by itself is the line of the grid."""

from datetime import date

from hypothesis import HealthCheck, given, settings

from closing_host.api.ledger import Company, FinancialYear, Ledger, LedgerBuilder
from closing_host.web.grid import grid_of, line_of
from ledger_strategies import ledgers


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ledgers())
def test_an_accounts_line_is_the_grids(ledger: Ledger) -> None:
    for line in grid_of(ledger).lines[:5]:
        alone = line_of(ledger, line.account)
        assert alone is not None
        assert (alone.name, alone.declared, alone.opening) == (line.name, line.declared, line.opening)
        assert (sum(alone.changes), alone.closing) == (sum(line.changes), line.closing)


def test_an_account_without_a_stated_closing_balance_closes_at_zero_alone_too() -> None:
    builder = LedgerBuilder(Company("Saldon AB"), [FinancialYear(0, date(2025, 1, 1), date(2025, 12, 31))])
    builder.add_balance("IB", "1930", 500)
    builder.add_balance("UB", "1510", 200)
    ledger = builder.build()
    alone = line_of(ledger, "1930")
    assert alone is not None
    assert (alone.opening, alone.closing) == (500, 0)
    assert line_of(ledger, "9999") is None
