"""What can be said of ledgers: balances, import controls, fingerprint, comparison.

Pure functions over the tables of `closing_host.api.ledger.Ledger`; no I/O.
"""

from closing_host.ledgers.balances import account_ledger, movements, opening_balances, trial_balance
from closing_host.ledgers.canonical import fingerprint, short_fingerprint
from closing_host.ledgers.comparison import Comparison, compare
from closing_host.ledgers.controls import CONTROLS, ControlResult, run_controls

__all__ = [
    "CONTROLS",
    "Comparison",
    "ControlResult",
    "account_ledger",
    "compare",
    "fingerprint",
    "movements",
    "opening_balances",
    "run_controls",
    "short_fingerprint",
    "trial_balance",
]
