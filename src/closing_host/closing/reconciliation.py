"""The control accounts against the open items (P 7.4.6)."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from closing_host.api.subledger import Side
from closing_host.closing.control import Control
from closing_host.closing.linking import sign_of
from closing_host.ledgers.amounts import wide


@dataclass(frozen=True, slots=True, eq=False)
class Reconciliation:
    """Ledger and open items at one day's end. All öre; debit positive but for `open`.

    `accounts`: `account`, `name`, `opening`, `closing` of each control account; `ledger` is the sum of their closing
    balances (UB); `open` is Σ open, positive is what is owed; `reconciled` is the same in the ledger's sign, the
    *avstämningsbelopp*; `difference` = `ledger` - `reconciled`.
    """

    accounts: pl.DataFrame
    ledger: int
    open: int
    reconciled: int
    difference: int


def reconcile(control: Control, items: pl.DataFrame, side: Side, as_at: date) -> Reconciliation:
    """Set the balances at the end of `as_at` against `items`."""
    accounts = control.balances(as_at)
    ledger = int(accounts.select(wide("closing").sum()).item())
    total = int(items.select(wide("open").sum()).item())
    reconciled = sign_of(side) * total
    return Reconciliation(accounts, ledger, total, reconciled, ledger - reconciled)
