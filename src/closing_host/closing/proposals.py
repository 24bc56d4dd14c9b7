"""Closing entries that an attachment proposes: plain records, which a person accepts, changes or leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from closing_host.api.ledger import Ledger
from closing_host.api.vouchers import DraftRow
from closing_host.closing.control import control
from closing_host.ledgers.amounts import wide

FEARED_LOSS: Final = "6352"
WRITE_DOWN: Final = "1519"
CURRENCY_GAIN: Final = "3960"
CURRENCY_LOSS: Final = "7960"
RECLASSIFIED: Final = {"receivables": ("2420", "2490"), "payables": ("1680",)}
"""Where a reversed balance belongs (P 7.4.7); of several accounts the first that the company has."""
DORMANT_VAT: Final = {"receivables": "2618", "payables": "2648"}


@dataclass(frozen=True, slots=True)
class ProposedEntry:
    """A closing entry (V): `code` and `parameters` give its text, `rows` are öre, debit positive, and sum to 0.

    A row whose account is "" is for the user to choose. `reversed_next`: to be reversed on the first day of the next
    period (*Återförs nästa period*).
    """

    code: str
    rows: tuple[DraftRow, ...]
    parameters: Mapping[str, object] = field(default_factory=dict)
    reversed_next: bool = False

    def __post_init__(self) -> None:
        assert sum(row.amount for row in self.rows) == 0, "the entry does not balance"


def entry(code: str, rows: Sequence[DraftRow], *, reversed_next: bool = False) -> ProposedEntry | None:
    """The entry of those `rows` that move anything, None when none does."""
    moving = tuple(row for row in rows if row.amount)
    return ProposedEntry(code, moving, reversed_next=reversed_next) if moving else None


def declared(ledger: Ledger, accounts: Sequence[str]) -> str:
    """The first of `accounts` that the ledger declares, else the first."""
    known = set(ledger.accounts["account"])
    return next((account for account in accounts if account in known), accounts[0])


def balance(ledger: Ledger, account: str, as_at: date) -> int:
    """What `account` stands at in öre, so that nothing is proposed twice."""
    closing = control(ledger, [account]).balances(as_at)
    return int(closing["closing"][0])


def reclassification(account: str, counter: str, reversed_parties: pl.DataFrame, sign: int) -> ProposedEntry | None:
    """Move parties with a reversed balance from `account` to `counter`, a row for each (ÅRL 2:4, no offsetting)."""
    rows = [
        DraftRow(account, -sign * each["open"], text=each["party_name"])
        for each in reversed_parties.iter_rows(named=True)
    ]
    total = sum(row.amount for row in rows)
    return entry("attachment-entry-reversed", [*rows, DraftRow(counter, -total)], reversed_next=True)


def feared_losses(net: int, written_down: int) -> ProposedEntry | None:
    """Bring the write-down to `net` öre, which is without VAT; `written_down`: what 1519 stands at, credit negative."""
    amount = max(net + min(written_down, 0), 0)
    return entry("attachment-entry-feared", [DraftRow(FEARED_LOSS, amount), DraftRow(WRITE_DOWN, -amount)])


def closing_rate(account: str, valued: pl.DataFrame) -> ProposedEntry | None:
    """Book the unrealised gains and losses of `valued` (ÅRL 4:13)."""
    gains = int(valued.filter(pl.col("unrealised") > 0).select(wide("unrealised").sum()).item())
    losses = int(valued.filter(pl.col("unrealised") < 0).select(wide("unrealised").sum()).item())
    rows = [DraftRow(account, gains + losses), DraftRow(CURRENCY_GAIN, -gains), DraftRow(CURRENCY_LOSS, -losses)]
    return entry("attachment-entry-currency", rows, reversed_next=True)


def unpaid_with_cash_method(
    account: str, vat_account: str, difference: int, vat: int, vat_booked: int
) -> ProposedEntry | None:
    """Book all unpaid items at year end (BFL 5:2), less what is booked already.

    `difference` as in the reconciliation; `vat` the items' VAT and `vat_booked` the dormant account's balance, all in
    the ledger's sign. What remains is revenue or cost, on an account for the user to choose.
    """
    vat_row = -vat - vat_booked
    rows = [DraftRow(account, -difference), DraftRow(vat_account, vat_row), DraftRow("", difference - vat_row)]
    return entry("attachment-entry-cash-method", rows, reversed_next=True) if difference else None
