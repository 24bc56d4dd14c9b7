"""*Saldon* as a grid: one line per account, one column per month. Pure, over a trial balance by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl
from markupsafe import Markup

from closing_host.api.ledger import Ledger
from closing_host.ledgers.balances import trial_balance
from closing_host.locale import Words


@dataclass(frozen=True, slots=True)
class Line:
    """One account. Amounts in öre, debit positive; `changes` in the order of the grid's periods."""

    account: str
    name: str
    declared: bool
    opening: int
    changes: tuple[int, ...]
    closing: int

    @property
    def moves(self) -> bool:
        """Whether anything of it is not zero."""
        return bool(self.opening or self.closing or any(self.changes))


@dataclass(frozen=True, slots=True)
class Grid:
    """`periods`: YYYYMM of each column; None for amounts that belong to no period of the year. `total`: the sums."""

    periods: tuple[int | None, ...]
    lines: tuple[Line, ...]
    total: Line

    @property
    def size(self) -> int:
        """Bytes that it takes in memory, roughly."""
        return 40 * (len(self.lines) + 1) * (len(self.periods) + 6)


def grid_of(ledger: Ledger) -> Grid:
    """All accounts, declared or used, in order of account."""
    balances = trial_balance(ledger, by="month")
    periods = tuple(balances["period"].unique().sort(nulls_last=True).to_list())
    by_account = balances.group_by("account", maintain_order=True).agg(
        pl.col("name", "declared", "opening").first(), pl.col("period", "change"), pl.col("closing").last()
    )
    lines = [
        Line(account, name, declared, opening, _in_order(periods, own, changes), closing)
        for account, name, declared, opening, own, changes, closing in by_account.iter_rows()
    ]
    return Grid(periods, tuple(lines), _total(lines, len(periods)))


def line_of(ledger: Ledger, account: str) -> Line | None:
    """The account's line of the grid, without the others; None for one that the books neither declare nor use."""
    named = pl.col("account").fill_null("") == account
    # Stated balances stay whole: what one account lacks may be zero because others have it.
    own = replace(ledger, accounts=ledger.accounts.filter(named), rows=ledger.rows.filter(named))
    return next((each for each in grid_of(own).lines if each.account == account), None)


def cells(amounts: Iterable[int], words: Words) -> Markup:
    """Table cells of the amounts, zeros empty. Two thousand accounts over a year are 24,000 cells, for which a
    template takes three times as long; what an amount is written with needs no escaping."""
    return Markup("".join(f"<td>{words.amount(each)}</td>" if each else "<td></td>" for each in amounts))  # noqa: S704


def _in_order(periods: Sequence[int | None], own: Sequence[int | None], changes: Sequence[int]) -> tuple[int, ...]:
    """The account's changes by the grid's periods; most have all of them."""
    if len(own) == len(periods):
        return tuple(changes)
    stated = dict(zip(own, changes, strict=True))
    return tuple(stated.get(period, 0) for period in periods)


def _total(lines: Sequence[Line], width: int) -> Line:
    changes = tuple(sum(line.changes[place] for line in lines) for place in range(width))
    return Line("", "", True, sum(line.opening for line in lines), changes, sum(line.closing for line in lines))
