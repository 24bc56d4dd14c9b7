"""An entry from a reconciliation difference (*avstämningsdifferens*), and its counter account (P 7.5.2, 1.2)."""

from collections.abc import Iterable, Mapping
from typing import Final

from closing_host.api.errors import DataError
from closing_host.api.vouchers import DraftRow
from closing_host.closing.entries import ClosingEntry, Status

USUAL_COUNTER_ACCOUNTS: Final[Mapping[str, str]] = {
    "1400": "4900",
    "1720": "5615",
    "2513": "5191",
    "2514": "7530",
    "2515": "7550",
    "2910": "7010",
    "2920": "7090",
}
"""Account to counter account (P 1.2), where the company has not chosen another."""


def difference_rows(account: str, balance: int, reconciled: int, counter: str) -> tuple[DraftRow, ...]:
    """Rows after which `account` stands at `reconciled`. All öre in the ledger's sign.

    `balance` is its closing balance with all entries that count. Raises `DataError` `entry-no-difference`.
    """
    difference = balance - reconciled
    if not difference:
        raise DataError("entry-no-difference", account=account)
    return DraftRow(account, -difference), DraftRow(counter, difference)


def counter_account(account: str, entries: Iterable[ClosingEntry], known: Mapping[str, str]) -> str | None:
    """The counter account to propose for `account`: the one last used with it, else the usual one, else None.

    `entries`: the company's, of all years, of which the newest entry by hand or from a difference that has exactly one
    other account decides. Only accounts in `known` are proposed.
    """
    for entry in sorted(entries, key=lambda each: each.id, reverse=True):
        others = {row.account for row in entry.content.rows} - {account}
        uses = any(row.account == account for row in entry.content.rows)
        chosen = entry.origin.kind in ("hand", "difference") and entry.status is not Status.DELETED
        if chosen and uses and len(others) == 1 and (other := others.pop()) in known:
            return other
    usual = USUAL_COUNTER_ACCOUNTS.get(account)
    return usual if usual in known else None
