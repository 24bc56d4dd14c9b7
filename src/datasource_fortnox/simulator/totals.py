"""The third witness: balances per account, computed from the model alone (IB, UB, RES in öre)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from datasource_fortnox.simulator.ledger import FinancialYear

__all__ = ["Totals", "totals"]


@dataclass
class Totals:
    """Opening, closing and result amounts per account, and the number of vouchers and rows.

    ``rows`` counts booked rows; ``struck`` those removed by corrections, ``added`` those that corrections added.
    """

    opening: dict[int, int] = field(default_factory=dict)
    closing: dict[int, int] = field(default_factory=dict)
    result: dict[int, int] = field(default_factory=dict)
    vouchers: int = 0
    rows: int = 0
    struck: int = 0
    added: int = 0

    def as_dict(self) -> dict[str, Any]:
        """JSON form: ``IB``, ``UB`` and ``RES`` as objects from account number (text) to öre."""
        texts = {
            name: {f"{number:04d}": amount for number, amount in sorted(part.items())}
            for name, part in (("IB", self.opening), ("UB", self.closing), ("RES", self.result))
        }
        counts = {"vouchers": self.vouchers, "rows": self.rows, "struck": self.struck, "added": self.added}
        return {**texts, **counts}


def totals(year: FinancialYear) -> Totals:
    """All amounts of a year that are not zero, and accounts that have rows even where they end at zero."""
    found = Totals(vouchers=len(year.vouchers))
    for voucher in year.vouchers.values():
        for row in voucher.rows:
            found.struck += row.removed
            found.rows += not row.removed
            found.added += row.added and not row.removed
    moved = year.turnover() if year.stated is None else {}
    for number in sorted({*year.accounts, *moved, *(year.stated or ())}):
        account = year.accounts.get(number)
        opening = account.opening if account else 0
        closing = opening + moved.get(number, 0) if year.stated is None else year.stated.get(number, 0)
        balance_sheet = account.balance_sheet if account else number < 3000
        if opening:
            found.opening[number] = opening
        if balance_sheet and (closing or opening or number in moved):
            found.closing[number] = closing
        elif not balance_sheet and (closing - opening or number in moved):
            found.result[number] = closing - opening
    return found
